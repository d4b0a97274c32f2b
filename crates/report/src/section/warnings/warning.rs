//! The reasons for caution.

use seedband_core::summary::{Bound, Counts, Estimate};

/// The min LR or the max LR.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RangeEnd {
    /// The least learning rate of the range.
    MinLr,
    /// The largest.
    MaxLr,
}

/// A reason for caution.
#[derive(Debug, Clone, PartialEq)]
pub enum Warning {
    /// Names hold letters that the font of figures lacks.
    LettersLacking {
        /// Each once.
        letters: Vec<char>,
    },
    /// Seeds wait, or run now.
    Partial {
        /// What is counted: `seeds` or `trainings`.
        things: &'static str,
        /// By outcome.
        counts: Counts,
    },
    /// Seeds failed, and no other is to come.
    Failed {
        /// What is counted: `seeds` or `trainings`.
        things: &'static str,
        /// By outcome.
        counts: Counts,
    },
    /// Too few seeds for a narrow interval of the median.
    FewSeeds {
        /// Seeds behind the quantiles.
        n: u32,
        /// The median max LR, if there is one.
        max_lr: Option<Estimate>,
        /// Confidence asked for.
        confidence: f64,
    },
    /// No sample of this size bounds the outer quantiles.
    NoFiniteLimit {
        /// The least number of seeds behind a config.
        n: u32,
        /// The upper quantile.
        quantile: f64,
        /// Confidence asked for.
        confidence: f64,
        /// Seeds from which on there is a finite limit.
        needed: u32,
    },
    /// The rule has no answer for some seeds.
    NoAnswer {
        /// Which end.
        end: RangeEnd,
        /// Seeds without an answer, by reason.
        without: Vec<(String, u32)>,
        /// Seeds with a curve.
        finished: u32,
    },
    /// The rule took its second choice for some seeds.
    Fallbacks {
        /// Which end.
        end: RangeEnd,
        /// How many seeds.
        seeds: u32,
        /// Seeds with an answer.
        n: u32,
    },
    /// The min LR of some seeds lies above their max LR.
    Reversed {
        /// How many seeds.
        seeds: u32,
        /// Seeds with a curve.
        finished: u32,
    },
    /// The schedule cut off one end in some seeds.
    CutOff {
        /// Which end.
        end: RangeEnd,
        /// Whether it is known to be larger, or smaller.
        bound: Bound,
        /// In how many seeds.
        seeds: u32,
        /// Seeds with a curve.
        finished: u32,
    },
    /// The interval of a median is narrower than a step of the schedule.
    FinerThanStep {
        /// Which end.
        end: RangeEnd,
        /// Ratio of one learning rate of the schedule to that before it, at the median.
        step: f64,
    },
    /// One end differs a lot from seed to seed.
    WideSpread {
        /// Which end.
        end: RangeEnd,
        /// Lower and upper quantile in decades apart.
        decades: f64,
        /// The quantiles.
        quantiles: [f64; 2],
        /// Lower quantile of the end.
        lower: f64,
    },
    /// Training was stopped early, before the stop of some named rules had fired: they were added to the study later.
    RulesCut {
        /// How many rules.
        rules: u32,
        /// Named rules of the study.
        all: u32,
        /// The largest number of seeds on which one of them was cut.
        seeds: u32,
        /// Seeds with a curve.
        finished: u32,
    },
}
