//! The share of seeds that have diverged, by learning rate.

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize};

/// How many seeds of a config have diverged by each learning rate, estimated over all seeds with a curve.
///
/// Divergence is what [`Analysis::diverged_at`](crate::range_test::Analysis::diverged_at) says. A seed that had not
/// diverged at the last step of its curve is known to have held up to there and nothing more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct DivergenceRisk {
    /// Seeds with a curve.
    pub n: u32,
    /// Seeds among them whose curve ends before the last planned step although they had not diverged: stopped early by
    /// an earlier rule.
    #[serde(alias = "cut")]
    pub censored: u32,
    /// The estimate, by ascending learning rate: at the first planned rate and wherever it changes. It holds from there
    /// to the next entry, and from the last one as long as any seed was followed. Empty without a curve.
    pub steps: Vec<RiskStep>,
    /// The largest learning rate that the estimate holds for: the last planned one, unless every seed left was censored
    /// before.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub until: Option<f64>,
    /// The share that may have diverged at a recommended rate: `statistics.risk`.
    pub accepted: f64,
    /// The largest planned learning rate that at most that share of new seeds is expected to diverge at; absent where
    /// the seeds are too few to name one, or too many of them diverged at the first rate.
    #[serde(skip_serializing_if = "Option::is_none", default, deserialize_with = "corrected")]
    pub largest: Option<LargestLr>,
}

/// A learning rate that was chosen because few seeds had diverged at it, and what it means for new seeds.
///
/// Of n seeds, the rate is the largest planned one below that at which the j-th seed diverged, with j the greatest whole
/// number of at most `accepted` (n + 1). The share of all seeds that diverge below the j-th of n has a Beta
/// distribution of j and n - j + 1 (Wilks, Ann. Math. Stat. 12, 1941), whatever the distribution of rates: its mean is
/// j / (n + 1). Ties on the grid only make the share smaller.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct LargestLr {
    /// The learning rate.
    pub lr: f64,
    /// Seeds that had diverged at it or before.
    pub diverged: u32,
    /// Share of new seeds that is expected to diverge at it or before, from 0 to 1; at most `accepted`.
    pub expected: f64,
    /// Upper limit of that share, one-sided, at the study's confidence.
    pub upper: f64,
}

/// The share that had diverged at a learning rate or before it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct RiskStep {
    /// The learning rate.
    pub lr: f64,
    /// Seeds that had diverged, at this rate or before.
    pub diverged: u32,
    /// Seeds still followed at this rate: they had not diverged below it, and their curve reaches it.
    pub at_risk: u32,
    /// Estimate of the share, from 0 to 1.
    pub share: f64,
    /// Lower limit of its confidence interval.
    pub lower: f64,
    /// Upper limit.
    pub upper: f64,
}

/// The rate as it is named today; none where a summary of before has one that was not corrected for its being chosen.
fn corrected<'de, D: Deserializer<'de>>(stored: D) -> Result<Option<LargestLr>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Stored {
        Corrected(LargestLr),
        Other(IgnoredAny),
    }
    Ok(match Stored::deserialize(stored)? {
        Stored::Corrected(largest) => Some(largest),
        Stored::Other(IgnoredAny) => None,
    })
}
