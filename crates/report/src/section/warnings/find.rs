//! Which warnings a summary calls for.

use super::{RangeEnd, Warning};
use crate::draw::font;
use crate::section::partial;
use seedband_core::summary::{
    AnswerKind, Bound, ConfigSummary, Counts, Estimate, RuleSummary, SeedSummary, Spread, Summary,
};

/// Fewer seeds than this call for a warning: with 20 the median has an interval of 95.9 %, the 6th to the 15th value.
pub(crate) const ENOUGH_SEEDS: u32 = 20;
/// Quantiles of one rate that are this many decades apart call for a warning.
const WIDE: f64 = 1.0;

impl Warning {
    /// Those of the study as a whole.
    pub fn of_study(summary: &Summary) -> Vec<Self> {
        let mut warnings = letters(summary);
        let quantile = summary.quantiles[1];
        let seeds = summary.configs.iter().map(|config| config.smoothed.n);
        let Some(n) = seeds.filter(|&n| n > 0).min() else {
            return warnings;
        };
        let limit = seeds_for_limit(quantile, summary.confidence)
            .filter(|&needed| n < needed)
            .map(|needed| Self::NoFiniteLimit {
                n,
                quantile,
                confidence: summary.confidence,
                needed,
            });
        warnings.extend(limit);
        warnings
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
        for (end, spread) in [(RangeEnd::MinLr, &config.min_lr), (RangeEnd::MaxLr, &config.max_lr)] {
            warnings.extend(of_spread(summary, config, end, spread));
            warnings.extend(finer_than_step(config, end, spread));
        }
        warnings.extend(reversed(config));
        warnings.extend(cut_off(config));
        warnings.extend(of_rules(config));
        warnings
    }
}

/// Letters in what figures write that their font lacks, each once.
fn letters(summary: &Summary) -> Vec<Warning> {
    let names = summary.configs.iter().map(|config| config.name.as_str());
    let mut letters: Vec<char> = names
        .flat_map(str::chars)
        .filter(|letter| !font::has(*letter))
        .collect();
    letters.sort_unstable();
    letters.dedup();
    if letters.is_empty() {
        return Vec::new();
    }
    vec![Warning::LettersLacking { letters }]
}

/// Whether the config's answer is of one of these kinds.
fn is_one_of(config: &ConfigSummary, kinds: &[AnswerKind]) -> bool {
    config
        .answer
        .as_ref()
        .is_some_and(|answer| kinds.contains(&answer.kind))
}

fn few_seeds(summary: &Summary, config: &ConfigSummary) -> Option<Warning> {
    let n = config.smoothed.n;
    // Where all streams are fixed, more seeds would be the same trial again.
    // An interval within a step of the schedule is as narrow as it gets.
    let is_known = finer_than_step(config, RangeEnd::MaxLr, &config.max_lr).is_some();
    (n < ENOUGH_SEEDS && config.counts.repeats == 0 && !is_known).then_some(Warning::FewSeeds {
        n,
        max_lr: config.max_lr.estimate,
        confidence: summary.confidence,
    })
}

fn reversed(config: &ConfigSummary) -> Option<Warning> {
    let seeds = config.seeds.iter().filter(|seed| seed.is_crossed()).count() as u32;
    let is_said = is_one_of(config, &[AnswerKind::RulesCross]);
    (seeds > 0 && !is_said).then_some(Warning::Reversed {
        seeds,
        finished: config.counts.finished,
    })
}

/// Ends that the schedule cut off in some seeds, where the answer does not say so itself.
fn cut_off(config: &ConfigSummary) -> Vec<Warning> {
    let said = [
        AnswerKind::RaiseEnd,
        AnswerKind::LowerStart,
        AnswerKind::NoDescent,
        AnswerKind::MoreSteps,
    ];
    if is_one_of(config, &said) {
        return Vec::new();
    }
    let mut warnings = Vec::new();
    for bound in [Bound::AtMost, Bound::AtLeast] {
        for end in [RangeEnd::MinLr, RangeEnd::MaxLr] {
            let is_cut = |seed: &&SeedSummary| {
                let of_end = match end {
                    RangeEnd::MinLr => seed.min_lr_bound,
                    RangeEnd::MaxLr => seed.max_lr_bound,
                };
                of_end == Some(bound)
            };
            let seeds = config.seeds.iter().filter(is_cut).count() as u32;
            if seeds > 0 {
                warnings.push(Warning::CutOff {
                    end,
                    bound,
                    seeds,
                    finished: config.counts.finished,
                });
            }
        }
    }
    warnings
}

fn finer_than_step(config: &ConfigSummary, end: RangeEnd, spread: &Spread) -> Option<Warning> {
    let estimate = spread.estimate?;
    let bounds = estimate.bounds;
    let is_value = bounds.interval_lower.is_none() && bounds.interval_upper.is_none();
    let interval = estimate.interval.filter(|_| is_value)?;
    let above = config.lrs.partition_point(|lr| *lr <= estimate.median);
    let (below, above) = (config.lrs.get(above.checked_sub(1)?)?, config.lrs.get(above)?);
    let step = above / below;
    (interval.upper / interval.lower < step).then_some(Warning::FinerThanStep { end, step })
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

fn of_spread(summary: &Summary, config: &ConfigSummary, end: RangeEnd, spread: &Spread) -> Vec<Warning> {
    let finished = config.counts.finished;
    let mut warnings = Vec::new();
    if !spread.without.is_empty() && !is_one_of(config, &[AnswerKind::MoreSteps]) {
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
    // Where the answer is that there is none, a quantile of it is nothing to hold on to.
    let is_answer = is_one_of(
        config,
        &[
            AnswerKind::Use,
            AnswerKind::UseMeasured,
            AnswerKind::MoreSeeds,
            AnswerKind::Disagree,
        ],
    );
    let is_value = |estimate: &Estimate| estimate.bounds.lower.is_none() && estimate.bounds.upper.is_none();
    let is_wide = |estimate: &Estimate| is_value(estimate) && estimate.decades >= WIDE;
    if let Some(estimate) = spread.estimate.filter(|estimate| is_answer && is_wide(estimate)) {
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
