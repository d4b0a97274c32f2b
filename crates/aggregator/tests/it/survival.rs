//! The share of diverged seeds against lifelines and scipy: `golden/survival.json` (see `golden/README.md`).

use seedband_aggregator::{Followed, divergence_risk};
use seedband_core::settings::Statistics;
use seedband_core::summary::RiskStep;
use serde_json::Value;

/// Another library sums and solves in another order; both are a few roundings from the true value.
const TOLERANCE: f64 = 1e-11;

fn golden() -> Value {
    serde_json::from_str(include_str!("../golden/survival.json")).unwrap()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn lr(step: usize) -> f64 {
    1e-5 * 10_f64.powi(i32::try_from(step).unwrap())
}

fn statistics(confidence: f64) -> Statistics {
    Statistics {
        confidence,
        ..Statistics::default()
    }
}

fn close(ours: [f64; 3], theirs: [f64; 3], what: &str) {
    for (ours, theirs) in ours.into_iter().zip(theirs) {
        assert!((ours - theirs).abs() < TOLERANCE, "{what}: {ours} {theirs}");
    }
}

/// The whole table of events, ties and curves that end early among them. Up to the first such end the interval is the
/// exact one, which lifelines does not have; from there on it is lifelines'.
#[test]
fn estimates_and_intervals_are_those_of_lifelines() {
    let golden = golden();
    let steps = golden["steps"].as_u64().unwrap() as usize;
    let lrs: Vec<f64> = (0..steps).map(lr).collect();
    let mut compared = 0;
    for case in list(&golden["survival"]) {
        let seed = |seed: &Value| Followed {
            last: seed[0].as_u64().unwrap() as usize,
            diverged: seed[1].as_bool().unwrap(),
        };
        let followed: Vec<Followed> = list(&case["followed"]).iter().map(seed).collect();
        let first_cut = followed
            .iter()
            .filter(|seed| !seed.diverged)
            .map(|seed| seed.last)
            .min();
        let ours = divergence_risk(&followed, &lrs, &statistics(number(&case["confidence"])));
        let mut diverged = 0;
        let events: Vec<&RiskStep> = ours
            .steps
            .iter()
            .filter(|step| std::mem::replace(&mut diverged, step.diverged) < step.diverged)
            .collect();
        let rows = list(&case["rows"]);
        assert_eq!(events.len(), rows.len());
        for (event, row) in events.into_iter().zip(rows) {
            let step = row["step"].as_u64().unwrap() as usize;
            assert_eq!(
                (event.lr, u64::from(event.at_risk)),
                (lr(step), row["at_risk"].as_u64().unwrap())
            );
            let what = format!("{} seeds, step {step}", followed.len());
            let [share, lower, upper] = ["share", "lower", "upper"].map(|key| number(&row[key]));
            let limits = if first_cut.is_some_and(|cut| cut < step) {
                compared += 1;
                [lower, upper]
            } else {
                [event.lower, event.upper]
            };
            close(
                [event.share, event.lower, event.upper],
                [share, limits[0], limits[1]],
                &what,
            );
        }
    }
    assert!(compared > 20, "{compared}");
}

/// All counts of several numbers of seeds, none of which ends early.
#[test]
fn exact_intervals_are_those_of_scipy() {
    for case in list(&golden()["exact"]) {
        let n = case["n"].as_u64().unwrap() as usize;
        for (count, interval) in list(&case["intervals"]).iter().enumerate() {
            let seed = |seed| Followed {
                last: 0,
                diverged: seed < count,
            };
            let followed: Vec<Followed> = (0..n).map(seed).collect();
            let ours = divergence_risk(&followed, &[lr(0)], &statistics(number(&case["confidence"])));
            let step = ours.steps[0];
            let share = count as f64 / n as f64;
            close(
                [step.share, step.lower, step.upper],
                [share, number(&interval[0]), number(&interval[1])],
                &format!("{count} of {n}"),
            );
        }
    }
}
