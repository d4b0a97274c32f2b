//! What trainings after the range test came to, and what they say about its suggestions.

use super::{Band, Counts, Estimate, Interval, old_words};
use crate::files::curve::End;
use crate::number;
use crate::train::{Side, StartWeights};
use serde::{Deserialize, Serialize};

/// One training of a config over its seeds; a training of pairs of seeds is two of them, one for each side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct TrainingSummary {
    /// Its name in the study.
    pub name: String,
    /// Which seeds of the pairs; absent where it trains no pairs.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub side: Option<Side>,
    /// Where its highest learning rate comes from, for example `own max LR`.
    #[serde(deserialize_with = "old_words::words")]
    pub source: String,
    /// How the learning rate moves, for example `one cycle`.
    pub policy: String,
    /// Epochs asked for; absent where steps are.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub epochs: Option<u32>,
    /// Steps asked for; absent where epochs are.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub steps: Option<u32>,
    /// Where its weights come from.
    pub weights: StartWeights,
    /// Seeds by outcome; `wanted` holds those without a learning rate too.
    pub counts: Counts,
    /// Seeds without a learning rate to train with, by reason.
    #[serde(
        skip_serializing_if = "Vec::is_empty",
        default,
        deserialize_with = "old_words::reasons"
    )]
    pub without: Vec<(String, u32)>,
    /// The highest learning rate of the seeds that have a curve; absent without one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub lr: Option<Estimate>,
    /// The steps of [`TrainingSummary::loss`], from 0: all, or some hundreds of them evenly spread.
    pub at: Vec<u32>,
    /// Quantiles of the smoothed training loss; one value for each of `at`.
    pub loss: Band,
    /// The steps after which there was a validation.
    pub validated: Vec<u32>,
    /// Quantiles of the validation loss; one value for each of `validated`.
    pub validation_loss: Band,
    /// Quantiles of the validation accuracy, in the same order. With `early-end = "diverged-is-infinite"` a training
    /// that blew up counts as 0 from there on. Empty where not every validation had an accuracy.
    pub accuracy: Band,
    /// The least validation loss of each seed; infinite for one that blew up. Absent without a curve.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub best_loss: Option<Quantiles>,
    /// The last validation accuracy of each seed; 0 for one that blew up. Absent without a curve, and where not every
    /// validation had an accuracy.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub last_accuracy: Option<Quantiles>,
    /// One for each seed with a curve, by seed.
    pub seeds: Vec<TrainingSeed>,
}

/// Quantiles over seeds; infinite where that many of them are.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Quantiles {
    /// Median.
    #[serde(with = "number")]
    pub median: f64,
    /// Lower quantile.
    #[serde(with = "number")]
    pub lower: f64,
    /// Upper quantile.
    #[serde(with = "number")]
    pub upper: f64,
}

/// One seed of a training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct TrainingSeed {
    /// The seed.
    pub seed: u64,
    /// Its trial's id.
    pub trial: String,
    /// The other seed of its pair; absent where the training trains no pairs.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub partner: Option<u64>,
    /// Its highest learning rate.
    pub lr: f64,
    /// Its lowest one, where one was given.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub floor: Option<f64>,
    /// How its curve ended.
    pub end: End,
    /// The step at which it diverged, from 0; absent if it did not.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub diverged_step: Option<u32>,
    /// Steps trained.
    pub steps: u32,
    /// Smoothed training loss at the first of [`TrainingSummary::at`]; for figures.
    #[serde(with = "number::vec")]
    pub loss: Vec<f64>,
    /// Its least validation loss; infinite if it blew up.
    #[serde(with = "number")]
    pub best_loss: f64,
    /// Its last validation loss; infinite if it blew up.
    #[serde(with = "number")]
    pub last_loss: f64,
    /// Its last validation accuracy; 0 if it blew up.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub last_accuracy: Option<f64>,
}

/// How good suggestions are: trainings at each learning rate of a grid, and what a suggestion costs beside the best of
/// them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct LrGridSummary {
    /// How the learning rate of its trainings moves.
    pub policy: String,
    /// Epochs of each training; absent where steps are given.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub epochs: Option<u32>,
    /// Steps of each training; absent where epochs are given.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub steps: Option<u32>,
    /// The learning rates, ascending; three or more.
    pub lrs: Vec<f64>,
    /// Names of the trainings, in the order of `lrs`.
    pub trainings: Vec<String>,
    /// Quantiles of the least validation loss at each learning rate, over the seeds that have a curve at all of them.
    pub best_loss: Band,
    /// One for each seed behind the quantiles, by seed.
    pub seeds: Vec<LrGridSeed>,
    /// The learning rate of the least loss over these seeds; absent without one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub best_lr: Option<Estimate>,
    /// One for each way to choose a learning rate.
    pub regrets: Vec<Regret>,
}

/// One seed over the learning rates of a grid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct LrGridSeed {
    /// The seed.
    pub seed: u64,
    /// Least validation loss at each of [`LrGridSummary::lrs`].
    #[serde(with = "number::vec")]
    pub best_loss: Vec<f64>,
}

/// What it costs to take a suggestion: least validation loss at the suggested learning rate minus that at the rate of
/// the grid that is best by the other seeds, seed by seed, in nats. Below 0 where the suggestion did better.
///
/// The loss at a suggestion is that of a training at this rate (to 1e-9 decades) with the settings of the grid. Without
/// one it is read off the straight line over log10 of the learning rate between two rates of the grid; beside a rate at
/// which training blew up it is infinite. The rate to compare with has the least median loss over the other seeds: the
/// least of a seed's own losses would be too small by their noise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Regret {
    /// Whose suggestion, for example `own max LR` or the name of a rule.
    #[serde(deserialize_with = "old_words::words")]
    pub rule: String,
    /// Seeds with a regret.
    pub n: u32,
    /// Of these, seeds with a training at the suggested rate; the loss of the others is interpolated.
    #[serde(default)]
    pub measured: u32,
    /// Seeds whose suggestion lies below the least learning rate of the grid; they have none.
    pub below: u32,
    /// Seeds whose suggestion lies above the largest learning rate of the grid; they have none.
    pub above: u32,
    /// Seeds without a suggestion.
    pub without: u32,
    /// The suggested learning rates, those outside the grid included; absent without one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub suggestion: Option<Estimate>,
    /// Quantiles of the regret; absent when `n` is 0.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub regret: Option<Quantiles>,
    /// Confidence interval of the median regret by order statistics; absent when the seeds are too few for one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub interval: Option<Interval>,
}
