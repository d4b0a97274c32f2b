//! How two configs differ, seed by seed.

use super::Interval;
use crate::number;
use serde::{Deserialize, Serialize};

/// Two configs over the seeds that both have: a seed has the same random streams in both.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ConfigDifference {
    /// Name of the config that comes first in the study.
    pub first: String,
    /// Name of the other.
    pub second: String,
    /// Of their min LRs; absent without a seed that has one in both.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub min_lr: Option<PairedDifference>,
    /// Of their max LRs; absent without a seed that has one in both.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub max_lr: Option<PairedDifference>,
}

/// Differences of one learning rate, seed by seed: log10(first / second), in decades.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct PairedDifference {
    /// Seeds that have the rate in both configs.
    pub n: u32,
    /// Of these, seeds whose rate is a bound in either.
    pub bounds: u32,
    /// Median over the seeds, bounds taken as they are.
    #[serde(with = "number")]
    pub median: f64,
    /// Confidence interval of the median by order statistics; absent when the seeds are too few for one. Infinite where
    /// bounds reach into it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub interval: Option<Interval>,
    /// Probability of so uneven a split of seeds with a larger and with a smaller rate where neither is likelier: the
    /// exact sign test, corrected by Holm's method for all pairs of configs. Seeds with equal rates are left out; one
    /// whose bound does not tell is counted against a difference.
    pub p: f64,
    /// Whether `p` is below 1 minus the study's confidence.
    pub differs: bool,
}
