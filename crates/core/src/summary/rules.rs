//! Several rules on the same curves.

use super::{Spread, Suggestion};
use crate::range_test::Answer;
use serde::{Deserialize, Serialize};

/// One named rule over the seeds of a config.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct RuleSummary {
    /// Its name in the study.
    pub name: String,
    /// Quantiles of its answers.
    pub spread: Spread,
    /// Its place by scatter, from 1 for the rule whose quantiles are fewest decades apart; equal scatter, equal place.
    /// Absent for a rule without an answer for most seeds, or for fewer than two: few answers lie close together by
    /// themselves.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rank: Option<u32>,
    /// The one rate that it suggests for all seeds; absent without a curve.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub suggestion: Option<Suggestion>,
    /// One for each seed with a curve, by seed.
    pub answers: Vec<RuleAnswer>,
}

/// A named rule on one curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct RuleAnswer {
    /// The seed.
    pub seed: u64,
    /// What the rule suggests.
    pub answer: Answer,
    /// The step at which the rule's own stop fired, if it did.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub stop_step: Option<u32>,
    /// Training was stopped early, before the rule's own stop fired, so more steps may change its answer.
    pub cut: bool,
}

/// How far two rules disagree on the same curves: quantiles over the seeds for which both have an answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Disagreement {
    /// Name of the one rule.
    pub first: String,
    /// Name of the other, which comes later in the study.
    pub second: String,
    /// Seeds for which both have an answer.
    pub n: u32,
    /// The distance in decades; absent when `n` is 0.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub distance: Option<Distance>,
}

/// Quantiles of log10(first / second), each seed's learning rates with each other: above 0 where the first suggests
/// more.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Distance {
    /// Median.
    pub median: f64,
    /// Lower quantile.
    pub lower: f64,
    /// Upper quantile.
    pub upper: f64,
}

impl RuleSummary {
    /// Seeds whose training was stopped early, before this rule's own stop fired.
    pub fn cut(&self) -> u32 {
        self.answers.iter().filter(|answer| answer.cut).count() as u32
    }
}
