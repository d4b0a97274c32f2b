use super::*;
use seedband_core::files::curve::{Evaluation, Metrics};
use seedband_core::protocol::{Ready, to_line};
use seedband_core::range_test::{Growth, Smoothing, SmoothingKind, Stop};
use seedband_core::recipe::Recipe;
use seedband_core::settings::Validation;
use seedband_core::train::{Policy, StartWeights, TrainPlan};
use seedband_core::trial::TrialId;

fn train() -> Train {
    let mut recipe = Recipe::default();
    recipe.schedule.steps = 3;
    let smoothing = Smoothing {
        kind: SmoothingKind::None,
        ..Smoothing::default()
    };
    Train::new(
        Trial::new("a", 0, &recipe),
        vec![EarlyStop {
            smoothing,
            stop: Stop::default(),
        }],
    )
}

fn started(steps: u32) -> Event {
    Event::Started(Started {
        trial: train().trial.id,
        steps,
        parameters: None,
        batch_size: None,
        data: None,
        epoch: None,
        weights: None,
        files: Vec::new(),
    })
}

/// The planned learning rate of a step; of one that is not planned, that of the last.
fn rate(step: u32) -> f64 {
    let rates = train().trial.recipe.schedule.used();
    rates[(step as usize).min(rates.len() - 1)]
}

fn step(step: u32, loss: f64) -> Event {
    step_at(step, rate(step), loss)
}

fn step_done(step: u32, lr: f64, loss: f64) -> StepDone {
    StepDone {
        trial: train().trial.id,
        step,
        lr,
        loss,
        validation: None,
        metrics: Metrics::default(),
    }
}

fn step_at(step: u32, lr: f64, loss: f64) -> Event {
    Event::Step(step_done(step, lr, loss))
}

fn validated(number: u32, loss: f64, accuracy: f64) -> Event {
    Event::Step(StepDone {
        validation: Some(Evaluation {
            loss,
            accuracy: Some(accuracy),
        }),
        ..step_done(number, rate(number), 1.0)
    })
}

fn finished(end: End, steps: u32) -> Event {
    Event::Finished(Finished {
        trial: train().trial.id,
        end,
        steps,
    })
}

/// What the last of these events means.
fn last(events: &[Event]) -> Result<WorkerMessage, Failure> {
    let mut protocol = TrialProtocol::new(&train());
    let mut received = Err(Failure::protocol("nothing"));
    for event in events {
        received = protocol.receive(to_line(event).trim_end().as_bytes());
        if received.is_err() {
            break;
        }
    }
    received
}

#[test]
fn the_three_ends() {
    let curve = |events: &[Event]| match last(events) {
        Ok(WorkerMessage::Finished(curve)) => (curve.end, curve.losses().len()),
        other => panic!("{other:?}"),
    };
    let all = [
        started(3),
        step(0, 1.0),
        step(1, 1.0),
        step(2, 9.0),
        finished(End::Completed, 3),
    ];
    assert_eq!(curve(&all), (End::Completed, 3));
    assert_eq!(
        curve(&[started(3), step(0, 1.0), step(1, 9.0), finished(End::StoppedEarly, 2)]),
        (End::StoppedEarly, 2)
    );
    assert_eq!(
        curve(&[started(3), step(0, 1.0), step(1, f64::NAN), finished(End::NonFinite, 2)]),
        (End::NonFinite, 2)
    );
}

#[test]
fn a_loss_that_is_not_finite_from_the_start_is_no_curve() {
    let expected = Failure {
        class: FailureClass::NonFiniteStart,
        message: "the first loss, before any update, is inf".into(),
    };
    let received = last(&[started(3), step(0, f64::INFINITY), finished(End::NonFinite, 1)]);
    assert_eq!(received, Ok(WorkerMessage::Failed(expected)));
}

#[test]
fn a_failure_may_come_at_any_time() {
    let failed = Event::Failed(seedband_core::protocol::Failed {
        trial: train().trial.id,
        class: FailureClass::OutOfMemory,
        message: "two\nlines".into(),
    });
    let expected = WorkerMessage::Failed(Failure {
        class: FailureClass::OutOfMemory,
        message: "two; lines".into(),
    });
    assert_eq!(last(std::slice::from_ref(&failed)), Ok(expected));
    assert!(matches!(
        last(&[started(3), step(0, 1.0), failed]),
        Ok(WorkerMessage::Failed(_))
    ));
}

#[test]
fn what_is_not_allowed_is_named() {
    let ready = Event::Ready(Ready {
        one_trial: false,
        protocol: 1,
        worker: "w".into(),
        device: "cpu".into(),
        libraries: vec![],
    });
    let stranger = Event::Step(StepDone {
        trial: TrialId::from("other".to_owned()),
        ..step_done(0, 0.1, 1.0)
    });
    let nan = f64::NAN;
    let cases: [(&[Event], &str); 15] = [
        (&[ready], "`ready` in the middle"),
        (&[step(0, 1.0)], "did not say `started`"),
        (&[finished(End::Completed, 0)], "did not say `started`"),
        (&[started(3), started(3)], "twice"),
        (&[started(4)], "plans 4 steps where the study has 3"),
        (&[started(3), stranger], "trial `other`"),
        (&[started(3), step(1, 1.0)], "step 1 where step 0"),
        (&[started(3), validated(0, 1.0, 1.1)], "accuracy of `1.1`"),
        (&[started(3), validated(0, 1.0, -0.1)], "accuracy of `-0.1`"),
        (
            &[started(3), step(0, 1.0), step(1, 1.0), step(2, 1.0), step(3, 1.0)],
            "more than the 3 steps",
        ),
        (
            &[started(3), step(0, nan), step(1, 1.0)],
            "after a loss that is not finite",
        ),
        (
            &[started(3), step(0, 1.0), finished(End::Completed, 2)],
            "counts 2 steps, it sent 1",
        ),
        (
            &[started(3), step(0, nan), finished(End::Completed, 1)],
            "does not fit the last loss",
        ),
        (
            &[started(3), step(0, 1.0), finished(End::Completed, 1)],
            "after 1 of 3 steps",
        ),
        (
            &[started(3), step(0, 1.0), step(1, 2.0), finished(End::StoppedEarly, 2)],
            "before every stop rule had fired",
        ),
    ];
    for (events, expected) in cases {
        let failure = last(events).unwrap_err();
        assert_eq!(failure.class, FailureClass::Protocol);
        assert!(failure.message.contains(expected), "{}", failure.message);
    }
}

/// A trainer that does not follow the schedule would have its losses filed under rates that it never used.
#[test]
fn a_rate_that_is_not_the_planned_one_is_named() {
    let planned = rate(1);
    let said = |lr| last(&[started(3), step(0, 1.0), step_at(1, lr, 1.0)]);
    let six_digits: f64 = format!("{planned:.5e}").parse().unwrap();
    assert_ne!(six_digits.to_bits(), planned.to_bits());
    for lr in [planned, f64::from(planned as f32), six_digits] {
        assert!(
            matches!(said(lr), Ok(WorkerMessage::Step(step)) if step.lr.to_bits() == lr.to_bits()),
            "{lr}"
        );
    }
    for lr in [rate(0), rate(2), 1.001 * planned, 0.1, 0.0, -planned] {
        let failure = said(lr).unwrap_err();
        assert_eq!(failure.class, FailureClass::Protocol);
        let expected = format!("step 1 with a learning rate of {lr:e} where {planned:e} is planned");
        assert!(failure.message.contains(&expected), "{}", failure.message);
    }
}

#[test]
fn a_rate_of_zero_is_zero_but_for_rounding() {
    let mut train = train();
    let schedule = &mut train.trial.recipe.schedule;
    (schedule.kind, schedule.start) = (Growth::Linear, 0.0);
    for (lr, is_planned) in [(0.0, true), (1e-17, true), (1e-12, false)] {
        let mut protocol = TrialProtocol::new(&train);
        let received = [started(3), step_at(0, lr, 1.0)].map(|event| protocol.receive(to_line(&event).as_bytes()));
        assert_eq!(received[1].is_ok(), is_planned, "{lr}: {received:?}");
    }
}

#[test]
fn a_validation_is_passed_on_and_missed() {
    let mut train = train();
    train.trial.recipe.validation.every = 2;
    let receive = |events: &[Event]| {
        let mut protocol = TrialProtocol::new(&train);
        let received = events
            .iter()
            .map(|event| protocol.receive(to_line(event).trim_end().as_bytes()));
        received.last().unwrap()
    };
    let whole = [
        started(3),
        step(0, 1.0),
        validated(1, f64::INFINITY, 0.25),
        validated(2, 2.0, 1.0),
        finished(End::Completed, 3),
    ];
    let Ok(WorkerMessage::Finished(curve)) = receive(&whole) else {
        panic!("{:?}", receive(&whole))
    };
    let evaluations: Vec<_> = curve.steps.iter().map(|step| step.validation).collect();
    let evaluation = |loss, accuracy| {
        Some(Evaluation {
            loss,
            accuracy: Some(accuracy),
        })
    };
    assert_eq!(
        evaluations,
        [None, evaluation(f64::INFINITY, 0.25), evaluation(2.0, 1.0)]
    );
    let missed = |events: &[Event], step: u32| {
        let expected = format!("no validation after step {step}, and the study has `validation.every = 2`");
        let failure = receive(events).unwrap_err();
        assert!(failure.message.contains(&expected), "{}", failure.message);
    };
    missed(&[started(3), step(0, 1.0), step(1, 1.0), step(2, 1.0)], 1);
    missed(
        &[
            started(3),
            step(0, 1.0),
            validated(1, 1.0, 0.5),
            step(2, 1.0),
            finished(End::Completed, 3),
        ],
        2,
    );
    // A step that ends training early has no update, so nothing to evaluate.
    let ended = [started(3), step(0, 1.0), step(1, f64::NAN), finished(End::NonFinite, 2)];
    assert!(receive(&ended).is_ok());
}

/// Two epochs of two steps.
fn trained(events: &[Event]) -> Result<WorkerMessage, Failure> {
    let range_test = train().trial;
    let plan = TrainPlan {
        name: "train".into(),
        range_test: range_test.id.clone(),
        epochs: Some(2),
        steps: None,
        lr: 0.1,
        floor: None,
        policy: Policy::default(),
        weights: StartWeights::Same,
        validation: Validation::default(),
    };
    let train = Train {
        trial: Trial::of_training(range_test, plan),
        ..train()
    };
    let mut protocol = TrialProtocol::new(&train);
    let of_training = |event: &Event| {
        let mut event = event.clone();
        if let Event::Step(step) = &mut event {
            step.lr = 0.1;
        }
        to_line(&event).replace(self::train().trial.id.as_str(), train.trial.id.as_str())
    };
    let received = events
        .iter()
        .map(|event| protocol.receive(of_training(event).trim_end().as_bytes()));
    received.last().unwrap()
}

#[test]
fn a_training_is_as_long_as_the_worker_says_its_epochs_are() {
    let started = |steps, epoch| match started(steps) {
        Event::Started(started) => Event::Started(Started { epoch, ..started }),
        other => other,
    };
    let message = |events: &[Event]| trained(events).unwrap_err().message;
    assert!(message(&[started(4, None)]).contains("how many steps an epoch has"));
    assert!(message(&[started(4, Some(0))]).contains("an epoch has no step"));
    assert!(message(&[started(4, Some(3))]).contains("plans 4 steps where the study has 6"));
    let both = [
        step(0, 1.0),
        validated(1, 1.0, 0.5),
        step(2, 1.0),
        validated(3, 1.0, 0.5),
    ];
    let whole = |steps: &[Event]| [&[started(4, Some(2))][..], steps, &[finished(End::Completed, 4)]].concat();
    assert!(matches!(trained(&whole(&both)), Ok(WorkerMessage::Finished(_))));
    let missed = [step(0, 1.0), validated(1, 1.0, 0.5), step(2, 1.0), step(3, 1.0)];
    assert!(message(&whole(&missed)).contains("no validation after step 3, and a training has one after each epoch"));
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_answered(line in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
        let received = TrialProtocol::new(&train()).receive(&line);
        proptest::prop_assert!(received.is_err());
    }
}

#[test]
fn metrics_stand_in_the_curve() {
    let metrics = Metrics::new([("accuracy".to_owned(), 0.5)].into()).unwrap();
    let told = Event::Step(StepDone {
        metrics: metrics.clone(),
        ..step_done(1, rate(1), 1.0)
    });
    let whole = [
        started(3),
        step(0, 1.0),
        told,
        step(2, 1.0),
        finished(End::Completed, 3),
    ];
    let Ok(WorkerMessage::Finished(curve)) = last(&whole) else {
        panic!("{:?}", last(&whole))
    };
    let found: Vec<Metrics> = curve.steps.into_iter().map(|step| step.metrics).collect();
    assert_eq!(found, [Metrics::default(), metrics, Metrics::default()]);
}

#[test]
fn metrics_without_a_name_are_no_event() {
    let mut protocol = TrialProtocol::new(&train());
    protocol.receive(to_line(&started(3)).as_bytes()).unwrap();
    let line = to_line(&step(0, 1.0)).replace("\"loss\":1.0", "\"loss\":1.0,\"metrics\":{\"\":1.0}");
    let failure = protocol.receive(line.as_bytes()).unwrap_err();
    assert_eq!(failure.class, FailureClass::Protocol);
    assert!(
        failure.message.contains("is no name of a metric"),
        "{}",
        failure.message
    );
}
