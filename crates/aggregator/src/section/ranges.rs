//! The learning rate range of each seed, and both of its rates over seeds.

use super::answers::{FIRST_NAMED, MAX_LR, MIN_LR};
use super::decades::decade;
use super::edge;
use crate::read::{ConfigCurves, ReadCurve, TrialCurve};
use crate::stats::spreads;
use polars::prelude::{DataFrame, PolarsResult};
use seedband_core::range_test::Range;
use seedband_core::settings::Statistics;
use seedband_core::summary::{ConfigSummary, SeedSummary};

/// The seeds that have a curve, by seed.
pub(crate) fn seeds(curves: &ConfigCurves, range: &Range) -> Vec<SeedSummary> {
    let mut seeds: Vec<SeedSummary> = curves
        .read()
        .map(|(trial, read)| summarize_seed(trial, read, &curves.lrs, range))
        .collect();
    seeds.sort_by_key(|seed| seed.seed);
    seeds
}

fn summarize_seed(trial: &TrialCurve, read: &ReadCurve, lrs: &[f64], range: &Range) -> SeedSummary {
    let (min_lr_bound, max_lr_bound) = edge::bounds(read, lrs, range);
    let least_lr = least(read.history(), lrs);
    SeedSummary {
        seed: trial.seed,
        trial: trial.id.to_string(),
        end: read.curve.end,
        stop_step: read.reading.stop_step.map(|step| step as u32),
        diverged_step: read.diverged_at.map(|step| step as u32),
        smoothed: read.history().to_vec(),
        least_lr,
        decade: least_lr.and_then(decade),
        min_lr: read.reading.min_lr,
        max_lr: read.reading.max_lr,
        min_lr_bound,
        max_lr_bound,
    }
}

/// The learning rate of the least finite loss, the first of equals.
fn least(losses: &[f64], lrs: &[f64]) -> Option<f64> {
    let finite = losses.iter().zip(lrs).filter(|(loss, _)| loss.is_finite());
    finite.min_by(|a, b| a.0.total_cmp(b.0)).map(|(_, lr)| *lr)
}

/// Fills in the spread of min LR and max LR, and of the named rules.
pub(crate) fn add_spreads(
    configs: &mut [ConfigSummary],
    answers: &DataFrame,
    statistics: &Statistics,
) -> PolarsResult<()> {
    let mut spreads = spreads(answers, ["config", "rule"], statistics)?;
    for (config, place) in configs.iter_mut().zip(0..) {
        let mut of = |rule| spreads.remove(&[place, rule]).unwrap_or_default();
        (config.min_lr, config.max_lr) = (of(MIN_LR), of(MAX_LR));
        for (rule, number) in config.named_rules.iter_mut().zip(FIRST_NAMED..) {
            rule.spread = of(number);
        }
    }
    Ok(())
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "values are meant to be exact")]
mod tests {
    use super::*;
    use crate::section::answers::{answer_frame, tests::config};
    use seedband_core::range_test::{Answer, Reason};
    use seedband_core::settings::LrSpace;
    use seedband_core::summary::Spread;

    fn found(lr: f64) -> Answer {
        Answer::Found {
            lr,
            index: 0,
            fallback: lr > 1.0,
        }
    }

    /// The spread of the min LRs of a config whose seeds have these.
    fn spread(answers: &[Answer], statistics: &Statistics) -> Spread {
        let mut configs = [config(answers)];
        let answers = answer_frame(&configs).unwrap();
        add_spreads(&mut configs, &answers, statistics).unwrap();
        configs[0].min_lr.clone()
    }

    #[test]
    fn seeds_without_a_value_are_counted_by_reason() {
        let short = Answer::None {
            reason: Reason::TooFewPoints,
        };
        let answers = [found(0.1), short, found(0.0), found(2.0), short];
        let spread = spread(&answers, &Statistics::default());
        assert_eq!((spread.n, spread.fallbacks), (2, 1));
        assert_eq!(
            spread.without,
            [
                ("the learning rate read off is 0".to_owned(), 1),
                (Reason::TooFewPoints.to_string(), 2)
            ]
        );
        assert!(spread.estimate.unwrap().interval.is_none());
    }

    #[test]
    fn no_value_makes_no_estimate() {
        let spread = spread(&[], &Statistics::default());
        assert_eq!((spread.n, spread.estimate), (0, None));
    }

    /// Ten seeds at 1e-4 and ten at 1e-2: the median is 1e-3 on a logarithmic axis and 0.00505 on a plain one.
    #[test]
    fn the_space_decides_between_two_groups() {
        let answers: Vec<Answer> = (0..20)
            .map(|seed| found(if seed % 2 == 0 { 1e-4 } else { 1e-2 }))
            .collect();
        let mut statistics = Statistics::default();
        let log = spread(&answers, &statistics).estimate.unwrap();
        // The power of ten rounds once more than the logarithms do.
        assert!((log.median / 1e-3 - 1.0).abs() < 1e-14);
        assert_eq!((log.lower, log.upper), (1e-4, 1e-2));
        assert!((log.decades - 2.0).abs() < 1e-14);
        let interval = log.interval.unwrap();
        assert_eq!((interval.lower, interval.upper), (1e-4, 1e-2));
        statistics.lr_space = LrSpace::Raw;
        assert_eq!(spread(&answers, &statistics).estimate.unwrap().median, 0.00505);
    }
}
