//! What to keep in mind when reading a study's numbers. Each warning ends with one piece of advice.

#[cfg(test)]
mod tests;
mod words;

use crate::section::{partial, verdict};
use seedband_core::summary::{ConfigSummary, Counts, Interval, RuleSummary, SeedSummary, Spread, Summary};

/// Fewer seeds than this call for a warning: with 20 the median has an interval of 95.9 %, the 6th to the 15th value.
const ENOUGH_SEEDS: u32 = 20;
/// Quantiles of one end that are this many decades apart call for a warning.
const WIDE: f64 = 1.0;

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
        /// Interval of the median max LR, if there is one.
        interval: Option<Interval>,
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
    /// Most seeds never diverged, so the largest learning rate tried may have cut off the max LR.
    EdgeOfGrid {
        /// Seeds that did not diverge.
        seeds: u32,
        /// Seeds with a curve.
        finished: u32,
        /// The largest learning rate tried.
        largest: f64,
    },
    /// No learning rate lies in enough ranges.
    NoConsensus {
        /// Share of seeds asked for.
        share: f64,
        /// The largest number of ranges that share a learning rate.
        most: u32,
        /// Seeds with a range.
        n: u32,
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

impl Warning {
    /// What holds for the study as a whole.
    pub fn of_study(summary: &Summary) -> Vec<Self> {
        let quantile = summary.quantiles[1];
        let Some(n) = summary
            .configs
            .iter()
            .map(|config| config.smoothed.n)
            .filter(|&n| n > 0)
            .min()
        else {
            return Vec::new();
        };
        seeds_for_limit(quantile, summary.confidence)
            .filter(|&needed| n < needed)
            .map(|needed| Self::NoFiniteLimit {
                n,
                quantile,
                confidence: summary.confidence,
                needed,
            })
            .into_iter()
            .collect()
    }

    /// What holds for one config.
    pub fn of_config(summary: &Summary, config: &ConfigSummary) -> Vec<Self> {
        let counts = config.counts;
        let mut warnings = Vec::new();
        warnings.extend(of_counts("seeds", counts));
        warnings.extend(of_counts("trainings", partial::trainings(&config.trainings)));
        if counts.finished == 0 {
            return warnings;
        }
        if config.smoothed.n < ENOUGH_SEEDS {
            let interval = config.max_lr.estimate.and_then(|estimate| estimate.interval);
            warnings.push(Self::FewSeeds {
                n: config.smoothed.n,
                interval,
                confidence: summary.confidence,
            });
        }
        let consensus = &config.consensus;
        if consensus.n > 0 && (consensus.min_lr.is_none() || consensus.max_lr.is_none()) {
            warnings.push(Self::NoConsensus {
                share: consensus.share,
                most: consensus.most,
                n: consensus.n,
            });
        }
        for (end, spread) in [(RangeEnd::MinLr, &config.min_lr), (RangeEnd::MaxLr, &config.max_lr)] {
            warnings.extend(of_spread(summary, end, spread, counts.finished));
        }
        let is_reversed =
            |seed: &&SeedSummary| matches!((seed.min_lr.lr(), seed.max_lr.lr()), (Some(min), Some(max)) if min > max);
        let reversed = config.seeds.iter().filter(is_reversed).count() as u32;
        if reversed > 0 {
            warnings.push(Self::Reversed {
                seeds: reversed,
                finished: counts.finished,
            });
        }
        let calm = counts.finished.saturating_sub(counts.diverged);
        if calm >= counts.finished.div_ceil(2) {
            warnings.push(Self::EdgeOfGrid {
                seeds: calm,
                finished: counts.finished,
                largest: verdict::largest_lr(config),
            });
        }
        warnings.extend(of_rules(config));
        warnings
    }
}

fn of_counts(things: &'static str, counts: Counts) -> Option<Warning> {
    if counts.is_partial() {
        Some(Warning::Partial { things, counts })
    } else if counts.failed > 0 {
        Some(Warning::Failed { things, counts })
    } else {
        None
    }
}

fn of_rules(config: &ConfigSummary) -> Option<Warning> {
    let cuts = || {
        config
            .named_rules
            .iter()
            .map(RuleSummary::cut)
            .filter(|seeds| *seeds > 0)
    };
    cuts().max().map(|seeds| Warning::RulesCut {
        rules: cuts().count() as u32,
        all: config.named_rules.len() as u32,
        seeds,
        finished: config.counts.finished,
    })
}

fn of_spread(summary: &Summary, end: RangeEnd, spread: &Spread, finished: u32) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if !spread.without.is_empty() {
        warnings.push(Warning::NoAnswer {
            end,
            without: spread.without.clone(),
            finished,
        });
    }
    if spread.fallbacks > 0 {
        warnings.push(Warning::Fallbacks {
            end,
            seeds: spread.fallbacks,
            n: spread.n,
        });
    }
    if let Some(estimate) = spread.estimate.filter(|estimate| estimate.decades >= WIDE) {
        let (decades, lower) = (estimate.decades, estimate.lower);
        warnings.push(Warning::WideSpread {
            end,
            decades,
            quantiles: summary.quantiles,
            lower,
        });
    }
    warnings
}

/// The least number of values whose largest exceeds the `quantile` of their distribution with the given confidence: the least `n` with
/// `1 - quantile^n >= confidence`. None where no number is enough.
fn seeds_for_limit(quantile: f64, confidence: f64) -> Option<u32> {
    let needed = (1.0 - confidence).ln() / quantile.ln();
    (needed.is_finite() && needed > 0.0).then(|| needed.ceil() as u32)
}
