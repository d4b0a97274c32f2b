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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Scaling {
    /// Seeds with this rate, above 0, at every batch size; the others say nothing here.
    pub n: u32,
    /// The exponent over those seeds; absent without one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub exponent: Option<Exponent>,
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
