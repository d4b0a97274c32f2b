use super::*;

fn half(start: Start) -> Smoothing {
    Smoothing {
        beta: Some(0.5),
        start: Some(start),
        ..Smoothing::default()
    }
}

/// Averages with 1/2 are exact in binary; only the unbiasing division rounds.
#[test]
fn averages_with_one_half() {
    // m = 2, 3, 5.5 before the division by 1/2, 3/4, 7/8.
    let unbiased = half(Start::Zero).apply(&[4.0, 4.0, 8.0]);
    assert_eq!(unbiased, [4.0, 4.0, 5.5 / 0.875]);
    assert_eq!(half(Start::First).apply(&[4.0, 4.0, 8.0]), [4.0, 4.0, 6.0]);
    let lerp = Smoothing {
        form: Some(Form::Lerp),
        ..half(Start::Zero)
    };
    assert_eq!(lerp.apply(&[4.0, 4.0, 8.0]), unbiased);
}

/// Lightning's values for a constant loss of 3, as it prints them.
#[test]
fn running_ahead_climbs_from_half_the_loss() {
    let ahead = Smoothing {
        ahead: Some(1),
        ..Smoothing::default()
    };
    let expected = [1.515, 2.02, 2.27, 2.42, 2.53];
    for (value, expected) in ahead.apply(&[3.0; 5]).into_iter().zip(expected) {
        assert!((value - expected).abs() < 0.01, "{value} is not {expected}");
    }
}

#[test]
fn an_infinite_loss_stays_infinite_or_turns_to_nan() {
    let losses = [1.0, f64::INFINITY, 1.0];
    let plain = Smoothing::default().apply(&losses);
    assert_eq!(plain[1..], [f64::INFINITY, f64::INFINITY]);
    let lerp = Smoothing {
        form: Some(Form::Lerp),
        ..Smoothing::default()
    };
    let lerp = lerp.apply(&losses);
    assert!(lerp[1].is_infinite());
    assert!(lerp[2].is_nan());
}

#[test]
fn none_passes_losses_on() {
    let none = Smoothing {
        kind: SmoothingKind::None,
        ..Smoothing::default()
    };
    assert_eq!(none.validate(), Ok(()));
    assert_eq!(none.apply(&[3.0, 1.0]), [3.0, 1.0]);
    assert_eq!(none.explicit(), none);
}

#[test]
fn unusable_values_are_named() {
    let base = Smoothing::default;
    let none = SmoothingKind::None;
    let cases = [
        (
            Smoothing {
                beta: Some(1.0),
                ..base()
            },
            "beta",
        ),
        (
            Smoothing {
                beta: Some(f64::NAN),
                ..base()
            },
            "beta",
        ),
        (
            Smoothing {
                ahead: Some(101),
                ..base()
            },
            "ahead",
        ),
        (
            Smoothing {
                ahead: Some(0),
                ..half(Start::First)
            },
            "ahead",
        ),
        (
            Smoothing {
                kind: none,
                beta: Some(0.9),
                ..base()
            },
            "beta",
        ),
        (
            Smoothing {
                kind: none,
                start: Some(Start::Zero),
                ..base()
            },
            "start",
        ),
        (
            Smoothing {
                kind: none,
                form: Some(Form::Lerp),
                ..base()
            },
            "form",
        ),
        (
            Smoothing {
                kind: SmoothingKind::Lowess,
                beta: Some(0.9),
                ..base()
            },
            "beta",
        ),
        (
            Smoothing {
                kind: SmoothingKind::Lowess,
                fraction: Some(1.0),
                ..base()
            },
            "fraction",
        ),
        (
            Smoothing {
                fraction: Some(0.5),
                ..base()
            },
            "fraction",
        ),
        (
            Smoothing {
                kind: SmoothingKind::Lowess,
                iterations: Some(101),
                ..base()
            },
            "iterations",
        ),
    ];
    for (smoothing, key) in cases {
        assert_eq!(
            smoothing.validate().expect_err("it cannot be used").key,
            key,
            "{smoothing:?}"
        );
    }
    assert_eq!(base().validate(), Ok(()));
    assert_eq!(base().explicit().validate(), Ok(()));
}
