//! The min LR or the max LR over seeds.

use crate::stats::median_ci;
use crate::stats::quantile::{Sample, Scale};
use seedband_core::range_test::Answer;
use seedband_core::settings::Statistics;
use seedband_core::summary::{Estimate, Spread};
use std::collections::BTreeMap;

/// Said of a learning rate of 0, which only a linear schedule can suggest: it lies on no logarithmic axis and nobody can train with it.
const ZERO: &str = "the learning rate read off is 0";

/// The answer's learning rate if it can be used: above 0.
pub(crate) fn usable(answer: &Answer) -> Option<f64> {
    answer.lr().filter(|lr| *lr > 0.0)
}

/// Quantiles of the answers of all seeds that have a curve, in the space the statistics name.
pub(crate) fn spread<'a>(answers: impl Iterator<Item = &'a Answer>, statistics: &Statistics) -> Spread {
    let mut lrs = Vec::new();
    let mut without: BTreeMap<String, u32> = BTreeMap::new();
    let mut fallbacks = 0;
    for answer in answers {
        match answer {
            Answer::Found { fallback, .. } => {
                fallbacks += u32::from(*fallback);
                match usable(answer) {
                    Some(lr) => lrs.push(lr),
                    None => *without.entry(ZERO.to_owned()).or_default() += 1,
                }
            }
            Answer::None { reason } => *without.entry(reason.to_string()).or_default() += 1,
        }
    }
    Spread {
        n: lrs.len() as u32,
        without: without.into_iter().collect(),
        fallbacks,
        estimate: (!lrs.is_empty()).then(|| estimate(lrs, statistics)),
    }
}

/// Quantiles of learning rates, of which there is one at least, in the space the statistics name.
pub(crate) fn estimate(lrs: Vec<f64>, statistics: &Statistics) -> Estimate {
    let scale = Scale::from(statistics.lr_space);
    let sample = Sample::new(lrs);
    let [lower, upper] = statistics.quantiles.map(|q| sample.quantile(q, scale));
    Estimate {
        median: sample.median(scale),
        lower,
        upper,
        decades: upper.log10() - lower.log10(),
        interval: median_ci(sample.sorted(), statistics.confidence),
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "values are meant to be exact")]
mod tests {
    use super::*;
    use seedband_core::range_test::Reason;
    use seedband_core::settings::LrSpace;

    fn found(lr: f64) -> Answer {
        Answer::Found {
            lr,
            index: 0,
            fallback: lr > 1.0,
        }
    }

    #[test]
    fn seeds_without_a_value_are_counted_by_reason() {
        let short = Answer::None {
            reason: Reason::TooFewPoints,
        };
        let answers = [found(0.1), short, found(0.0), found(2.0), short];
        let spread = spread(answers.iter(), &Statistics::default());
        assert_eq!((spread.n, spread.fallbacks), (2, 1));
        assert_eq!(
            spread.without,
            [(ZERO.to_owned(), 1), (Reason::TooFewPoints.to_string(), 2)]
        );
        assert!(spread.estimate.unwrap().interval.is_none());
    }

    #[test]
    fn no_value_makes_no_estimate() {
        let spread = spread([].into_iter(), &Statistics::default());
        assert_eq!((spread.n, spread.estimate), (0, None));
    }

    /// Ten seeds at 1e-4 and ten at 1e-2: the median is 1e-3 on a logarithmic axis and 0.00505 on a plain one.
    #[test]
    fn the_space_decides_between_two_groups() {
        let answers: Vec<Answer> = (0..20)
            .map(|seed| found(if seed % 2 == 0 { 1e-4 } else { 1e-2 }))
            .collect();
        let mut statistics = Statistics::default();
        let log = spread(answers.iter(), &statistics).estimate.unwrap();
        // The power of ten rounds once more than the logarithms do.
        assert!((log.median / 1e-3 - 1.0).abs() < 1e-14);
        assert_eq!((log.lower, log.upper), (1e-4, 1e-2));
        assert!((log.decades - 2.0).abs() < 1e-14);
        let interval = log.interval.unwrap();
        assert_eq!((interval.lower, interval.upper), (1e-4, 1e-2));
        statistics.lr_space = LrSpace::Raw;
        assert_eq!(spread(answers.iter(), &statistics).estimate.unwrap().median, 0.00505);
    }
}
