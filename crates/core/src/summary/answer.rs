//! What a config's seeds come to: one learning rate, how many seeds support it, and what to do next.

use super::Interval;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The answer of a config over all its seeds (`configs[].answer`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ConfigAnswer {
    /// What kind of answer it is.
    pub kind: AnswerKind,
    /// The learning rate, and how far the range tests support it. Of [`AnswerKind::UseMeasured`] it is the best of the
    /// grid, and `held_out` is absent.
    #[serde(flatten)]
    pub suggestion: Suggestion,
    /// Seeds whose min LR lies above their max LR.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub crossed: u32,
    /// What trainings over a grid of learning rates say; absent without one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub measured: Option<Measured>,
    /// A line of TOML for the study: the one setting whose change helps; absent where nothing has to change.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub next: Option<String>,
    /// With how many seeds more the answer is likely to be known; only of [`AnswerKind::MoreSeeds`].
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub more_seeds: Option<MoreSeeds>,
}

impl ConfigAnswer {
    /// The rate that the range tests suggest, whatever trainings say of it.
    pub fn suggested_lr(&self) -> Option<f64> {
        self.measured
            .as_ref()
            .map_or(self.suggestion.lr, |measured| measured.suggested)
    }
}

/// One learning rate for all seeds, and how many of them support it.
///
/// A seed *supports* a learning rate that lies in its range, min LR and max LR included. A seed without a range, or
/// whose min LR lies above its max LR, supports nothing and still counts among `seeds`. Where there is a single
/// suggestion a seed, it supports what lies within `tolerance` of it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub struct Suggestion {
    /// The middle, on a logarithmic axis, of the widest stretch of learning rates that most seeds support. Absent where
    /// no seed supports any.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub lr: Option<f64>,
    /// Seeds that support `lr`.
    pub support: u32,
    /// Seeds with a curve: distinct trials, those that diverged or gave no range included.
    pub seeds: u32,
    /// How rates chosen from the other seeds fared with the seed that was left out; absent with fewer than two seeds.
    #[serde(flatten, skip_serializing_if = "Option::is_none", default)]
    pub held_out: Option<HeldOut>,
    /// The widest interval that lies whole in the ranges of at least 90 % of the seeds or, where there is none, of as
    /// many as share any learning rate.
    #[serde(flatten, skip_serializing_if = "Option::is_none", default)]
    pub range: Option<SharedRange>,
    /// A factor: a suggestion supports the rates from itself divided by this to itself times this. Absent where there
    /// are ranges.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub tolerance: Option<f64>,
}

/// Kinds of answer. Each config has one, the first that holds in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnswerKind {
    /// Trainings over a grid of learning rates: their best one says more than any range test.
    UseMeasured,
    /// Half of the seeds or more have no range, since their curves have too few points for the rules and did not end by
    /// diverging in the first tenth of the schedule.
    MoreSteps,
    /// The loss does not fall by more than its noise.
    NoDescent,
    /// The least learning rate of the schedule bounds what most seeds answer.
    LowerStart,
    /// The largest learning rate of the schedule bounds what most seeds answer.
    RaiseEnd,
    /// Both ends are known, and in a quarter of the seeds or more the min LR lies above the max LR.
    RulesCross,
    /// The suggested rate lies in the ranges of most new seeds.
    Use,
    /// Too few seeds to tell whether it does.
    MoreSeeds,
    /// It does not: no learning rate is good for most seeds.
    Disagree,
}

impl AnswerKind {
    /// All of them, in the order in which they are tried.
    pub const ALL: [Self; 9] = [
        Self::UseMeasured,
        Self::MoreSteps,
        Self::NoDescent,
        Self::LowerStart,
        Self::RaiseEnd,
        Self::RulesCross,
        Self::Use,
        Self::MoreSeeds,
        Self::Disagree,
    ];

    /// As written in `summary.json`: `use-measured`.
    pub fn name(self) -> &'static str {
        match self {
            Self::UseMeasured => "use-measured",
            Self::MoreSteps => "more-steps",
            Self::NoDescent => "no-descent",
            Self::LowerStart => "lower-start",
            Self::RaiseEnd => "raise-end",
            Self::RulesCross => "rules-cross",
            Self::Use => "use",
            Self::MoreSeeds => "more-seeds",
            Self::Disagree => "disagree",
        }
    }

    /// Whether the rate that comes with it is one to train with.
    pub fn is_usable(self) -> bool {
        matches!(self, Self::Use | Self::UseMeasured)
    }
}

impl fmt::Display for AnswerKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How a choice made from all seeds but one fared with that one, for each seed in turn.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct HeldOut {
    /// Seeds left out that supported what was chosen without them.
    pub held: u32,
    /// Seeds left out, each once.
    pub left_out: u32,
    /// The share of new seeds to expect: `held` / `left_out`.
    pub expected: f64,
    /// Its interval.
    pub interval: Interval,
}

/// An interval of learning rates that lies whole in the ranges of many seeds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct SharedRange {
    /// Its lower end.
    pub min_lr: f64,
    /// Its upper end.
    pub max_lr: f64,
    /// Seeds in whose range it lies whole.
    pub range_support: u32,
    /// How intervals chosen from the other seeds fared with the seed that was left out; absent with fewer than two
    /// seeds.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub range_held_out: Option<HeldOut>,
}

/// What a grid of trainings says of a config.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Measured {
    /// Policy of the trainings.
    pub policy: String,
    /// What the range tests suggest; absent where they suggest nothing.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub suggested: Option<f64>,
    /// Rates of the grid.
    pub rates: u32,
    /// Seeds with a training at every rate of the grid.
    pub n: u32,
    /// Of these, seeds that trained best at the suggested rate.
    pub best_of: u32,
    /// The learning rates of the grid next to the suggested one, below and above; a missing one says that the best rate
    /// is the first or the last of the grid, so that it is a bound.
    pub neighbours: [Option<f64>; 2],
}

/// A guess at a number of seeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct MoreSeeds {
    /// So many more if the share stays what it is; absent where it is then no number that helps.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub likely: Option<u32>,
    /// So many more if every further seed supports the rate: no fewer can be enough.
    pub least: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}
