//! What the seeds of a config come to.

mod descent;
mod kind;
mod measured;
mod next;

use super::suggestion::{suggestion, within};
use crate::input::{ConfigInput, StudyInput};
use crate::stats::SeedRange;
use seedband_core::range_test::Range;
use seedband_core::settings::Statistics;
use seedband_core::summary::{ConfigAnswer, ConfigSummary, SeedSummary, Summary};

/// Fills in the answer of each config that has a curve, and what each named rule suggests for all seeds.
pub(crate) fn add_answers(configs: &mut [ConfigSummary], input: &StudyInput) {
    for (summary, config) in configs.iter_mut().zip(&input.configs) {
        let tolerance = tolerance(&input.statistics);
        let confidence = input.statistics.confidence;
        for rule in &mut summary.named_rules {
            let of_seed = |answer: &seedband_core::summary::RuleAnswer| {
                within(answer.answer.lr().filter(|lr| *lr > 0.0)?, tolerance)
            };
            let ranges: Vec<SeedRange> = rule.answers.iter().map(of_seed).collect();
            rule.suggestion = (!ranges.is_empty()).then(|| suggestion(&ranges, Some(tolerance), confidence));
        }
        summary.answer = (!summary.seeds.is_empty()).then(|| answer(summary, config, &input.statistics));
    }
}

/// Puts what grids of trainings say in the place of what range tests suggest.
pub(crate) fn add_measured(summary: &mut Summary, input: &StudyInput) {
    for (summary, config) in summary.configs.iter_mut().zip(&input.configs) {
        measured::add_measured(summary, config);
    }
}

/// How far from its own suggestion a rate may lie for a seed to support it: half a decade up or down with the default
/// precision, a factor of 3.2.
fn tolerance(statistics: &Statistics) -> f64 {
    10_f64.powf(statistics.precision)
}

/// Whether both rates come from one rule, so that there is a single suggestion a seed.
fn is_single(range: &Range) -> bool {
    range.min.explicit() == range.max.explicit()
}

/// The ranges of these seeds, one each.
pub(crate) fn seed_ranges(seeds: &[SeedSummary], range: &Range, statistics: &Statistics) -> Vec<SeedRange> {
    let of_seed = |seed: &SeedSummary| {
        if is_single(range) {
            let (_, lr) = seed.range()?;
            within(lr, tolerance(statistics))
        } else {
            seed.range()
        }
    };
    seeds.iter().map(of_seed).collect()
}

fn answer(summary: &ConfigSummary, config: &ConfigInput, statistics: &Statistics) -> ConfigAnswer {
    let range = &config.analysis.range;
    let ranges = seed_ranges(&summary.seeds, range, statistics);
    let tolerance = is_single(range).then(|| tolerance(statistics));
    let suggestion = suggestion(&ranges, tolerance, statistics.confidence);
    let kind = kind::kind(summary, &suggestion);
    let more_seeds = kind::more_seeds(kind, &suggestion);
    ConfigAnswer {
        kind,
        suggestion,
        crossed: summary.seeds.iter().filter(|seed| seed.is_crossed()).count() as u32,
        measured: None,
        next: next::next(kind, summary, config, &suggestion, more_seeds),
        more_seeds,
    }
}
