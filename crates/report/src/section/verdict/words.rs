//! What can be said of a config, in words.

use crate::format;
use seedband_core::summary::verdict::{Verdict, verdict};
use seedband_core::summary::{ConfigSummary, Consensus, Summary};

/// What to do with a config: use its range, run more seeds, or give up on a common one; as it looks so far, where seeds
/// are to come.
pub(crate) fn statement(summary: &Summary, config: &ConfigSummary) -> String {
    let counts = config.counts;
    let verdict = of_seeds(summary, config);
    if counts.is_partial() {
        format!("Partial, {} of {} seeds. {verdict}", counts.finished, counts.wanted)
    } else {
        verdict
    }
}

fn of_seeds(summary: &Summary, config: &ConfigSummary) -> String {
    let common = consensus(&config.consensus);
    let Verdict::Uncertain { width, more } = verdict(config, summary.precision, summary.confidence) else {
        return common;
    };
    if config.max_lr.n == 0 {
        return common;
    }
    let known = match width {
        Some(width) => format!(
            "is known to within {width:.1} decades, where {} are asked for",
            summary.precision
        ),
        None => "has no interval with so few seeds".to_owned(),
    };
    let so_far = so_far(&config.consensus);
    let more = format::count(more, "seed");
    format!("Too uncertain, run about {more} more: the median max LR {known}. So far {so_far}.")
}

/// The learning rates in the ranges of most seeds, before there are enough of them.
fn so_far(consensus: &Consensus) -> String {
    let (Some(min), Some(max)) = (consensus.min_lr, consensus.max_lr) else {
        return format!("at most {} of {} seeds agree", consensus.most, consensus.n);
    };
    let (min, max) = distinct(min, max);
    format!("{min} to {max} {}", support(consensus))
}

/// The learning rates in the ranges of most seeds, or that there are none.
fn consensus(consensus: &Consensus) -> String {
    match (consensus.min_lr, consensus.max_lr) {
        _ if consensus.n == 0 => "No seed gave a range.".to_owned(),
        (Some(min), Some(max)) => {
            let (min, max) = distinct(min, max);
            let support = support(consensus);
            if min == max {
                format!("Use {min}, which {support}.")
            } else {
                format!("Use between {min} and {max}, which {support}.")
            }
        }
        _ => format!(
            "No learning rate lies in the ranges of {} of the seeds; at most {} of {} agree.",
            format::percent(consensus.share),
            consensus.most,
            consensus.n
        ),
    }
}

/// `lies in the ranges of at least 90 % of 20 seeds`.
fn support(consensus: &Consensus) -> String {
    format!(
        "lies in the ranges of at least {} of {}",
        format::percent(consensus.share),
        format::count(consensus.n, "seed")
    )
}

/// Two learning rates, to three digits where two do not tell them apart.
fn distinct(min: f64, max: f64) -> (String, String) {
    let short = (format::lr(min), format::lr(max));
    if short.0 == short.1 {
        (format::lr_exact(min), format::lr_exact(max))
    } else {
        short
    }
}

/// The same for a table: `3.5e-3 – 0.012`, or `none (at most 15 of 20)`.
pub(crate) fn consensus_short(consensus: &Consensus) -> String {
    match (consensus.min_lr, consensus.max_lr) {
        _ if consensus.n == 0 => "–".to_owned(),
        (Some(min), Some(max)) => {
            let (least, most) = distinct(min, max);
            if least == most {
                least
            } else {
                format!("{least} – {most}")
            }
        }
        _ => format!("none (at most {} of {})", consensus.most, consensus.n),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;
    use seedband_core::summary::Interval;

    #[test]
    fn a_verdict_asks_for_more_seeds_before_it_says_what_to_use() {
        let mut summary = example::summary(vec![example::config("a", 10, 0.3, 5.0)]);
        let config = &mut summary.configs[0];
        let estimate = config.max_lr.estimate.as_mut().unwrap();
        estimate.interval = Some(Interval {
            lower: 0.1,
            upper: 1.0,
            confidence: 0.96,
        });
        (config.max_lr.n, config.consensus) = (
            10,
            Consensus {
                share: 0.9,
                n: 10,
                min_lr: Some(3.52e-3),
                max_lr: Some(0.0123),
                most: 9,
            },
        );
        assert_eq!(
            statement(&summary, &summary.configs[0]),
            "Too uncertain, run about 30 seeds more: the median max LR is known to within 1.0 decades, where 0.5 are \
             asked for. So far 3.5e-3 to 0.012 lies in the ranges of at least 90 % of 10 seeds."
        );
        summary.precision = 1.5;
        let known = "Use between 3.5e-3 and 0.012, which lies in the ranges of at least 90 % of 10 seeds.";
        assert_eq!(statement(&summary, &summary.configs[0]), known);
        let config = &mut summary.configs[0];
        (config.consensus.min_lr, config.consensus.max_lr, config.consensus.most) = (None, None, 7);
        assert_eq!(
            statement(&summary, &summary.configs[0]),
            "No learning rate lies in the ranges of 90 % of the seeds; at most 7 of 10 agree."
        );
        let config = &mut summary.configs[0];
        config.max_lr.n = 4;
        config.max_lr.estimate.as_mut().unwrap().interval = None;
        assert_eq!(
            statement(&summary, &summary.configs[0]),
            "Too uncertain, run about 2 seeds more: the median max LR has no interval with so few seeds. So far at \
             most 7 of 10 seeds agree."
        );
    }

    #[test]
    fn consensus_in_words() {
        let of = |min_lr, max_lr, n, most| Consensus {
            share: 0.9,
            n,
            min_lr,
            max_lr,
            most,
        };
        for (given, long, short) in [
            (
                of(Some(3.52e-3), Some(0.0123), 20, 19),
                "Use between 3.5e-3 and 0.012, which lies in the ranges of at least 90 % of 20 seeds.",
                "3.5e-3 – 0.012",
            ),
            (
                of(None, None, 20, 15),
                "No learning rate lies in the ranges of 90 % of the seeds; at most 15 of 20 agree.",
                "none (at most 15 of 20)",
            ),
            (
                of(Some(2.31e-3), Some(2.34e-3), 5, 5),
                "Use between 2.31e-3 and 2.34e-3, which lies in the ranges of at least 90 % of 5 seeds.",
                "2.31e-3 – 2.34e-3",
            ),
            (
                of(Some(0.1), Some(0.1), 5, 5),
                "Use 0.100, which lies in the ranges of at least 90 % of 5 seeds.",
                "0.100",
            ),
            (of(None, None, 0, 0), "No seed gave a range.", "–"),
        ] {
            assert_eq!(consensus(&given), long);
            assert_eq!(consensus_short(&given), short);
        }
    }
}
