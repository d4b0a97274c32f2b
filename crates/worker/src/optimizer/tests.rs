use super::*;
use crate::layers::Builder;
use seedband_core::settings::Group;

/// `a.weight` and `b.weight`.
fn specs() -> Vec<Spec> {
    let mut builder = Builder::default();
    builder.conv("a", 1, 1, 1, 1);
    builder.conv("b", 1, 1, 1, 1);
    builder.finish()
}

/// Three steps from w = (1, -2) with fixed gradients and learning rates.
fn walked(settings: &Settings) -> [f64; 2] {
    // Two parameters, so that the norm to clip is global.
    let mut parameters = [Tensor::from_slice(&[1.0_f64]), Tensor::from_slice(&[-2.0_f64])];
    let mut optimizer = Optimizer::new(settings, &specs()).unwrap();
    for (gradient, lr) in [([0.5_f64, 1.0], 0.1), ([-0.25, 2.0], 0.2), ([1.0, 1.0], 0.05)] {
        let gradients = gradient.map(|value| Tensor::from_slice(&[value]));
        // What is picked among parameters is picked among their gradients.
        let trained = optimizer.trained(&gradients).into_iter().map(Tensor::shallow_clone);
        let gradients = trained.collect();
        optimizer.step(&mut parameters, gradients, lr).unwrap();
    }
    parameters.each_ref().map(|parameter| parameter.double_value(&[0]))
}

fn check(settings: &Settings, expected: [f64; 2]) {
    let walked = walked(settings);
    // Some ten roundings of numbers near 1 to 3.
    assert!(
        walked
            .iter()
            .zip(expected)
            .all(|(value, expected)| (value - expected).abs() < 1e-14),
        "{settings:?}: {walked:?}"
    );
}

// The expected values come from the update rules on the documentation pages of `torch.optim.SGD`, `Adam` and `AdamW`,
// computed in Python floats apart from this crate; those of the first two were checked by hand.

#[test]
fn sgd() {
    let base = Settings {
        momentum: Some(0.0),
        ..Settings::default()
    };
    check(&base, [0.95, -2.55]);
    let momentum = Settings {
        momentum: Some(0.9),
        ..base.clone()
    };
    check(&momentum, [0.851, -2.8605]);
    check(
        &Settings {
            nesterov: Some(true),
            ..momentum.clone()
        },
        [0.8159, -3.324_45],
    );
    let decay = Settings {
        weight_decay: Some(0.1),
        ..momentum
    };
    check(&decay, [0.791_604, -2.732_528]);
    let decoupled = Settings {
        weight_decay_mode: Some(DecayMode::Decoupled),
        nesterov: Some(true),
        ..decay.clone()
    };
    check(&decoupled, [0.783_544_5, -3.245_807]);
    check(
        &Settings {
            clip_norm: Some(1.0),
            ..base
        },
        [0.944_730_301_000_778_8, -2.323_253_430_040_652],
    );
    // Clipping comes before the decay.
    check(
        &Settings {
            clip_norm: Some(1.0),
            ..decay
        },
        [0.792_228_615_677_914_6, -2.438_568_056_828_722_7],
    );
}

#[test]
fn adam() {
    let adam = Settings {
        algorithm: Algorithm::Adam,
        ..Settings::default()
    };
    check(&adam, [0.813_827_015_900_314_5, -2.340_133_371_116_501_3]);
    check(
        &Settings {
            weight_decay: Some(0.1),
            ..adam
        },
        [0.772_415_327_862_489, -2.336_504_275_521_615],
    );
}

#[test]
fn adamw() {
    let adamw = Settings {
        algorithm: Algorithm::Adamw,
        ..Settings::default()
    };
    check(&adamw, [0.810_607_048_598_608_7, -2.332_793_950_917_029]);
    let other = Settings {
        betas: Some([0.8, 0.9]),
        eps: Some(1e-3),
        weight_decay: Some(0.5),
        clip_norm: Some(1.0),
        ..adamw
    };
    check(&other, [0.630_739_249_833_472_7, -1.999_008_641_924_293]);
}

fn with_group(settings: &Settings, multiplier: f64) -> Settings {
    let group = Group {
        parameters: vec!["b.*".into()],
        lr_multiplier: Some(multiplier),
        freeze: false,
    };
    Settings {
        group: vec![group],
        ..settings.clone()
    }
}

/// With the first parameter alone, clipping sees the norm of its gradient: 0.5 and 0.25 stay, 1 becomes 1 / (1 + 1e-6).
#[test]
fn a_frozen_parameter_stays_and_has_no_part_in_the_others() {
    let sgd = Settings {
        momentum: Some(0.9),
        weight_decay: Some(0.1),
        ..Settings::default()
    };
    check(&with_group(&sgd, 0.0), [0.791_604, -2.0]);
    let decoupled = Settings {
        weight_decay_mode: Some(DecayMode::Decoupled),
        nesterov: Some(true),
        ..sgd
    };
    check(&with_group(&decoupled, 0.0), [0.783_544_5, -2.0]);
    let adam = Settings {
        algorithm: Algorithm::Adam,
        ..Settings::default()
    };
    check(&with_group(&adam, 0.0), [0.813_827_015_900_314_5, -2.0]);
    let clipped = Settings {
        momentum: Some(0.0),
        clip_norm: Some(1.0),
        ..Settings::default()
    };
    check(
        &with_group(&clipped, 0.0),
        [1.0 - 0.05 + 0.05 - 0.05 / (1.0 + 1e-6), -2.0],
    );
}

/// By hand: without momentum the second parameter goes 3 (0.1 + 0.4 + 0.05) the way it went once; decoupled, each step
/// first takes a tenth of its own rate: -2 (1 - 0.03) - 0.3 = -2.24, -2.24 (1 - 0.06) - 1.2 = -3.3056, -3.3056 (1 -
/// 0.015) - 0.15 = -3.406016.
#[test]
fn a_multiplier_is_a_learning_rate_of_its_own() {
    let plain = Settings {
        momentum: Some(0.0),
        ..Settings::default()
    };
    check(&with_group(&plain, 3.0), [0.95, -2.0 - 3.0 * 0.55]);
    let decoupled = Settings {
        weight_decay: Some(0.1),
        weight_decay_mode: Some(DecayMode::Decoupled),
        ..plain
    };
    let [_, moved] = walked(&with_group(&decoupled, 3.0));
    assert!((moved + 3.406_016).abs() < 1e-14, "{moved}");
    // Adam's step is a multiple of the rate: without decay the way is that many times as long.
    let adam = Settings {
        algorithm: Algorithm::Adam,
        ..Settings::default()
    };
    let way = |settings: &Settings| walked(settings)[1] + 2.0;
    assert!((way(&with_group(&adam, 3.0)) - 3.0 * way(&adam)).abs() < 1e-14);
}
