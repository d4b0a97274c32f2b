//! Trainings after the range test, over seeds.

use super::config_answer::add_measured;
use super::lr_grid::lr_grids;
use crate::error::AggregateError;
use crate::input::StudyInput;
use crate::read::{Outcome, TrainedSeed, TrainingCurve, TrainingCurves};
use crate::stats::{BandRows, Extent, band_frame, bands, estimate, quantiles};
use polars::prelude::PolarsResult;
use seedband_core::files::curve::Evaluation;
use seedband_core::settings::Statistics;
use seedband_core::summary::{Band, Counts, Summary, TrainingSeed, TrainingSummary};
use seedband_core::train::{Side, Training};
use seedband_core::trial::Trial;
use std::collections::{BTreeMap, BTreeSet};

/// Most steps at which a summary has the training loss: more than a figure can show.
const MOST_POINTS: usize = 240;

/// Adds to `summary`, that of the range tests, what the trainings came to. `curves` is what
/// [`load_trainings`](crate::load_trainings) made of the same input.
///
/// # Errors
/// There are more curves than one table has room for.
pub fn summarize_trainings(
    input: &StudyInput,
    curves: &TrainingCurves,
    summary: &mut Summary,
) -> Result<(), AggregateError> {
    let configs = input.configs.iter().zip(&curves.configs).enumerate();
    let cohorts = configs.flat_map(|(place, (config, seeds))| {
        let of_training = |training| Cohort::all(place, training, seeds);
        config.trainings.iter().flat_map(of_training).collect::<Vec<_>>()
    });
    let cohorts: Vec<Cohort> = cohorts.collect();
    let losses = bands_of(&cohorts, Cohort::points, Cohort::loss, &input.statistics)?;
    let validation = bands_of(
        &cohorts,
        Cohort::validations,
        Cohort::validation_loss,
        &input.statistics,
    )?;
    let accuracy = bands_of(&cohorts, Cohort::shares, Cohort::error_rate, &input.statistics)?;
    let bands = losses.into_iter().zip(validation).zip(accuracy);
    for (cohort, ((loss, validation_loss), accuracy)) in cohorts.iter().zip(bands) {
        if let Some(config) = summary.configs.get_mut(cohort.config) {
            let accuracy = sign_turned(accuracy);
            config
                .trainings
                .push(cohort.summary([loss, validation_loss, accuracy], &input.statistics));
        }
    }
    for (config, summary) in input.configs.iter().zip(&mut summary.configs) {
        summary.lr_grids = lr_grids(config, summary, &input.statistics)?;
    }
    add_measured(summary, input);
    Ok(())
}

/// Seeds that are summarised together: those of one training, of a training of pairs those of one side.
struct Cohort<'a> {
    /// Place of the config in the study.
    config: usize,
    training: &'a Training,
    side: Option<Side>,
    seeds: Vec<&'a TrainedSeed>,
    /// Those that have a curve, by seed.
    trained: Vec<(&'a TrainedSeed, &'a Trial, &'a TrainingCurve)>,
    /// The steps at which the summary has the training loss.
    at: Vec<u32>,
    /// The steps after which there was a validation.
    validated: Vec<u32>,
    /// Whether every validation has an accuracy.
    has_accuracy: bool,
}

impl<'a> Cohort<'a> {
    /// The cohorts of one training of one config: one for each side where it trains pairs.
    fn all(config: usize, training: &'a Training, seeds: &'a [TrainedSeed]) -> Vec<Self> {
        let own = || seeds.iter().filter(|seed| seed.training == training.name);
        let paired = own().any(|seed| seed.pair.is_some());
        let sides: &[Option<Side>] = if paired {
            &[Some(Side::Lower), Some(Side::Higher)]
        } else {
            &[None]
        };
        let of_side = |side: &Option<Side>| own().filter(|seed| seed.pair.map(|pair| pair.side) == *side).collect();
        let cohort = |side: &Option<Side>| Self::new(config, training, *side, of_side(side));
        sides.iter().map(cohort).collect()
    }

    fn new(config: usize, training: &'a Training, side: Option<Side>, seeds: Vec<&'a TrainedSeed>) -> Self {
        let curve = |seed: &&'a TrainedSeed| Some((*seed, seed.trial.as_ref()?, seed.outcome.finished()?));
        let mut trained: Vec<_> = seeds.iter().filter_map(curve).collect();
        trained.sort_by_key(|(seed, ..)| seed.seed);
        let steps = || trained.iter().flat_map(|(.., read)| &read.curve.steps);
        let planned = steps().map(|step| step.step as usize + 1).max().unwrap_or(0);
        let validated: BTreeSet<u32> = steps()
            .filter(|step| step.validation.is_some())
            .map(|step| step.step)
            .collect();
        let has_accuracy = trained
            .iter()
            .all(|(.., read)| read.validations().all(|found| found.accuracy.is_some()));
        Self {
            config,
            training,
            side,
            seeds,
            has_accuracy,
            at: spread_out(planned),
            validated: validated.into_iter().collect(),
            trained,
        }
    }

    fn points(&self) -> usize {
        self.at.len()
    }

    fn validations(&self) -> usize {
        self.validated.len()
    }

    /// The validations that there is an accuracy of.
    fn shares(&self) -> usize {
        if self.has_accuracy { self.validations() } else { 0 }
    }

    /// The smoothed loss at the first of `at`.
    fn loss(&self, read: &TrainingCurve) -> Vec<f64> {
        let smoothed = self.at.iter().map_while(|step| read.smoothed.get(*step as usize));
        smoothed.copied().collect()
    }

    fn validation_loss(&self, read: &TrainingCurve) -> Vec<f64> {
        self.evaluated(read).map(|found| found.loss).collect()
    }

    /// The accuracy with its sign turned, so that larger is worse: a curve that has ended counts as worst.
    fn error_rate(&self, read: &TrainingCurve) -> Vec<f64> {
        self.evaluated(read)
            .map_while(|found| found.accuracy)
            .map(|accuracy| -accuracy)
            .collect()
    }

    /// The evaluations at the first of `validated`.
    fn evaluated(&self, read: &TrainingCurve) -> impl Iterator<Item = Evaluation> {
        let at = |step: &u32| read.curve.steps.get(*step as usize)?.validation;
        self.validated.iter().map_while(at)
    }

    fn summary(&self, [loss, validation_loss, accuracy]: [Band; 3], statistics: &Statistics) -> TrainingSummary {
        let settings = &self.training.settings;
        let plans = self.trained.iter().filter_map(|(_, trial, _)| trial.training.as_ref());
        let lrs: Vec<f64> = plans.map(|plan| plan.lr).collect();
        let read = || self.trained.iter().map(|(.., read)| read);
        TrainingSummary {
            name: self.training.name.clone(),
            side: self.side,
            source: settings.source(),
            policy: settings.policy.name().to_owned(),
            epochs: settings.epochs,
            steps: settings.steps,
            weights: settings.weights,
            counts: counts(&self.seeds),
            without: without(&self.seeds),
            lr: (!lrs.is_empty()).then(|| estimate(lrs, statistics)),
            at: self.at.clone(),
            loss,
            validated: self.validated.clone(),
            validation_loss,
            accuracy,
            best_loss: quantiles(read().map(|read| read.best_loss()), statistics),
            last_accuracy: quantiles(read().filter_map(|read| self.last_accuracy(read)), statistics),
            seeds: self
                .trained
                .iter()
                .map(|(seed, trial, read)| self.seed(seed, trial, read))
                .collect(),
        }
    }

    fn last_accuracy(&self, read: &TrainingCurve) -> Option<f64> {
        read.last().1.filter(|_| self.has_accuracy)
    }

    fn seed(&self, seed: &TrainedSeed, trial: &Trial, read: &TrainingCurve) -> TrainingSeed {
        TrainingSeed {
            seed: seed.seed,
            trial: trial.id.to_string(),
            partner: seed.pair.map(|pair| pair.partner),
            lr: trial.training.as_ref().map_or(f64::NAN, |plan| plan.lr),
            floor: trial.training.as_ref().and_then(|plan| plan.floor),
            end: read.curve.end,
            diverged_step: read.diverged_step.map(|step| step as u32),
            steps: read.curve.steps.len() as u32,
            loss: self.loss(read),
            best_loss: read.best_loss(),
            last_loss: read.last().0,
            last_accuracy: self.last_accuracy(read),
        }
    }
}

/// The band of each cohort of what `values` makes of a curve, over so many `points`.
fn bands_of<'a>(
    cohorts: &[Cohort<'a>],
    points: fn(&Cohort<'a>) -> usize,
    values: fn(&Cohort<'a>, &TrainingCurve) -> Vec<f64>,
    statistics: &Statistics,
) -> PolarsResult<Vec<Band>> {
    let extent = |cohort: &Cohort<'a>| Extent {
        curves: cohort.trained.len(),
        points: points(cohort),
    };
    let extents: Vec<Extent> = cohorts.iter().map(extent).collect();
    let curves = cohorts.iter().zip(0..).flat_map(|(cohort, number)| {
        let trained = cohort.trained.iter();
        trained.map(move |(.., read)| (number, values(cohort, read)))
    });
    bands(BandRows::of(&band_frame(curves)?), &extents, statistics)
}

/// The band of values whose sign was turned; what is not finite is 0.
fn sign_turned(band: Band) -> Band {
    let turn = |values: Vec<f64>| -> Vec<f64> {
        let turned = values
            .into_iter()
            .map(|value| if value.is_finite() { -value } else { 0.0 });
        turned.map(|value| value + 0.0).collect()
    };
    Band {
        lower: turn(band.upper),
        median: turn(band.median),
        upper: turn(band.lower),
        ..band
    }
}

fn counts(seeds: &[&TrainedSeed]) -> Counts {
    let mut counts = Counts {
        wanted: seeds.len() as u32,
        ..Counts::default()
    };
    for seed in seeds {
        match &seed.outcome {
            Outcome::Finished(read) => {
                counts.finished += 1;
                counts.diverged += u32::from(read.diverged_step.is_some());
            }
            Outcome::Failed => counts.failed += 1,
            Outcome::Missing => counts.missing += u32::from(seed.without.is_none()),
        }
    }
    counts
}

/// Seeds without a learning rate by reason.
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
    let steps: BTreeSet<usize> = (0..points)
        .map(|point| (point * last).checked_div(points.saturating_sub(1)).unwrap_or(0))
        .collect();
    steps.into_iter().map(|step| step as u32).collect()
}
