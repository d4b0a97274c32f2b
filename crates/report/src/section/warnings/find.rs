//! Which warnings a summary calls for.

use super::{RangeEnd, Warning};
use crate::section::loss_plot::largest_lr;
use crate::section::partial;
use seedband_core::summary::{ConfigSummary, Counts, RuleSummary, SeedSummary, Spread, Summary};

/// Fewer seeds than this call for a warning: with 20 the median has an interval of 95.9 %, the 6th to the 15th value.
pub(crate) const ENOUGH_SEEDS: u32 = 20;
/// Quantiles of one rate that are this many decades apart call for a warning.
const WIDE: f64 = 1.0;

impl Warning {
    /// Those of the study as a whole.
    pub fn of_study(summary: &Summary) -> Vec<Self> {
        let quantile = summary.quantiles[1];
        let seeds = summary.configs.iter().map(|config| config.smoothed.n);
        let Some(n) = seeds.filter(|&n| n > 0).min() else {
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

    /// Those of one config.
    pub fn of_config(summary: &Summary, config: &ConfigSummary) -> Vec<Self> {
        let counts = config.counts;
        let mut warnings = Vec::new();
        warnings.extend(of_counts("seeds", counts));
        warnings.extend(of_counts("trainings", partial::trainings(&config.trainings)));
        if counts.finished == 0 {
            return warnings;
        }
        warnings.extend(few_seeds(summary, config));
        warnings.extend(no_consensus(config));
        for (end, spread) in [(RangeEnd::MinLr, &config.min_lr), (RangeEnd::MaxLr, &config.max_lr)] {
            warnings.extend(of_spread(summary, end, spread, counts.finished));
        }
        warnings.extend(reversed(config));
        warnings.extend(edge_of_grid(config));
        warnings.extend(of_rules(config));
        warnings
    }
}

fn few_seeds(summary: &Summary, config: &ConfigSummary) -> Option<Warning> {
    let n = config.smoothed.n;
    (n < ENOUGH_SEEDS).then(|| Warning::FewSeeds {
        n,
        interval: config.max_lr.estimate.and_then(|estimate| estimate.interval),
        confidence: summary.confidence,
    })
}

fn no_consensus(config: &ConfigSummary) -> Option<Warning> {
    let consensus = &config.consensus;
    let is_none = consensus.min_lr.is_none() || consensus.max_lr.is_none();
    (consensus.n > 0 && is_none).then_some(Warning::NoConsensus {
        share: consensus.share,
        most: consensus.most,
        n: consensus.n,
    })
}

fn reversed(config: &ConfigSummary) -> Option<Warning> {
    let is_reversed =
        |seed: &&SeedSummary| matches!((seed.min_lr.lr(), seed.max_lr.lr()), (Some(min), Some(max)) if min > max);
    let seeds = config.seeds.iter().filter(is_reversed).count() as u32;
    (seeds > 0).then_some(Warning::Reversed {
        seeds,
        finished: config.counts.finished,
    })
}

/// Half of the seeds or more did not diverge.
fn edge_of_grid(config: &ConfigSummary) -> Option<Warning> {
    let finished = config.counts.finished;
    let seeds = finished.saturating_sub(config.counts.diverged);
    (seeds >= finished.div_ceil(2)).then(|| Warning::EdgeOfGrid {
        seeds,
        finished,
        largest: largest_lr(config),
    })
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

/// The least number of values whose largest exceeds the `quantile` of their distribution with the given confidence: the
/// least `n` with `1 - quantile^n >= confidence`. None where no number is enough.
pub(crate) fn seeds_for_limit(quantile: f64, confidence: f64) -> Option<u32> {
    let needed = (1.0 - confidence).ln() / quantile.ln();
    (needed.is_finite() && needed > 0.0).then(|| needed.ceil() as u32)
}
