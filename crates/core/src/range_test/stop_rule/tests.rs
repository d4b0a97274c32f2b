use super::*;

fn first(stop: &Stop, losses: &[f64]) -> Option<usize> {
    stop.first_stop(losses, losses)
}

#[test]
fn four_times_the_best_is_not_enough() {
    let stop = Stop::default();
    assert_eq!(first(&stop, &[2.0, 1.0, 4.0, 4.1]), Some(3));
    assert_eq!(first(&stop, &[2.0, 1.0, 4.0]), None);
    assert_eq!(first(&stop, &[]), None);
}

#[test]
fn nan_fires_or_is_passed_over() {
    let tolerant = Stop {
        nan_fires: Some(false),
        ..Stop::default()
    };
    assert_eq!(first(&Stop::default(), &[1.0, f64::NAN, 9.0]), Some(1));
    assert_eq!(first(&tolerant, &[1.0, f64::NAN, 9.0]), Some(2));
    // The first loss is the best, so a NaN there leaves nothing to compare with; infinity does not.
    assert_eq!(first(&tolerant, &[f64::NAN, 1.0, 9.0]), None);
    let patient = Stop {
        best_from: Some(BestFrom::Infinity),
        ..tolerant
    };
    assert_eq!(first(&patient, &[f64::NAN, 1.0, 9.0]), Some(2));
}

/// A negative best: four times it lies below it, so the loss itself is already above the limit.
#[test]
fn negative_losses_fire_at_once_when_the_best_is_updated_first() {
    assert_eq!(first(&Stop::default(), &[-1.0, -1.0]), Some(0));
    let after = Stop {
        best_update: Some(BestUpdate::After),
        first_step: Some(1),
        ..Stop::default()
    };
    assert_eq!(first(&after, &[-1.0, -5.0, -5.0]), Some(2));
}

#[test]
fn a_late_first_step_and_a_best_from_a_number() {
    let stop = Stop {
        signal: Some(Signal::Raw),
        best_update: Some(BestUpdate::After),
        best_from: Some(BestFrom::Value),
        best_value: Some(1e9),
        first_step: Some(3),
        ..Stop::default()
    };
    assert_eq!(stop.validate(), Ok(()));
    assert_eq!(first(&stop, &[1.0, 9.0, 9.0, 2.0, 9.0]), Some(4));
    assert_eq!(stop.first_stop(&[1.0, 1.0, 1.0, 9.0], &[1.0; 4]), Some(3));
    assert_eq!(first(&stop, &[5e9]), None);
}

#[test]
fn never_is_never() {
    let never = Stop {
        kind: StopKind::Never,
        ..Stop::default()
    };
    assert_eq!(never.validate(), Ok(()));
    assert_eq!(first(&never, &[1.0, 1e30, f64::NAN]), None);
}

#[test]
fn unusable_values_are_named() {
    let base = Stop::default;
    let cases = [
        (
            Stop {
                factor: Some(1.0),
                ..base()
            },
            "factor",
        ),
        (
            Stop {
                factor: Some(f64::INFINITY),
                ..base()
            },
            "factor",
        ),
        (
            Stop {
                best_from: Some(BestFrom::Value),
                ..base()
            },
            "best-from",
        ),
        (
            Stop {
                best_value: Some(1e9),
                ..base()
            },
            "best-value",
        ),
        (
            Stop {
                best_from: Some(BestFrom::Value),
                best_value: Some(f64::NAN),
                ..base()
            },
            "best-value",
        ),
        (
            Stop {
                first_step: Some(usize::MAX),
                ..base()
            },
            "first-step",
        ),
        (
            Stop {
                kind: StopKind::Never,
                nan_fires: Some(true),
                ..base()
            },
            "nan-fires",
        ),
    ];
    for (stop, key) in cases {
        assert_eq!(stop.validate().expect_err("it cannot be used").key, key, "{stop:?}");
    }
    assert_eq!(base().explicit().validate(), Ok(()));
}
