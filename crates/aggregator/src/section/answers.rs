//! What every rule makes of every curve, as one table.

use crate::stats::usable;
use polars::prelude::{DataFrame, PolarsResult, df};
use seedband_core::range_test::Answer;
use seedband_core::summary::{Bound, ConfigSummary};

/// The min LR of the range in the column `rule`.
pub(crate) const MIN_LR: u32 = 0;
/// Its max LR.
pub(crate) const MAX_LR: u32 = 1;
/// The first of the config's named rules; the others follow in their order.
pub(crate) const FIRST_NAMED: u32 = 2;

/// Said of a learning rate of 0, which only a linear schedule can suggest: it lies on no logarithmic axis and nobody
/// can train with it.
const ZERO: &str = "the learning rate read off is 0";

/// One row for each seed with a curve and each rule on it:
///
/// | column | type | |
/// |---|---|---|
/// | `config` | u32 | place of the config in the study |
/// | `seed` | u64 | |
/// | `rule` | u32 | [`MIN_LR`], [`MAX_LR`], or a named rule from [`FIRST_NAMED`] on |
/// | `lr` | f64 or null | the learning rate, if there is one above 0 |
/// | `without` | string or null | why there is none |
/// | `fallback` | bool | whether the rule took its second choice |
/// | `least` | f64 or null | `lr`, or 0 where it is known to be at most so large |
/// | `most` | f64 or null | `lr`, or infinity where it is known to be at least so large |
pub(crate) fn answer_frame(configs: &[ConfigSummary]) -> PolarsResult<DataFrame> {
    let mut rows = Rows::default();
    for (config, place) in configs.iter().zip(0..) {
        for seed in &config.seeds {
            rows.push(place, seed.seed, MIN_LR, &seed.min_lr, seed.min_lr_bound);
            rows.push(place, seed.seed, MAX_LR, &seed.max_lr, seed.max_lr_bound);
        }
        for (rule, number) in config.named_rules.iter().zip(FIRST_NAMED..) {
            for answer in &rule.answers {
                rows.push(place, answer.seed, number, &answer.answer, None);
            }
        }
    }
    rows.frame()
}

#[derive(Default)]
struct Rows {
    config: Vec<u32>,
    seed: Vec<u64>,
    rule: Vec<u32>,
    lr: Vec<Option<f64>>,
    without: Vec<Option<String>>,
    fallback: Vec<bool>,
    least: Vec<Option<f64>>,
    most: Vec<Option<f64>>,
}

impl Rows {
    fn push(&mut self, config: u32, seed: u64, rule: u32, answer: &Answer, bound: Option<Bound>) {
        let (lr, fallback) = (usable(answer), matches!(answer, Answer::Found { fallback: true, .. }));
        self.config.push(config);
        self.seed.push(seed);
        self.rule.push(rule);
        self.lr.push(lr);
        self.without.push(match answer {
            Answer::Found { .. } => lr.is_none().then(|| ZERO.to_owned()),
            Answer::None { reason } => Some(reason.to_string()),
        });
        self.fallback.push(fallback);
        let or = |is, limit| if bound == Some(is) { lr.map(|_| limit) } else { lr };
        self.least.push(or(Bound::AtMost, 0.0));
        self.most.push(or(Bound::AtLeast, f64::INFINITY));
    }

    fn frame(self) -> PolarsResult<DataFrame> {
        df!(
            "config" => self.config,
            "seed" => self.seed,
            "rule" => self.rule,
            "lr" => self.lr,
            "without" => self.without,
            "fallback" => self.fallback,
            "least" => self.least,
            "most" => self.most,
        )
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use seedband_core::files::curve::End;
    use seedband_core::range_test::Reason;
    use seedband_core::summary::SeedSummary;

    /// An answer of this learning rate; none for 0.
    pub(crate) fn answer(lr: f64) -> Answer {
        if lr > 0.0 {
            let (index, fallback) = (0, false);
            return Answer::Found { lr, index, fallback };
        }
        Answer::None {
            reason: Reason::TooFewPoints,
        }
    }

    /// A seed without a curve to show.
    pub(crate) fn seed(seed: u64, min_lr: Answer, max_lr: Answer) -> SeedSummary {
        SeedSummary {
            seed,
            trial: String::new(),
            end: End::Completed,
            stop_step: None,
            diverged_step: None,
            smoothed: Vec::new(),
            least_lr: None,
            decade: None,
            min_lr,
            max_lr,
            min_lr_bound: None,
            max_lr_bound: None,
        }
    }

    /// A config whose seeds 0, 1, … have these min LRs and no max LR.
    pub(crate) fn config(min_lrs: &[Answer]) -> ConfigSummary {
        let seeds = min_lrs.iter().zip(0..);
        ConfigSummary {
            seeds: seeds.map(|(lr, number)| seed(number, *lr, answer(0.0))).collect(),
            ..ConfigSummary::default()
        }
    }
}
