//! Where a spread over seeds comes from: configs compared that differ in their streams.
//!
//! They differ in nothing but which random streams vary (`[streams]`). In a config where only the batch order varies,
//! what scatters is the order's doing; in one where everything varies, all sources act together.

use super::{Bound, Interval};
use crate::number;
use serde::{Deserialize, Serialize};

/// Configs that differ only in their streams.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct VariationGroup {
    /// One for each config, in the study's order; two or more.
    pub configs: Vec<VariationConfig>,
    /// Name of the config to compare with: that in which every stream varies that varies in any of them; absent without
    /// such a config.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub full: Option<String>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct VariationConfig {
    /// Its name.
    pub config: String,
    /// The streams that follow the seed.
    pub varies: Vec<String>,
    /// Scatter of the min LR; absent with fewer than two answers.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub min_lr: Option<Scatter>,
    /// Scatter of the max LR; absent with fewer than two answers.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub max_lr: Option<Scatter>,
}

/// How far a learning rate scatters over seeds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Scatter {
    /// Seeds with an answer.
    pub n: u32,
    /// Median absolute deviation of log10 of the learning rate from its median, in decades: half of the seeds lie closer.
    pub spread: f64,
    /// Its interval by the percentile bootstrap; absent with fewer than 10 answers.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub interval: Option<Interval>,
    /// Whether `spread` would be larger if the answers that the schedule cut off lay further out.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub bound: Option<Bound>,
    /// Beside the group's config in which all vary; absent for that config itself, and without one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub beside_full: Option<ScatterRatio>,
}

/// A scatter beside that where all streams vary.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ScatterRatio {
    /// Its spread over that where all vary; infinite, or absent for 0 over 0, where that does not spread. Ratios of
    /// single streams need not add up in any way: streams act together.
    #[serde(skip_serializing_if = "Option::is_none", default, with = "number::option")]
    pub ratio: Option<f64>,
    /// Interval of the ratio by the percentile bootstrap; absent with fewer than 10 answers in either config.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub interval: Option<Interval>,
    /// Probability of a difference in scatter this large or larger where there is none, by the test of Fligner and
    /// Killeen, corrected by Holm's method for all configs of the group that are compared.
    pub p: f64,
    /// Whether `p` is below 1 minus the study's confidence.
    pub differs: bool,
}
