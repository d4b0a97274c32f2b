//! What a summary says, in sentences. Page, Markdown and terminal share them.

use crate::format;
use seedband_core::summary::verdict;
use seedband_core::summary::verdict::Verdict;
use seedband_core::summary::{ConfigSummary, Consensus, Estimate, Quantiles, Spread, Summary};

/// What to do with a config: use its range, run more seeds, or give up on a common one; as it looks so far, where seeds are to come.
pub(crate) fn verdict(summary: &Summary, config: &ConfigSummary) -> String {
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
    let Verdict::Uncertain { width, more } = verdict::verdict(config, summary.precision, summary.confidence) else {
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
    let so_far = match (config.consensus.min_lr, config.consensus.max_lr) {
        (Some(min), Some(max)) => {
            let (least, most) = distinct(min, max);
            let share = format::percent(config.consensus.share);
            format!(
                "{least} to {most} holds for at least {share} of {}",
                format::count(config.consensus.n, "seed")
            )
        }
        _ => format!(
            "at most {} of {} seeds agree",
            config.consensus.most, config.consensus.n
        ),
    };
    let more = format::count(more, "seed");
    format!("Too uncertain, run about {more} more: the median max LR {known}. So far {so_far}.")
}

/// The range that holds for most seeds, or that there is none.
fn consensus(consensus: &Consensus) -> String {
    let share = format::percent(consensus.share);
    let seeds = format::count(consensus.n, "seed");
    match (consensus.min_lr, consensus.max_lr) {
        _ if consensus.n == 0 => "No seed gave a range.".to_owned(),
        (Some(min), Some(max)) => {
            let (least, most) = distinct(min, max);
            if least == most {
                format!("Use {least}: holds for at least {share} of {seeds}.")
            } else {
                format!("Use between {least} and {most}: holds for at least {share} of {seeds}.")
            }
        }
        _ => format!(
            "No range holds for {share} of the seeds; at most {} of {} agree.",
            consensus.most, consensus.n
        ),
    }
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

/// A median with its quantiles: `5.46e-4 (2.01e-4 – 1.02e-3)`.
pub(crate) fn spread(spread: &Spread) -> String {
    spread
        .estimate
        .map_or_else(|| "–".to_owned(), |found| estimate(found, format::lr_exact))
}

/// The same of learning rates that exist, each as `shown`.
pub(crate) fn estimate(estimate: Estimate, shown: fn(f64) -> String) -> String {
    let Estimate {
        median, lower, upper, ..
    } = estimate;
    quantiles(Quantiles { median, lower, upper }, shown)
}

/// A median with its quantiles, each as `shown`.
pub(crate) fn quantiles(quantiles: Quantiles, shown: fn(f64) -> String) -> String {
    let [median, lower, upper] = [quantiles.median, quantiles.lower, quantiles.upper].map(shown);
    format!("{median} ({lower} – {upper})")
}

/// The finding of a config's figure.
pub(crate) fn bands(config: &ConfigSummary) -> String {
    let spans = match (config.min_lr.estimate, config.max_lr.estimate) {
        (Some(min), Some(max)) => format!(
            "Over the seeds the min LR spans {} decades and the max LR {}",
            format::decades(min.decades),
            format::decades(max.decades)
        ),
        (Some(min), None) => format!(
            "Over the seeds the min LR spans {} decades; no seed has a max LR",
            format::decades(min.decades)
        ),
        (None, Some(max)) => format!(
            "Over the seeds the max LR spans {} decades; no seed has a min LR",
            format::decades(max.decades)
        ),
        (None, None) => "No seed has a range".to_owned(),
    };
    let diverged = format!(
        "{} of {} diverged",
        config.counts.diverged,
        format::count(config.counts.finished, "seed")
    );
    format!(
        "{spans}; {diverged} up to a learning rate of {}.",
        format::lr(largest_lr(config))
    )
}

/// The largest learning rate of a config's schedule; 0 without one.
pub(crate) fn largest_lr(config: &ConfigSummary) -> f64 {
    config
        .lrs
        .iter()
        .copied()
        .filter(|lr| lr.is_finite())
        .fold(0.0, f64::max)
}

/// The finding of the figure of a config's losses.
pub(crate) fn losses(summary: &Summary, config: &ConfigSummary) -> String {
    let Some(jitter) = config.validation.as_ref().and_then(|validation| validation.jitter) else {
        return "Raw training loss, validation loss and smoothed training loss of the same seeds on one scale."
            .to_owned();
    };
    format!(
        "Up to the least smoothed loss, the training loss jumps {} times as far as its smoothed form from one measured step to the next, and \
         the validation loss {} times: median jump of each seed, then median and {} quantiles over {}.",
        multiple(jitter.raw),
        multiple(jitter.validation),
        format::percent_range(summary.quantiles),
        format::count(jitter.n, "seed"),
    )
}

/// A ratio with its quantiles: `14 (9.1 – 21)`.
pub(crate) fn multiple(multiple: Quantiles) -> String {
    format!(
        "{} ({})",
        format::lr(multiple.median),
        format::lr_range(multiple.lower, multiple.upper)
    )
}

/// The finding of the comparison.
pub(crate) fn compare(summary: &Summary) -> String {
    let mut highs: Vec<(&str, f64)> = summary
        .configs
        .iter()
        .filter_map(|config| {
            config
                .max_lr
                .estimate
                .map(|estimate| (config.name.as_str(), estimate.median))
        })
        .collect();
    highs.sort_by(|a, b| a.1.total_cmp(&b.1));
    match (highs.first(), highs.last()) {
        (Some(least), Some(most)) if least.1 < most.1 => format!(
            "The median max LR is largest for {} ({}) and least for {} ({}).",
            most.0,
            format::lr(most.1),
            least.0,
            format::lr(least.1)
        ),
        _ => "Median loss and band of each config on common axes.".to_owned(),
    }
}

/// The finding of the figure of ranges.
pub(crate) fn ranges(summary: &Summary) -> String {
    let all = summary.configs.len();
    let agreeing = summary
        .configs
        .iter()
        .filter(|config| config.consensus.min_lr.is_some())
        .count();
    let Some(share) = summary
        .configs
        .first()
        .map(|config| format::percent(config.consensus.share))
    else {
        return String::new();
    };
    match (agreeing, all) {
        (1, 1) => format!("There is a range that holds for at least {share} of the seeds."),
        (0, 1) => format!("There is no range that holds for {share} of the seeds."),
        _ => format!("{agreeing} of {all} configs have a range that holds for at least {share} of their seeds."),
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
            verdict(&summary, &summary.configs[0]),
            "Too uncertain, run about 30 seeds more: the median max LR is known to within 1.0 decades, where 0.5 are asked for. So far 3.5e-3 to \
             0.012 holds for at least 90 % of 10 seeds."
        );
        summary.precision = 1.5;
        let known = "Use between 3.5e-3 and 0.012: holds for at least 90 % of 10 seeds.";
        assert_eq!(verdict(&summary, &summary.configs[0]), known);
        let config = &mut summary.configs[0];
        (config.consensus.min_lr, config.consensus.max_lr, config.consensus.most) = (None, None, 7);
        assert_eq!(
            verdict(&summary, &summary.configs[0]),
            "No range holds for 90 % of the seeds; at most 7 of 10 agree."
        );
        let config = &mut summary.configs[0];
        config.max_lr.n = 4;
        config.max_lr.estimate.as_mut().unwrap().interval = None;
        assert_eq!(
            verdict(&summary, &summary.configs[0]),
            "Too uncertain, run about 2 seeds more: the median max LR has no interval with so few seeds. So far at most 7 of 10 seeds agree."
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
                "Use between 3.5e-3 and 0.012: holds for at least 90 % of 20 seeds.",
                "3.5e-3 – 0.012",
            ),
            (
                of(None, None, 20, 15),
                "No range holds for 90 % of the seeds; at most 15 of 20 agree.",
                "none (at most 15 of 20)",
            ),
            (
                of(Some(2.31e-3), Some(2.34e-3), 5, 5),
                "Use between 2.31e-3 and 2.34e-3: holds for at least 90 % of 5 seeds.",
                "2.31e-3 – 2.34e-3",
            ),
            (
                of(Some(0.1), Some(0.1), 5, 5),
                "Use 0.100: holds for at least 90 % of 5 seeds.",
                "0.100",
            ),
            (of(None, None, 0, 0), "No seed gave a range.", "–"),
        ] {
            assert_eq!(consensus(&given), long);
            assert_eq!(consensus_short(&given), short);
        }
    }

    #[test]
    fn findings_name_what_differs() {
        let mut summary = example::reference();
        assert_eq!(
            compare(&summary),
            "The median max LR is largest for same weights (0.090) and least for other weights each run (0.081)."
        );
        assert_eq!(
            ranges(&summary),
            "2 of 2 configs have a range that holds for at least 90 % of their seeds."
        );
        assert!(bands(&summary.configs[0]).ends_with("11 of 20 seeds diverged up to a learning rate of 100."));
        assert!(losses(&summary, &summary.configs[0]).starts_with("Raw training loss, validation loss"));
        let validated = example::validated("one", 20);
        let said = losses(&summary, &validated);
        assert!(
            said.contains("jumps 14 (9.1 – 21) times") && said.contains("validation loss 0.40 (0.20 – ∞) times"),
            "{said}"
        );
        assert!(said.ends_with("median and 10–90 % quantiles over 20 seeds."), "{said}");
        summary.configs[1] = summary.configs[0].clone();
        assert_eq!(compare(&summary), "Median loss and band of each config on common axes.");
        summary.configs.clear();
        assert_eq!(ranges(&summary), "");
    }
}
