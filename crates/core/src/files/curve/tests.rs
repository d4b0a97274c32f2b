use super::*;
use proptest::num::f64::{INFINITE, NORMAL};
use proptest::prelude::*;

fn curve(losses: &[f64], end: End) -> Curve {
    let steps = losses
        .iter()
        .zip(0..)
        .map(|(&loss, step)| Step::new(step, 1e-7, loss))
        .collect();
    Curve { steps, end }
}

#[test]
fn text_is_stable() {
    let text = curve(&[0.1 + 0.2, f64::INFINITY], End::NonFinite).to_jsonl();
    assert_eq!(
        text,
        "{\"step\":0,\"lr\":1e-7,\"loss\":0.30000000000000004}\n\
         {\"step\":1,\"lr\":1e-7,\"loss\":\"Infinity\"}\n\
         {\"end\":\"non-finite\",\"steps\":2}\n"
    );
}

#[test]
fn validation_follows_the_loss() {
    let mut curve = curve(&[2.5, 2.25], End::Completed);
    curve.steps[0].validation = Some(Evaluation {
        loss: f64::NAN,
        accuracy: Some(0.1),
    });
    let text = curve.to_jsonl();
    assert_eq!(
        text,
        "{\"step\":0,\"lr\":1e-7,\"loss\":2.5,\"validation-loss\":\"NaN\",\"validation-accuracy\":0.1}\n\
         {\"step\":1,\"lr\":1e-7,\"loss\":2.25}\n\
         {\"end\":\"completed\",\"steps\":2}\n"
    );
    assert_eq!(Curve::parse(&text).unwrap().to_jsonl(), text);
}

#[test]
fn metrics_are_the_last_of_a_step_and_stand_by_name() {
    let mut curve = curve(&[2.5, 2.25], End::Completed);
    curve.steps[0].validation = Some(Evaluation {
        loss: 2.0,
        accuracy: None,
    });
    let metrics = [("grad norm".to_owned(), f64::INFINITY), ("accuracy".to_owned(), 0.5)];
    curve.steps[1].metrics = Metrics::new(metrics.into()).unwrap();
    let text = curve.to_jsonl();
    assert_eq!(
        text,
        "{\"step\":0,\"lr\":1e-7,\"loss\":2.5,\"validation-loss\":2.0}\n\
         {\"step\":1,\"lr\":1e-7,\"loss\":2.25,\"metrics\":{\"accuracy\":0.5,\"grad norm\":\"Infinity\"}}\n\
         {\"end\":\"completed\",\"steps\":2}\n"
    );
    assert_eq!(Curve::parse(&text).unwrap().to_jsonl(), text);
}

#[test]
fn cut_at_every_byte_is_an_error_and_never_a_shorter_curve() {
    let text = curve(&[2.5, 2.25, 2.0], End::Completed).to_jsonl();
    for length in 0..text.len() - 1 {
        assert!(Curve::parse(&text[..length]).is_err(), "{length}");
    }
    // Without its last newline the last line is still whole.
    assert!(Curve::parse(text.trim_end()).is_ok());
}

#[test]
fn refuses_gaps_and_contradictions() {
    for text in [
        "{\"step\":1,\"lr\":1.0,\"loss\":1.0}\n{\"end\":\"completed\",\"steps\":1}",
        "{\"step\":0,\"lr\":1.0,\"loss\":1.0}\n{\"end\":\"completed\",\"steps\":2}",
        "{\"step\":0,\"lr\":1.0,\"loss\":\"NaN\"}\n{\"end\":\"completed\",\"steps\":1}",
        "{\"end\":\"completed\",\"steps\":0}\n{\"end\":\"completed\",\"steps\":0}",
        "{\"step\":0,\"lr\":1.0,\"loss\":1.0,\"metrics\":{\"a\":1.0,\"\":1.0}}\n{\"end\":\"completed\",\"steps\":1}",
        "{\"step\":0,\"lr\":1.0,\"loss\":1.0,\"metrics\":{\"a\":\"high\"}}\n{\"end\":\"completed\",\"steps\":1}",
        "{\"step\":0,\"lr\":1.0,\"loss\":1.0,\"validation-accuracy\":0.5}\n{\"end\":\"completed\",\"steps\":1}",
        "{\"step\":0,\"lr\":1.0,\"loss\":1.0,\"validation-loss\":1.0,\"validation-accuracy\":1.5}\n\
         {\"end\":\"completed\",\"steps\":1}",
    ] {
        assert!(matches!(Curve::parse(text), Err(CurveError::Line { .. })), "{text}");
    }
}

proptest! {
    #[test]
    fn round_trips(
        steps in proptest::collection::vec(
            (
                NORMAL,
                proptest::option::of((NORMAL | INFINITE, proptest::option::of(0.0..=1.0))),
                proptest::collection::btree_map("[!-~][ -~]{0,63}", NORMAL | INFINITE, 0..4),
            ),
            0..50,
        ),
    ) {
        let losses: Vec<f64> = steps.iter().map(|(loss, ..)| *loss).collect();
        let mut written = curve(&losses, End::Completed);
        for (step, (_, validation, metrics)) in written.steps.iter_mut().zip(steps) {
            step.validation = validation.map(|(loss, accuracy)| Evaluation { loss, accuracy });
            step.metrics = Metrics::new(metrics).unwrap();
        }
        prop_assert_eq!(Curve::parse(&written.to_jsonl()).unwrap(), written);
    }

    #[test]
    fn any_text_is_answered(text in ".{0,200}") {
        let _ = Curve::parse(&text);
    }
}
