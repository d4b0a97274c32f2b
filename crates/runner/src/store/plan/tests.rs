use super::*;
use seedband_core::files::curve::Step;
use seedband_core::files::fsio;
use seedband_core::range_test::{Smoothing, SmoothingKind, Stop, StopKind};
use seedband_core::recipe::Recipe;

fn rule(factor: f64) -> EarlyStop {
    let smoothing = Smoothing {
        kind: SmoothingKind::None,
        ..Smoothing::default()
    };
    EarlyStop {
        smoothing,
        stop: Stop {
            factor: Some(factor),
            ..Stop::default()
        },
    }
}

fn train(config: &str, seed: u64, early_stops: Vec<EarlyStop>) -> Train {
    Train::new(Trial::new(config, seed, &Recipe::default()), early_stops)
}

fn store(folder: &TrialDir, trial: &Trial, losses: &[f64], end: End) {
    std::fs::create_dir_all(folder.root()).unwrap();
    fsio::write_json(&folder.trial(), trial).unwrap();
    let steps = losses
        .iter()
        .zip(0..)
        .map(|(&loss, step)| Step::new(step, 0.1, loss))
        .collect();
    Curve { steps, end }.write(&folder.curve()).unwrap();
}

/// Losses 1 and 5: a rule with factor 4 fires, one with factor 6 does not.
#[test]
fn a_curve_that_was_stopped_early_suffices_only_for_rules_that_fire_within_it() {
    let root = tempfile::tempdir().unwrap();
    let dir = StudyDir::new(root.path());
    let trial = train("a", 0, vec![]).trial;
    let finished = |early_stops: Vec<EarlyStop>| {
        Plan::new(&dir, vec![train("a", 0, early_stops)])
            .unwrap()
            .finished
            .len()
    };
    assert_eq!(finished(vec![rule(4.0)]), 0);
    store(&dir.trial(&trial), &trial, &[1.0, 5.0], End::StoppedEarly);
    assert_eq!(finished(vec![rule(4.0)]), 1);
    assert_eq!(finished(vec![rule(6.0)]), 0);
    assert_eq!(finished(vec![rule(4.0), rule(6.0)]), 0);
    assert_eq!(finished(vec![]), 0);
    let never = EarlyStop {
        stop: Stop {
            kind: StopKind::Never,
            ..Stop::default()
        },
        ..rule(4.0)
    };
    assert_eq!(finished(vec![never]), 0);
    store(&dir.trial(&trial), &trial, &[1.0, 5.0], End::Completed);
    assert_eq!(finished(vec![]), 1);
    store(&dir.trial(&trial), &trial, &[1.0, f64::NAN], End::NonFinite);
    assert_eq!(finished(vec![rule(6.0)]), 1);
}

#[test]
fn damaged_and_foreign_curves_are_run_again() {
    let root = tempfile::tempdir().unwrap();
    let dir = StudyDir::new(root.path());
    let work = || vec![train("a", 0, vec![])];
    let trial = work()[0].trial.clone();
    let folder = dir.trial(&trial);
    store(&folder, &trial, &[1.0], End::Completed);
    assert!(Plan::new(&dir, work()).unwrap().to_run.is_empty());

    std::fs::write(folder.curve(), "{\"step\":0,\"lr\":0.1,\"loss\":1.0}\n").unwrap();
    assert_eq!(Plan::new(&dir, work()).unwrap().to_run.len(), 1);
    std::fs::write(folder.curve(), [0xff, 0xfe]).unwrap();
    assert_eq!(Plan::new(&dir, work()).unwrap().to_run.len(), 1);

    store(&folder, &train("a", 1, vec![]).trial, &[1.0], End::Completed);
    assert_eq!(Plan::new(&dir, work()).unwrap().to_run.len(), 1);
}

#[test]
fn a_shared_trial_is_run_once_and_long_enough_for_each_config() {
    let root = tempfile::tempdir().unwrap();
    let dir = StudyDir::new(root.path());
    let rules = |work| {
        Plan::new(&dir, work)
            .unwrap()
            .to_run
            .into_iter()
            .map(|train| train.early_stops)
            .collect::<Vec<_>>()
    };
    let (four, six) = (|| vec![rule(4.0)], || vec![rule(6.0)]);
    let shared = vec![
        train("a", 0, four()),
        train("b", 0, six()),
        train("b", 1, four()),
        train("c", 0, four()),
    ];
    assert_eq!(rules(shared), [vec![rule(4.0), rule(6.0)], vec![rule(4.0)]]);
    assert_eq!(
        rules(vec![train("a", 0, four()), train("b", 0, vec![]), train("c", 0, six())]),
        [vec![]]
    );
}

#[test]
fn a_trial_finished_under_another_config_is_finished() {
    let root = tempfile::tempdir().unwrap();
    let dir = StudyDir::new(root.path());
    let earlier = train("earlier", 3, vec![]).trial;
    store(&dir.trial(&earlier), &earlier, &[1.0], End::Completed);
    let plan = Plan::new(&dir, vec![train("renamed", 3, vec![])]).unwrap();
    assert_eq!((plan.finished.len(), plan.to_run.len()), (1, 0));
}
