//! Trainings after the range test: their curves from disk, and their statistics over seeds.

use crate::error::AggregateError;
use crate::input::{ConfigInput, StudyInput};
use crate::read::Outcome;
use crate::section::lr_grid::lr_grids;
use crate::section::ranges::estimate;
use crate::stats::band::{Aligned, band};
use crate::stats::quantile::quantiles;
use rayon::prelude::*;
use seedband_core::files::curve::{Curve, CurveError, End};
use seedband_core::files::layout::TrialIndex;
use seedband_core::settings::Statistics;
use seedband_core::summary::{Counts, Summary, TrainingSeed, TrainingSummary};
use seedband_core::train::{DisjointPairs, PlannedTraining, Side, State, Training};
use seedband_core::trial::Trial;
use std::collections::{BTreeMap, HashSet};

/// Most steps at which a summary has the training loss: more than a figure can show.
const MOST_POINTS: usize = 240;

/// The trainings of all configs, in the study's order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TrainingCurves {
    /// One for each config.
    pub configs: Vec<Vec<TrainedSeed>>,
}

/// One training of one seed.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainedSeed {
    /// Name of the training.
    pub training: String,
    /// The seed.
    pub seed: u64,
    /// The pair it belongs to, if it does.
    pub pair: Option<DisjointPairs>,
    /// What was planned; absent where the learning rate is not known, or where there is none.
    pub trial: Option<Trial>,
    /// Why there is no learning rate, if there is none.
    pub without: Option<String>,
    /// What became of it.
    pub outcome: Outcome<Trained>,
}

/// The curve of a training.
#[derive(Debug, Clone, PartialEq)]
pub struct Trained {
    /// As recorded; at least one step.
    pub curve: Curve,
    /// Smoothed loss of each step.
    pub smoothed: Vec<f64>,
    /// The step at which it diverged, if it did.
    pub diverged_step: Option<usize>,
}

impl Trained {
    /// Whether its loss became non-finite: what came of it is worth nothing.
    pub fn blew_up(&self) -> bool {
        self.curve.end == End::NonFinite
    }

    /// The least validation loss; infinite if it blew up.
    fn best_loss(&self) -> f64 {
        let losses = self.curve.steps.iter().filter_map(|step| step.validation);
        let least = losses.map(|found| found.loss).filter(|loss| !loss.is_nan());
        if self.blew_up() {
            f64::INFINITY
        } else {
            least.fold(f64::INFINITY, f64::min)
        }
    }

    /// Last validation loss and accuracy; infinite and 0 if it blew up.
    fn last(&self) -> (f64, f64) {
        let last = self.curve.steps.iter().rev().find_map(|step| step.validation);
        match last.filter(|found| !self.blew_up() && !found.loss.is_nan()) {
            Some(found) => (found.loss, found.accuracy),
            None => (f64::INFINITY, 0.0),
        }
    }
}

/// Reads the curve of every planned training, in parallel. `planned` is that of the study, config by config.
///
/// A curve that cannot be read is left out, as by [`load`](crate::load).
///
/// # Errors
/// The results folder is there but cannot be listed.
pub fn load_trainings(input: &StudyInput, planned: &[Vec<PlannedTraining>]) -> Result<TrainingCurves, AggregateError> {
    let index = input.dir.index()?;
    let configs = input.configs.iter().zip(planned);
    let configs = configs.map(|(config, planned)| {
        let seeds = planned.par_iter();
        seeds
            .map(|training| load_one(config, training, &index, input))
            .collect()
    });
    Ok(TrainingCurves {
        configs: configs.collect(),
    })
}

fn load_one(config: &ConfigInput, planned: &PlannedTraining, index: &TrialIndex, input: &StudyInput) -> TrainedSeed {
    let (trial, without) = match &planned.state {
        State::Ready(trial) => (Some((**trial).clone()), None),
        State::Waiting => (None, None),
        State::Without(reason) => (None, Some(reason.clone())),
    };
    let outcome = match &trial {
        Some(trial) => match load_curve(trial, index) {
            Some(curve) => Outcome::Finished(trained(config, curve)),
            None if input.failed.contains(&trial.id) => Outcome::Failed,
            None => Outcome::Missing,
        },
        None => Outcome::Missing,
    };
    TrainedSeed {
        training: planned.training.clone(),
        seed: planned.seed,
        pair: planned.pair,
        trial,
        without,
        outcome,
    }
}

fn load_curve(trial: &Trial, index: &TrialIndex) -> Option<Curve> {
    let path = folder(&trial.id, index)?.curve();
    match Curve::read(&path) {
        Ok(curve) if curve.steps.is_empty() => None,
        Ok(curve) => Some(curve),
        Err(CurveError::Fs(error)) if error.is_not_found() => None,
        Err(error) => {
            tracing::warn!(file = %path.display(), %error, "left out a curve that cannot be read");
            None
        }
    }
}

fn trained(config: &ConfigInput, curve: Curve) -> Trained {
    let losses = curve.losses();
    let smoothed = config.analysis.smoothing.apply(&losses);
    Trained {
        diverged_step: config.analysis.diverged_at(&losses),
        smoothed,
        curve,
    }
}

/// Adds to `summary`, that of the range tests, what the trainings came to.
pub fn summarize_trainings(input: &StudyInput, curves: &TrainingCurves, summary: &mut Summary) {
    let configs = input.configs.iter().zip(&curves.configs).zip(&mut summary.configs);
    for ((config, seeds), summary) in configs {
        let training = |training: &Training| {
            let own: Vec<&TrainedSeed> = seeds.iter().filter(|seed| seed.training == training.name).collect();
            sides(&own)
                .map(|(side, own)| summarize_training(training, side, &own, &input.statistics))
                .collect::<Vec<_>>()
        };
        summary.trainings = config.trainings.iter().flat_map(training).collect();
        summary.calibrations = lr_grids(config, summary, &input.statistics);
    }
}

/// The seeds by side of their pairs; all together where there are no pairs.
fn sides<'a>(seeds: &[&'a TrainedSeed]) -> impl Iterator<Item = (Option<Side>, Vec<&'a TrainedSeed>)> {
    let of = |wanted: Option<Side>| -> Vec<&'a TrainedSeed> {
        let own = seeds.iter().filter(|seed| seed.pair.map(|pair| pair.side) == wanted);
        own.copied().collect()
    };
    let all = [None, Some(Side::Lower), Some(Side::Higher)].map(|side| (side, of(side)));
    let paired = !(all[1].1.is_empty() && all[2].1.is_empty());
    all.into_iter().filter(move |(side, _)| side.is_some() == paired)
}

fn summarize_training(
    training: &Training,
    side: Option<Side>,
    seeds: &[&TrainedSeed],
    statistics: &Statistics,
) -> TrainingSummary {
    let mut runs: Vec<(&TrainedSeed, &Trial, &Trained)> = seeds
        .iter()
        .filter_map(|seed| match &seed.outcome {
            Outcome::Finished(run) => Some((*seed, seed.trial.as_ref()?, run)),
            Outcome::Failed | Outcome::Missing => None,
        })
        .collect();
    runs.sort_by_key(|(seed, ..)| seed.seed);
    let planned = runs.iter().map(|(.., run)| run.curve.steps.len()).max().unwrap_or(0);
    let at = spread_out(planned);
    let validated: Vec<u32> = runs
        .iter()
        .flat_map(|(.., run)| run.curve.steps.iter().filter(|step| step.validation.is_some()))
        .map(|step| step.step)
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect();
    let over = |of: &dyn Fn(&Trained) -> Vec<f64>, points: usize| {
        let histories: Vec<Vec<f64>> = runs.iter().map(|(.., run)| of(run)).collect();
        let aligned: Vec<Aligned> = histories
            .iter()
            .map(|own| Aligned::new(own, statistics.early_end))
            .collect();
        band(&aligned, points, statistics)
    };
    let loss = |run: &Trained| -> Vec<f64> {
        let smoothed = at.iter().map_while(|step| run.smoothed.get(*step as usize));
        smoothed.copied().collect()
    };
    let evaluated = |run: &Trained, of: fn(&seedband_core::files::curve::Evaluation) -> f64| -> Vec<f64> {
        let found = |step: &u32| run.curve.steps.get(*step as usize)?.validation.as_ref().map(of);
        validated.iter().map_while(found).collect()
    };
    let accuracies = over(&|run| evaluated(run, |found| -found.accuracy), validated.len());
    TrainingSummary {
        name: training.name.clone(),
        side,
        source: training.settings.source(),
        policy: training.settings.policy.name().to_owned(),
        epochs: training.settings.epochs,
        steps: training.settings.steps,
        weights: training.settings.weights,
        counts: counts(seeds),
        without: without(seeds),
        lr: (!runs.is_empty()).then(|| estimate(lrs(&runs), statistics)),
        loss: over(&loss, at.len()),
        validation_loss: over(&|run| evaluated(run, |found| found.loss), validated.len()),
        accuracy: upside_down(accuracies),
        best_loss: quantiles(runs.iter().map(|(.., run)| run.best_loss()), statistics),
        last_accuracy: quantiles(runs.iter().map(|(.., run)| run.last().1), statistics),
        seeds: runs
            .iter()
            .map(|(seed, trial, run)| of_seed(seed, trial, run, loss(run)))
            .collect(),
        at,
        validated,
    }
}

fn lrs(runs: &[(&TrainedSeed, &Trial, &Trained)]) -> Vec<f64> {
    let plans = runs.iter().filter_map(|(_, trial, _)| trial.training.as_ref());
    plans.map(|plan| plan.lr).collect()
}

/// Quantiles of values whose sign was turned so that larger is worse, as [`Aligned`] takes them: a curve that has ended counts as worst, which
/// for an accuracy is 0.
fn upside_down(band: seedband_core::summary::Band) -> seedband_core::summary::Band {
    let turn = |values: Vec<f64>| -> Vec<f64> {
        let turned = values
            .into_iter()
            .map(|value| if value.is_finite() { -value } else { 0.0 });
        turned.map(|value| value + 0.0).collect()
    };
    seedband_core::summary::Band {
        lower: turn(band.upper),
        median: turn(band.median),
        upper: turn(band.lower),
        ..band
    }
}

fn of_seed(seed: &TrainedSeed, trial: &Trial, run: &Trained, loss: Vec<f64>) -> TrainingSeed {
    let (last_loss, last_accuracy) = run.last();
    TrainingSeed {
        seed: seed.seed,
        trial: trial.id.to_string(),
        partner: seed.pair.map(|pair| pair.partner),
        lr: trial.training.as_ref().map_or(f64::NAN, |plan| plan.lr),
        floor: trial.training.as_ref().and_then(|plan| plan.floor),
        end: run.curve.end,
        diverged_step: run.diverged_step.map(|step| step as u32),
        steps: run.curve.steps.len() as u32,
        loss,
        best_loss: run.best_loss(),
        last_loss,
        last_accuracy,
    }
}

fn counts(seeds: &[&TrainedSeed]) -> Counts {
    let mut counts = Counts {
        wanted: seeds.len() as u32,
        ..Counts::default()
    };
    for seed in seeds {
        match &seed.outcome {
            Outcome::Finished(run) => {
                counts.finished += 1;
                counts.diverged += u32::from(run.diverged_step.is_some());
            }
            Outcome::Failed => counts.failed += 1,
            Outcome::Missing => counts.missing += u32::from(seed.without.is_none()),
        }
    }
    counts
}

fn without(seeds: &[&TrainedSeed]) -> Vec<(String, u32)> {
    let mut reasons: BTreeMap<String, u32> = BTreeMap::new();
    for reason in seeds.iter().filter_map(|seed| seed.without.clone()) {
        *reasons.entry(reason).or_default() += 1;
    }
    reasons.into_iter().collect()
}

/// At most [`MOST_POINTS`] of `planned` steps, evenly spread, the first and the last among them.
fn spread_out(planned: usize) -> Vec<u32> {
    let points = planned.min(MOST_POINTS);
    let last = planned.saturating_sub(1);
    let steps: HashSet<usize> = (0..points)
        .map(|point| (point * last).checked_div(points.saturating_sub(1)).unwrap_or(0))
        .collect();
    let mut steps: Vec<u32> = steps.into_iter().map(|step| step as u32).collect();
    steps.sort_unstable();
    steps
}
