//! Learning rate policies against PyTorch's schedulers.
//!
//! `policies/pytorch.json` holds what `policies/make.py` printed with the version named in it.

use seedband_core::train::{Policy, PolicyKind};
use serde::Deserialize;
use std::collections::BTreeSet;

const STORED: &str = include_str!("pytorch.json");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    torch: String,
    cases: Vec<Case>,
}

/// A policy and what PyTorch made of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// The scheduler's class, and the classes within it.
    classes: Vec<String>,
    policy: Policy,
    peak: f64,
    floor: Option<f64>,
    steps: u32,
    /// Steps that PyTorch computes from the rate of the step before.
    chained: u32,
    rates: Vec<f64>,
    momenta: Option<Vec<f64>>,
}

fn stored() -> Stored {
    serde_json::from_str(STORED).expect("it can be read")
}

/// How far two rates may be apart, in parts of the peak. Both sides compute in float64; `e` is its epsilon, twice the
/// error of a rounding.
///
/// - A closed form is at most eight operations on values up to the peak, of which the cosine, the power and its
///   argument count double: 4 `e` on either side, 8 `e` in all.
/// - `CyclicLR` takes the position in a cycle as `1 + step / size - cycle`: three roundings of values up to `cycles +
///   1`, `1.5 e` for each cycle, which the slope of 2 doubles.
/// - A chained step multiplies the rate by a factor of at most five roundings: `2.5 e` each. That of
///   `CosineAnnealingLR` divides `1 + cos`, whose relative error grows towards the end as the rate itself falls, so
///   that it stays the same in parts of the peak.
///
/// Measured is at most a quarter of this. A slip by one step is 3.8e-3 of the peak or more.
fn tolerance(case: &Case) -> f64 {
    let cycles = match case.policy.kind {
        PolicyKind::Triangular | PolicyKind::Triangular2 | PolicyKind::ExpRange => {
            case.policy.explicit().cycles.expect("it is written out") + 1
        }
        _ => 0,
    };
    (8.0 + 3.0 * f64::from(cycles) + 2.5 * f64::from(case.chained)) * f64::EPSILON
}

#[test]
fn rates_are_those_of_pytorch() {
    let stored = stored();
    assert_eq!(stored.torch, "2.11.0");
    for case in stored.cases {
        assert_eq!(case.policy.validate(), Ok(()), "{:?}", case.policy);
        let rates = case.policy.rates(case.peak, case.floor, case.steps);
        assert_eq!(rates.len(), case.rates.len(), "{:?}", case.policy);
        let largest = rates.iter().zip(&case.rates).map(|(one, other)| (one - other).abs());
        let largest = largest.fold(0.0, f64::max) / case.peak;
        assert!(
            largest <= tolerance(&case),
            "{:?} in {} steps: {largest} apart",
            case.policy,
            case.steps
        );
    }
}

/// A momentum is at most 1, and its formula that of the rate.
#[test]
fn momenta_are_those_of_pytorch() {
    let mut compared = 0;
    for case in stored().cases {
        let momenta = case.policy.momenta(case.steps);
        assert_eq!(momenta.is_some(), case.momenta.is_some(), "{:?}", case.policy);
        let (Some(momenta), Some(expected)) = (momenta, &case.momenta) else {
            continue;
        };
        assert_eq!(momenta.len(), expected.len());
        for (one, other) in momenta.iter().zip(expected) {
            assert!((one - other).abs() <= tolerance(&case), "{one} is not {other}");
        }
        compared += 1;
    }
    assert_eq!(compared, 4);
}

/// Every kind is compared with the class that it is named after, alone and, where it can have one, after a warm-up.
#[test]
fn every_kind_is_compared() {
    let compared: BTreeSet<(String, String)> = stored()
        .cases
        .into_iter()
        .map(|case| {
            let kind = toml::Value::try_from(case.policy.kind).expect("it can be written");
            (kind.as_str().expect("it is a word").to_owned(), case.classes.join(" "))
        })
        .collect();
    let classes = [
        ("step", "MultiStepLR"),
        ("cosine", "CosineAnnealingLR"),
        ("triangular", "CyclicLR"),
        ("triangular2", "CyclicLR"),
        ("exp-range", "CyclicLR"),
        ("warm-restarts", "CosineAnnealingWarmRestarts"),
        ("constant", "ConstantLR"),
    ];
    for (kind, class) in classes {
        let warmed_up = (kind.to_owned(), format!("SequentialLR LinearLR {class}"));
        assert!(compared.contains(&warmed_up), "{warmed_up:?}");
        let alone = (kind.to_owned(), class.to_owned());
        assert!(kind == "constant" || compared.contains(&alone), "{alone:?}");
    }
    assert!(compared.contains(&("one-cycle".into(), "OneCycleLR".into())));
}
