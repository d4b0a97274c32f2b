//! Divergence of a study on disk: counts, estimate and table by one definition, with every number worked out by hand.

use crate::support::{config, curve, input, no_smoothing, tabled, write_curve};
use seedband_aggregator::StudyInput;
use seedband_core::files::curve::End;
use seedband_core::files::fsio;
use seedband_core::range_test::{Analysis, Divergence, Growth, Schedule, Spacing};
use seedband_core::recipe::Recipe;
use seedband_core::summary::Summary;
use seedband_core::trial::Trial;
use std::path::Path;

/// Learning rates 1, 2, 3, 4.
fn recipe() -> Recipe {
    Recipe {
        schedule: Schedule {
            kind: Growth::Linear,
            start: 1.0,
            end: 4.0,
            steps: 4,
            spacing: Spacing::Inclusive,
            ..Schedule::default()
        },
        ..Recipe::default()
    }
}

/// Five seeds that are not smoothed: 0 holds; 1 is above 4 times its least loss at step 2, and above 4 times its first
/// at step 3; 2 meets a NaN at step 3; 3 was halted after step 1 although nothing had fired; 4 has not run.
fn study(root: &Path, divergence: Divergence) -> StudyInput {
    let mut config = config("a", recipe(), 5);
    config.analysis = Analysis {
        smoothing: no_smoothing(),
        divergence,
        ..Analysis::default()
    };
    let input = input(root, vec![config]);
    let curve = |seed, losses: &[f64], end| {
        write_curve(&input, &Trial::new("a", seed, &recipe()), &curve(losses, end));
    };
    curve(0, &[2.0, 1.0, 1.0, 3.0], End::Completed);
    curve(1, &[2.0, 1.0, 5.0, 9.0], End::Completed);
    curve(2, &[2.0, 1.0, 1.0, f64::NAN], End::NonFinite);
    curve(3, &[2.0, 1.0], End::StoppedEarly);
    input
}

/// What a loss shows is the doing of the update before: seeds 1 and 2 diverge at rate 3. Seed 3 shows the effect of rate 1
/// and no other, and seed 0 those up to 3.
#[test]
fn the_raw_losses_count_estimate_and_fill_the_table() {
    let root = tempfile::tempdir().unwrap();
    let input = study(root.path(), Divergence::default());
    let config = tabled(&input).configs.remove(0);
    assert_eq!((config.counts.finished, config.counts.diverged), (4, 2));
    let steps: Vec<_> = config.seeds.iter().map(|seed| seed.diverged_step).collect();
    assert_eq!(steps, [None, Some(2), Some(2), None]);
    let risk = config.risk.unwrap();
    assert_eq!(
        (risk.n, risk.censored, risk.until, risk.largest),
        (4, 1, Some(3.0), None)
    );

    let csv = fsio::read(&input.dir.aggregate().join("risk.csv")).unwrap();
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines[0], "config,lr,at_risk,diverged,share,lower,upper,confidence");
    let shares = [0.0, 0.0, 2.0 / 3.0];
    assert_eq!(lines.len(), 1 + shares.len());
    for ((line, start), share) in lines[1..]
        .iter()
        .zip(["a,1.0,4,0,", "a,2.0,3,0,", "a,3.0,3,2,"])
        .zip(shares)
    {
        let rest = line.strip_prefix(start).unwrap_or_else(|| panic!("{line}"));
        let numbers: Vec<f64> = rest.split(',').map(|cell| cell.parse().unwrap()).collect();
        assert!((numbers[0] - share).abs() < 1e-15, "{line}");
        assert!(
            numbers[1] <= share && share <= numbers[2] && numbers[1] < numbers[2],
            "{line}"
        );
        assert!((numbers[3] - 0.95).abs() < 1e-15, "{line}");
    }
    // None of 4: 1 - 0.025^(1/4).
    assert!((risk.steps[0].upper - (1.0 - 0.025_f64.powf(0.25))).abs() < 1e-14);
}

/// At 4 times the least loss seed 1 diverges a step earlier.
#[test]
fn a_factor_of_its_own_moves_all_of_them() {
    let root = tempfile::tempdir().unwrap();
    let by = |factor: f64| Divergence {
        factor: Some(factor),
        beta: Some(0.0),
    };
    let config = tabled(&study(root.path(), by(4.0))).configs.remove(0);
    assert_eq!(config.counts.diverged, 2);
    let steps: Vec<_> = config
        .seeds
        .iter()
        .map(|seed| (seed.stop_step, seed.diverged_step))
        .collect();
    assert_eq!(
        steps,
        [(None, None), (Some(2), Some(1)), (Some(3), Some(2)), (None, None)]
    );
    let rows: Vec<_> = config
        .risk
        .unwrap()
        .steps
        .iter()
        .map(|step| (step.lr, step.at_risk, step.diverged))
        .collect();
    assert_eq!(rows, [(1.0, 4, 0), (2.0, 3, 1), (3.0, 2, 2)]);
    let none = study(root.path(), by(10.0));
    assert_eq!(tabled(&none).configs[0].counts.diverged, 1, "the NaN alone");
}

#[test]
fn a_summary_of_before_can_be_read() {
    let root = tempfile::tempdir().unwrap();
    let input = study(root.path(), Divergence::default());
    let mut json = serde_json::to_value(tabled(&input)).unwrap();
    let config = json["configs"][0].as_object_mut().unwrap();
    assert!(config.remove("risk").is_some());
    for seed in config["seeds"].as_array_mut().unwrap() {
        seed.as_object_mut().unwrap().remove("diverged-step");
    }
    let read: Summary = serde_json::from_value(json).unwrap();
    assert_eq!(
        (read.configs[0].risk.as_ref(), read.configs[0].seeds[1].diverged_step),
        (None, None)
    );
}
