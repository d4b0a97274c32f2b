//! How suggested learning rates grow with the batch size.

use super::{Interval, old_words};
use serde::{Deserialize, Serialize};

/// Configs that differ in nothing but their batch size, of which there are three or more, and at most in their number
/// of steps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ScalingSummary {
    /// Names of the configs, by ascending batch size.
    pub configs: Vec<String>,
    /// Their batch sizes.
    pub batch_sizes: Vec<u32>,
    /// What they share and other configs of the study do not: dotted key, value.
    #[serde(deserialize_with = "old_words::labels")]
    pub shared: Vec<(String, String)>,
    /// Whether their schedules have different numbers of steps, which may move a suggestion too.
    pub steps_differ: bool,
    /// Of the min LR.
    #[serde(alias = "low")]
    pub min_lr: Scaling,
    /// Of the max LR.
    #[serde(alias = "high")]
    pub max_lr: Scaling,
}

/// One of the two rates as a power of the batch size.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub struct Scaling {
    /// Seeds with this rate measured at every batch size: above 0, in a range that is not reversed, and not cut off by
    /// the schedule. The others say nothing here.
    pub n: u32,
    /// Seeds with this rate at every size that are left out since their min LR lies above their max LR at one of them.
    #[serde(default)]
    pub reversed: u32,
    /// Further seeds that are left out since the schedule cut this rate off at one of the sizes, so that it is a bound.
    #[serde(default)]
    pub bounds: u32,
    /// The exponent over the `n` seeds; absent without one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub exponent: Option<Exponent>,
    /// Whether one power fits all sizes, as far as these seeds can tell: false where the slope of a pair of neighbouring
    /// sizes is told apart from that of the seed's line. Absent where the seeds are too few to tell.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub is_straight: Option<bool>,
    /// One for each pair of neighbouring sizes, ascending; empty without a seed.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub local: Vec<LocalSlope>,
    /// One for each of the `n` seeds, by seed.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub seeds: Vec<SeedSlopes>,
}

/// The exponent of a power law: LR proportional to batch size to the power of it. The linear rule says 1, the
/// square-root rule 0.5.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Exponent {
    /// Median of the seeds' exponents.
    pub median: f64,
    /// Lower quantile.
    pub lower: f64,
    /// Upper quantile.
    pub upper: f64,
    /// Confidence interval of the median by order statistics; absent when the seeds are too few for one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub interval: Option<Interval>,
    /// The learning rate of the fit at the geometric mean of the batch sizes: the median over the seeds of their
    /// geometric means.
    pub middle: f64,
}

/// The exponent between two neighbouring batch sizes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct LocalSlope {
    /// The smaller batch size.
    pub from: u32,
    /// The larger one.
    pub to: u32,
    /// Median over the seeds of log(LR at `to` / LR at `from`) / log(`to` / `from`).
    pub median: f64,
    /// Confidence interval of the median by order statistics; absent when the seeds are too few for one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub interval: Option<Interval>,
    /// Probability of so uneven a split of seeds whose local slope lies above or below that of their own line, where
    /// neither is likelier: the sign test, corrected by Holm's method for all pairs of sizes.
    pub p: f64,
}

/// The slopes of one seed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct SeedSlopes {
    /// The seed.
    pub seed: u64,
    /// Of its line over all sizes, by least squares on logarithms.
    pub slope: f64,
    /// Between neighbouring sizes, ascending.
    pub local: Vec<f64>,
}
