//! Trainings over seeds: curves written by hand, quantiles worked out by hand.

#![expect(clippy::float_cmp, reason = "values are meant to be exact")]

use crate::support::{summarized, write_curve};
use seedband_aggregator::{
    ConfigInput, ReadingCache, StudyInput, load, load_trainings, summarize, summarize_trainings,
};
use seedband_core::files::curve::{Curve, End, Evaluation, Step};
use seedband_core::files::layout::StudyDir;
use seedband_core::study::Study;
use seedband_core::summary::{Quantiles, Summary};
use seedband_core::train::{DisjointPairs, PlannedTraining, Side, State};
use std::collections::HashSet;
use std::path::Path;

const STUDY: &str = "seeds = [0, 1, 2]
[smoothing]
kind = \"none\"
[statistics]
quantiles = [0.25, 0.75]
[train]
epochs = 2
lr = [0.1, 1.0, 10.0]
";

const INFINITY: f64 = f64::INFINITY;

fn study(folder: &Path) -> (Study, StudyInput) {
    let path = folder.join("study.toml");
    std::fs::write(&path, STUDY).unwrap();
    let study = Study::load(&path, &[]).unwrap();
    let config = &study.configs[0];
    let input = StudyInput {
        dir: StudyDir::new(folder.join("results")),
        name: "a".into(),
        title: "a".into(),
        description: String::new(),
        statistics: study.statistics.clone(),
        configs: vec![ConfigInput {
            name: config.name.clone(),
            labels: Vec::new(),
            recipe: config.recipe.clone(),
            analysis: config.analysis.clone(),
            trainings: config.trainings.clone(),
            seeds: study.seeds.seeds().to_vec(),
            repeats: 0,
        }],
        failed: HashSet::new(),
    };
    (study, input)
}

/// Four steps in two epochs; validation losses and accuracies, NaN for none, after each. A loss that is not finite ends
/// the curve.
fn write(input: &StudyInput, planned: &PlannedTraining, losses: &[f64], validation: &[(f64, f64)]) {
    let State::Ready(trial) = &planned.state else {
        panic!("{planned:?}")
    };
    let steps = losses.iter().zip(0..).map(|(&loss, step)| Step {
        validation: (step % 2 == 1)
            .then(|| validation.get(step as usize / 2))
            .flatten()
            .map(|&(loss, accuracy)| Evaluation {
                loss,
                accuracy: (!accuracy.is_nan()).then_some(accuracy),
            }),
        ..Step::new(step, 0.1, loss)
    });
    let blown = losses.last().is_some_and(|loss| !loss.is_finite());
    let curve = Curve {
        steps: steps.collect(),
        end: if blown { End::NonFinite } else { End::Completed },
    };
    write_curve(input, trial, &curve);
}

fn summary(input: &StudyInput, planned: &[Vec<PlannedTraining>]) -> Summary {
    let mut cache = ReadingCache::default();
    let mut summary = summarize(input, &load(input, &mut cache).unwrap()).unwrap();
    let trainings = load_trainings(input, planned, &mut cache).unwrap();
    summarize_trainings(input, &trainings, &mut summary).unwrap();
    summary
}

/// Seed 0 goes well, seed 1 gets worse in its second epoch, seed 2 blows up in it.
#[test]
fn bands_and_outcomes_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let (study, input) = study(folder.path());
    let planned = study.trainings(&summarized(&input));
    let first: Vec<&PlannedTraining> = planned[0]
        .iter()
        .filter(|planned| planned.training == "lr=0.1")
        .collect();
    write(&input, first[0], &[4.0, 3.0, 2.0, 1.0], &[(3.0, 0.5), (1.0, 0.75)]);
    write(&input, first[1], &[5.0, 4.0, 3.0, 2.0], &[(2.0, 0.25), (4.0, 0.5)]);
    write(&input, first[2], &[6.0, 5.0, INFINITY], &[(1.0, 1.0)]);
    let summary = summary(&input, &planned);
    let training = &summary.configs[0].trainings[0];
    assert_eq!((training.name.as_str(), training.source.as_str()), ("lr=0.1", "0.1"));
    let counts = training.counts;
    assert_eq!(
        (counts.wanted, counts.finished, counts.diverged, counts.missing),
        (3, 3, 1, 0)
    );
    assert_eq!(
        (&training.at[..], &training.validated[..]),
        (&[0, 1, 2, 3][..], &[1, 3][..])
    );
    assert_eq!(training.loss.median, [5.0, 4.0, 3.0, 2.0]);
    assert_eq!(training.loss.lower, [4.5, 3.5, 2.5, 1.5]);
    assert_eq!(training.loss.upper, [5.5, 4.5, INFINITY, INFINITY]);
    assert_eq!(training.validation_loss.median, [2.0, 4.0]);
    assert_eq!(training.accuracy.median, [0.5, 0.5]);
    // Second epoch: 0.75, 0.5 and, blown up, 0.
    assert_eq!((training.accuracy.lower[1], training.accuracy.upper[1]), (0.0, 0.625));
    let quantiles = |median, lower, upper| Some(Quantiles { median, lower, upper });
    assert_eq!(
        training.best_loss,
        quantiles(2.0, 1.5, INFINITY),
        "of 1, 2 and infinity"
    );
    assert_eq!(training.last_accuracy, quantiles(0.5, 0.25, 0.625));
    let seed = &training.seeds[2];
    assert_eq!(
        (seed.diverged_step, seed.steps, seed.best_loss, seed.last_accuracy),
        (Some(1), 3, INFINITY, Some(0.0))
    );
    // The others have not been run.
    assert_eq!(summary.configs[0].trainings[1].counts.missing, 3);
    assert_eq!(summary.configs[0].trainings[1].best_loss, None);
    let grid = &summary.configs[0].lr_grids[0];
    assert_eq!(
        (grid.seeds.len(), grid.best_loss.n, grid.best_lr),
        (0, 0, None),
        "no seed has every rate"
    );
}

/// Of a pair the seed with the lower range is one summary, the other another.
#[test]
fn the_sides_of_pairs_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let (study, input) = study(folder.path());
    let mut planned = study.trainings(&summarized(&input));
    let pair = |seed, partner, side| Some(DisjointPairs { seed, partner, side });
    planned[0].retain(|planned| planned.training == "lr=1" && planned.seed < 2);
    (planned[0][0].pair, planned[0][1].pair) = (pair(0, 1, Side::Higher), pair(1, 0, Side::Lower));
    write(&input, &planned[0][0], &[2.0, 1.0], &[(1.0, 0.5)]);
    write(&input, &planned[0][1], &[3.0, 2.0], &[(7.0, 0.25)]);
    let summary = summary(&input, &planned);
    let mut sides = summary.configs[0]
        .trainings
        .iter()
        .filter(|training| training.name == "lr=1");
    let (lower, higher) = (sides.next().unwrap(), sides.next().unwrap());
    assert_eq!(
        (lower.side, higher.side, sides.next()),
        (Some(Side::Lower), Some(Side::Higher), None)
    );
    assert_eq!(
        (lower.seeds[0].seed, lower.seeds[0].partner, lower.counts.wanted),
        (1, Some(0), 1)
    );
    assert_eq!(
        (lower.best_loss.unwrap().median, higher.best_loss.unwrap().median),
        (7.0, 1.0)
    );
}

/// A long training has some hundreds of points, from the first step to the last.
#[test]
fn a_long_training_is_thinned_out() {
    let folder = tempfile::tempdir().unwrap();
    let (study, input) = study(folder.path());
    let planned = study.trainings(&summarized(&input));
    let losses: Vec<f64> = (0..1000).map(f64::from).collect();
    write(&input, &planned[0][0], &losses, &[]);
    let summary = summary(&input, &planned);
    let training = &summary.configs[0].trainings[0];
    assert_eq!((training.at.len(), training.at[0], training.at[239]), (240, 0, 999));
    assert!(
        training.at.is_sorted()
            && training
                .loss
                .median
                .iter()
                .zip(&training.at)
                .all(|(loss, step)| *loss == f64::from(*step))
    );
}
