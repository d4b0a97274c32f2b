//! Answers, bounds and divergence of three studies against NumPy, SciPy and lifelines: `golden/answers.json` (see
//! `golden/README.md`).

use crate::support::{config, input, tabled, write_curve};
use seedband_aggregator::StudyInput;
use seedband_core::files::curve::{Curve, End, Step};
use seedband_core::range_test::{Analysis, Range, Rule, RuleKind, Schedule, Smoothing};
use seedband_core::recipe::Recipe;
use seedband_core::summary::{Bound, ConfigSummary};
use seedband_core::trial::Trial;
use serde_json::Value;
use std::path::Path;

/// How far two of our numbers may lie apart that went different ways through logarithms and powers, relative.
const ROUNDING: f64 = 1e-9;

fn golden() -> Value {
    serde_json::from_str(include_str!("../golden/answers.json")).unwrap()
}

fn recipe() -> Recipe {
    Recipe {
        schedule: Schedule {
            start: 1e-5,
            end: 10.0,
            steps: 60,
            ..Schedule::default()
        },
        ..Recipe::default()
    }
}

fn analysis() -> Analysis {
    let least = Rule {
        skip_start: Some(0),
        skip_end: Some(0),
        divide_by: Some(10.0),
        ..Rule::new(RuleKind::LeastLoss)
    };
    Analysis {
        smoothing: Smoothing {
            beta: Some(0.9),
            ..Smoothing::default()
        },
        range: Range {
            min: Rule::new(RuleKind::Steepest),
            max: least,
        },
        ..Analysis::default()
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

fn study(root: &Path, golden: &Value, lrs: &[f64]) -> StudyInput {
    let curves = list(&golden["curves"]);
    let mut config = config("a", recipe(), curves.len() as u64);
    config.analysis = analysis();
    let input = input(root, vec![config]);
    for (curve, seed) in curves.iter().zip(0..) {
        let losses = list(&curve["losses"])
            .iter()
            .map(|loss| loss.as_f64().unwrap_or(f64::NAN));
        let steps = losses
            .zip(lrs)
            .zip(0..)
            .map(|((loss, lr), step)| Step::new(step, *lr, loss));
        let end = match curve["end"].as_str().unwrap() {
            "completed" => End::Completed,
            "halted" => End::StoppedEarly,
            _ => End::NonFinite,
        };
        let curve = Curve {
            steps: steps.collect(),
            end,
        };
        write_curve(&input, &Trial::new("a", seed, &recipe()), &curve);
    }
    input
}

fn close(found: f64, expected: &Value, what: &str) {
    let expected = number(expected);
    assert!(
        (found - expected).abs() <= ROUNDING * expected.abs(),
        "{what}: {found} {expected}"
    );
}

/// Each seed's two ends with their bounds, and the step that made it diverge.
fn seeds(config: &ConfigSummary, golden: &Value, name: &str) {
    let diverged = list(&golden["risk"]["diverged"]);
    for ((seed, ends), diverged) in config.seeds.iter().zip(list(&golden["ends"])).zip(diverged) {
        let what = format!("{name}, seed {}", seed.seed);
        let found = [(seed.min_lr, seed.min_lr_bound), (seed.max_lr, seed.max_lr_bound)];
        for ((answer, bound), expected) in found.into_iter().zip(list(ends)) {
            assert_eq!(answer.lr().is_some(), !expected.is_null(), "{what}");
            let Some(lr) = answer.lr() else { continue };
            close(lr, &expected[0], &what);
            let bound = bound.map(|bound| match bound {
                Bound::AtLeast => "at-least",
                Bound::AtMost => "at-most",
            });
            assert_eq!(bound, expected[1].as_str(), "{what}");
        }
        assert_eq!(seed.diverged_step.map(u64::from), diverged.as_u64(), "{what}");
    }
}

fn risk(config: &ConfigSummary, golden: &Value, lrs: &[f64], name: &str) {
    let risk = config.risk.as_ref().unwrap();
    let mut before = 0;
    let events: Vec<_> = risk
        .steps
        .iter()
        .filter(|step| std::mem::replace(&mut before, step.diverged) < step.diverged)
        .collect();
    let rows = list(&golden["risk"]["rows"]);
    assert_eq!(events.len(), rows.len(), "{name}");
    for (event, row) in events.into_iter().zip(rows) {
        let lr = lrs[row["step"].as_u64().unwrap() as usize];
        assert!((event.lr / lr - 1.0).abs() < ROUNDING, "{name}: {} {lr}", event.lr);
        close(event.share, &row["share"], name);
    }
    let named = &golden["risk"]["named"];
    let largest = risk.largest.unwrap();
    let lr = lrs[named["step"].as_u64().unwrap() as usize];
    assert!((largest.lr / lr - 1.0).abs() < ROUNDING, "{name}");
    assert_eq!(
        u64::from(largest.diverged),
        named["diverged"].as_u64().unwrap(),
        "{name}"
    );
    close(largest.expected, &named["expected"], name);
    close(largest.upper, &named["upper"], name);
}

#[test]
fn three_studies_are_answered_as_by_independent_code() {
    let golden = golden();
    let lrs: Vec<f64> = list(&golden["lrs"]).iter().map(number).collect();
    for study_of in list(&golden["studies"]) {
        let name = study_of["name"].as_str().unwrap();
        let root = tempfile::tempdir().unwrap();
        let config = tabled(&study(root.path(), study_of, &lrs)).configs.remove(0);
        seeds(&config, study_of, name);
        risk(&config, study_of, &lrs, name);
        let answer = config.answer.unwrap().suggestion;
        let expected = &study_of["answer"];
        let count = |key: &str| expected[key].as_u64().unwrap() as u32;
        close(answer.lr.unwrap(), &expected["lr"], name);
        assert_eq!(answer.support, count("support"), "{name}");
        let held_out = answer.held_out.unwrap();
        assert_eq!(held_out.held, count("held"), "{name}");
        close(held_out.interval.lower, &expected["lower"], name);
        close(held_out.interval.upper, &expected["upper"], name);
        let range = answer.range.unwrap();
        close(range.min_lr, &expected["min-lr"], name);
        close(range.max_lr, &expected["max-lr"], name);
        assert_eq!(range.range_support, count("range-support"), "{name}");
        assert_eq!(range.range_held_out.unwrap().held, count("range-held"), "{name}");
    }
}
