//! What the aggregator makes and the report shows: `aggregate/summary.json`.
//!
//! No bare number: a value travels with its spread and with how many seeds are behind it. Learning rates and losses are
//! plain values (losses in nats), whatever space their quantiles were taken in.

mod answer;
mod bound;
mod difference;
mod divergence_risk;
mod metric;
mod old_words;
pub mod overlap;
mod rules;
mod scaling;
pub mod settled;
mod training;
mod validation;
pub mod variation;

pub use answer::{AnswerKind, ConfigAnswer, HeldOut, Measured, MoreSeeds, SharedRange, Suggestion};
pub use bound::{Bound, EstimateBounds};
pub use difference::{ConfigDifference, PairedDifference};
pub use divergence_risk::{DivergenceRisk, LargestLr, RiskStep};
pub use metric::MetricSummary;
pub use rules::{Disagreement, Distance, RuleAnswer, RuleSummary};
pub use scaling::{Exponent, LocalSlope, Scaling, ScalingSummary, SeedSlopes};
pub use training::{LrGridSeed, LrGridSummary, Quantiles, Regret, TrainingSeed, TrainingSummary};
pub use validation::{Jitter, SeedLosses, ValidationSummary};

use crate::files::curve::End;
use crate::number;
use crate::range_test::{Answer, Divergence, Pairing};
use crate::settings::{EarlyEnd, LrSpace, Statistics};
use serde::{Deserialize, Serialize};
use variation::VariationGroup;

/// Version of the format. Version 1, of seedband 0.1, had other names for the min LR and the max LR; version 2 had no
/// `answer`. Both are still read.
pub const VERSION: u32 = 3;

/// A study in numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Summary {
    /// [`VERSION`].
    pub version: u32,
    /// Name of the study.
    pub study: String,
    /// Its title, or its name.
    pub title: String,
    /// What it asks; may be empty.
    pub description: String,
    /// Lower and upper quantile of all bands.
    pub quantiles: [f64; 2],
    /// What curves count as after their end.
    pub early_end: EarlyEnd,
    /// The space of all quantiles of learning rates.
    pub lr_space: LrSpace,
    /// Least confidence of the intervals.
    pub confidence: f64,
    /// Whether seeds were added after looks at the results: intervals of medians then hold at all looks together, as
    /// confidence sequences.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub repeated_looks: bool,
    /// To within how many decades the median max LR has to be known for the search for seeds to end.
    #[serde(default = "precision")]
    pub precision: f64,
    /// One for each config, in the study's order.
    pub configs: Vec<ConfigSummary>,
    /// Sweeps over batch size among them; empty for a study without.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub scalings: Vec<ScalingSummary>,
    /// Configs that differ only in which random streams follow the seed; empty for a study without.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub variation: Vec<VariationGroup>,
    /// Every two configs, seed by seed, in the study's order; empty for one config, and for more than 50.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub differences: Vec<ConfigDifference>,
}

impl Summary {
    /// Whether every seed of every config has a curve.
    pub fn all_run(&self) -> bool {
        self.configs.iter().all(|config| config.counts.all_run())
    }
}

/// What it was before it could be set.
fn precision() -> f64 {
    Statistics::PRECISION
}

/// One config over its seeds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub struct ConfigSummary {
    /// Its name.
    pub name: String,
    /// The settings that tell it from the study's other configs: dotted key, value.
    #[serde(deserialize_with = "old_words::labels")]
    pub labels: Vec<(String, String)>,
    /// The random streams that follow the seed: of `weights`, `order` and, where images are augmented, `augmentation`.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub varies: Vec<String>,
    /// Human names of the two rules, for example `steepest descent` and `least loss / 10`.
    pub rules: RuleNames,
    /// Seeds by outcome.
    pub counts: Counts,
    /// The learning rate that each planned step is filed under.
    pub lrs: Vec<f64>,
    /// By which pairing; absent where the schedule does not lag, since all pairings are the same there.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub pairing: Option<Pairing>,
    /// Quantiles of the smoothed loss, stop rule on.
    pub smoothed: Band,
    /// Quantiles of the raw loss.
    pub raw: Band,
    /// The validation loss; absent where none was measured.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub validation: Option<ValidationSummary>,
    /// What the trainer told beside the loss, by name; empty where it told nothing. Of more than
    /// [`MOST_METRICS`](crate::files::curve::MOST_METRICS) names the first.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub metrics: Vec<MetricSummary>,
    /// What counts as diverged, with every default written out; not written where the stop rule decides.
    #[serde(skip_serializing_if = "Divergence::is_default", default)]
    pub divergence: Divergence,
    /// The share of seeds that had diverged at each learning rate; absent from summaries of earlier versions.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub risk: Option<DivergenceRisk>,
    /// Quantiles of the min LR.
    #[serde(alias = "low")]
    pub min_lr: Spread,
    /// Quantiles of the max LR.
    #[serde(alias = "high")]
    pub max_lr: Spread,
    /// What the seeds come to; absent without a curve, and from summaries of earlier versions.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub answer: Option<ConfigAnswer>,
    /// Seeds by the decade in which their smoothed loss is least, ascending.
    pub decades: Vec<Decade>,
    /// One for each seed with a curve, by seed.
    pub seeds: Vec<SeedSummary>,
    /// The study's named rules on the same curves, in its order; empty for a study without.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub named_rules: Vec<RuleSummary>,
    /// How far any two of them disagree, each pair once.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub disagreements: Vec<Disagreement>,
    /// What is trained after the range test, in the study's order; empty for a config without.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub trainings: Vec<TrainingSummary>,
    /// Trainings over grids of learning rates, beside the suggestions; empty for a config without a grid.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    #[serde(alias = "calibrations")]
    pub lr_grids: Vec<LrGridSummary>,
}

/// Human names of a config's two rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub struct RuleNames {
    /// That of the min LR.
    #[serde(alias = "low")]
    pub min_lr: String,
    /// That of the max LR.
    #[serde(alias = "high")]
    pub max_lr: String,
}

/// Seeds by outcome. `finished` counts every seed with a curve, `diverged` those among them that diverged, as
/// [`Analysis::diverged_at`](crate::range_test::Analysis::diverged_at) defines it.
///
/// Written with one key more where seeds are not yet run: `"partial": "4 of 20 seeds"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case", default, into = "WrittenCounts")]
pub struct Counts {
    /// Seeds that the study asks for, each a trial of its own.
    pub wanted: u32,
    /// Seeds with a curve.
    pub finished: u32,
    /// Seeds with a curve that diverged.
    pub diverged: u32,
    /// Seeds whose last attempt failed for outside reasons; left out of all quantiles.
    pub failed: u32,
    /// Seeds not yet run.
    pub missing: u32,
    /// Further seeds that the study asks for and that would repeat a trial, since every random stream is fixed; not
    /// among `wanted`.
    pub repeats: u32,
}

impl Counts {
    /// Whether every seed that the study asks for has a curve.
    pub fn all_run(&self) -> bool {
        self.finished == self.wanted
    }

    /// Whether seeds wait, or run now: what there is may then differ from what there will be, for seeds that end early
    /// are there first.
    pub fn is_partial(&self) -> bool {
        self.missing > 0
    }
}

/// [`Counts`] as they are written.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct WrittenCounts {
    wanted: u32,
    finished: u32,
    diverged: u32,
    failed: u32,
    missing: u32,
    #[serde(skip_serializing_if = "is_zero")]
    repeats: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    partial: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl From<Counts> for WrittenCounts {
    fn from(counts: Counts) -> Self {
        let Counts {
            wanted,
            finished,
            diverged,
            failed,
            missing,
            repeats,
        } = counts;
        Self {
            wanted,
            finished,
            diverged,
            failed,
            missing,
            repeats,
            partial: counts.is_partial().then(|| format!("{finished} of {wanted} seeds")),
        }
    }
}

/// Quantiles over seeds at each step. All lists have one value a planned step, or none at all when no seed has a curve.
/// A value may be infinite: most seeds, or the quantile's share of them, had diverged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub struct Band {
    /// Seeds behind the quantiles.
    pub n: u32,
    /// Seeds whose curve had ended before this step.
    pub ended: Vec<u32>,
    /// Median.
    #[serde(with = "number::vec")]
    pub median: Vec<f64>,
    /// Lower quantile.
    #[serde(with = "number::vec")]
    pub lower: Vec<f64>,
    /// Upper quantile.
    #[serde(with = "number::vec")]
    pub upper: Vec<f64>,
}

/// Quantiles of one learning rate over the seeds that have it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub struct Spread {
    /// Seeds with a value.
    pub n: u32,
    /// Seeds with a curve but without a value, by reason.
    pub without: Vec<(String, u32)>,
    /// Seeds whose rule fell back to a second choice.
    pub fallbacks: u32,
    /// The quantiles; absent when no seed has a value.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub estimate: Option<Estimate>,
}

/// A median that does not travel alone.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Estimate {
    /// Median.
    pub median: f64,
    /// Lower quantile.
    pub lower: f64,
    /// Upper quantile.
    pub upper: f64,
    /// Distance from lower to upper quantile in decades: log10(upper / lower).
    pub decades: f64,
    /// Confidence interval of the median by order statistics; absent when the seeds are too few for one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub interval: Option<Interval>,
    /// Which of these are bounds rather than values.
    #[serde(skip_serializing_if = "EstimateBounds::is_none", default)]
    pub bounds: EstimateBounds,
}

/// A distribution-free confidence interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Interval {
    /// Lower limit.
    #[serde(alias = "low", with = "number")]
    pub lower: f64,
    /// Upper limit.
    #[serde(alias = "high", with = "number")]
    pub upper: f64,
    /// Its exact confidence, at least what was asked for.
    pub confidence: f64,
}

impl Interval {
    /// Whether a value lies in it, its limits included.
    pub fn holds(&self, value: f64) -> bool {
        self.lower <= value && value <= self.upper
    }
}

/// Seeds whose least smoothed loss lies in neighbouring decades of learning rates, with a gap of half a decade or more to
/// all other seeds where another begins: a group of curves if it has two or more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Decade {
    /// Power of ten that begins its first decade.
    pub exponent: i32,
    /// Power of ten that begins its last decade; absent where that is the first.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub last: Option<i32>,
    /// Number of seeds.
    pub seeds: u32,
    /// Median of their smoothed losses at each planned step.
    #[serde(with = "number::vec")]
    pub median: Vec<f64>,
    /// Quantiles of their min LR.
    #[serde(alias = "low")]
    pub min_lr: Spread,
    /// Quantiles of their max LR.
    #[serde(alias = "high")]
    pub max_lr: Spread,
}

impl Decade {
    /// The powers of ten that begin its decades.
    pub fn exponents(&self) -> std::ops::RangeInclusive<i32> {
        self.exponent..=self.last.unwrap_or(self.exponent)
    }
}

/// One seed of a config.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct SeedSummary {
    /// The seed.
    pub seed: u64,
    /// Its trial's id.
    pub trial: String,
    /// How its curve ended.
    pub end: End,
    /// The step at which the stop rule fired, if it did.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub stop_step: Option<u32>,
    /// The step at which it diverged, if it did.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub diverged_step: Option<u32>,
    /// Smoothed losses up to and including the stop, for figures. Not part of the file, whose table `curves` has them:
    /// empty in a summary that was read.
    #[serde(skip)]
    pub smoothed: Vec<f64>,
    /// The learning rate at which its smoothed loss is least.
    #[serde(with = "number::option", default)]
    pub least_lr: Option<f64>,
    /// The power of ten that begins the decade of that rate; absent where there is none above 0.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub decade: Option<i32>,
    /// The min LR.
    #[serde(alias = "low")]
    pub min_lr: Answer,
    /// The max LR.
    #[serde(alias = "high")]
    pub max_lr: Answer,
    /// Whether the schedule cut the min LR off, so that it is a bound.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub min_lr_bound: Option<Bound>,
    /// Whether the schedule cut the max LR off, so that it is a bound.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub max_lr_bound: Option<Bound>,
}

/// How far apart two learning rates are that count as one, relative: roundings of a schedule computed in two ways.
const SAME_LR: f64 = 1e-9;

impl SeedSummary {
    /// Its min LR and max LR where both are above 0; the first may lie above the second. Two that differ by no more
    /// than rounding are one, the max LR.
    pub fn ends(&self) -> Option<(f64, f64)> {
        let usable = |answer: Answer| answer.lr().filter(|lr| *lr > 0.0 && lr.is_finite());
        let (min, max) = usable(self.min_lr).zip(usable(self.max_lr))?;
        let is_tie = (min / max - 1.0).abs() < SAME_LR;
        Some((if is_tie { max } else { min }, max))
    }

    /// Its range: the learning rates that it supports; none where one of the two is missing or the min LR lies above
    /// the max LR.
    pub fn range(&self) -> Option<(f64, f64)> {
        self.ends().filter(|(min, max)| min <= max)
    }

    /// Whether its min LR lies above its max LR. Of a min LR that is only known to be smaller, or a max LR that is only
    /// known to be larger, the order is not known.
    pub fn is_crossed(&self) -> bool {
        let is_known = self.min_lr_bound != Some(Bound::AtMost) && self.max_lr_bound != Some(Bound::AtLeast);
        is_known && self.ends().is_some_and(|(min, max)| min > max)
    }
}
