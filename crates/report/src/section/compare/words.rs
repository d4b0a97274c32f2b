//! How configs differ, in words.

use crate::format;
use seedband_core::summary::{ConfigSummary, Estimate, Interval, PairedDifference, Summary};

/// The configs of the largest and of the least median max LR, and whether the seeds that both have tell them apart.
pub(crate) fn finding(summary: &Summary) -> String {
    let median = |config: &ConfigSummary| config.max_lr.estimate.map(|estimate| estimate.median);
    let mut medians: Vec<(&str, f64)> = summary
        .configs
        .iter()
        .filter_map(|config| Some((config.name.as_str(), median(config)?)))
        .collect();
    medians.sort_by(|a, b| a.1.total_cmp(&b.1));
    match (medians.first(), medians.last()) {
        (Some(least), Some(most)) if least.1 < most.1 => {
            let between = format!(
                "The median max LR lies between {} ({}) and {} ({})",
                format::lr(least.1),
                least.0,
                format::lr(most.1),
                most.0
            );
            match between_the_outer(summary, most.0, least.0) {
                Some(found) => format!("{between}{}{}", told_apart(&found, most.0, least.0), others(summary)),
                None => format!("{between}; these are not compared seed by seed."),
            }
        }
        _ => "Median loss and band of each config on common axes.".to_owned(),
    }
}

/// The difference of two configs, from the second to the first.
fn between_the_outer(summary: &Summary, most: &str, least: &str) -> Option<PairedDifference> {
    summary
        .differences
        .iter()
        .find_map(|pair| match (pair.first.as_str(), pair.second.as_str()) {
            (first, second) if (first, second) == (most, least) => pair.max_lr,
            (first, second) if (first, second) == (least, most) => pair.max_lr.map(turned),
            _ => None,
        })
}

/// The same difference in the other direction.
fn turned(found: PairedDifference) -> PairedDifference {
    PairedDifference {
        median: -found.median,
        interval: found.interval.map(|interval| Interval {
            lower: -interval.upper,
            upper: -interval.lower,
            ..interval
        }),
        ..found
    }
}

fn told_apart(found: &PairedDifference, most: &str, least: &str) -> String {
    let seeds = format::count(found.n, "common seed");
    let p = format::probability(found.p);
    if !found.differs {
        return format!("; {seeds} do not tell these two apart (sign test, p = {p}).");
    }
    let times = |decades: f64| format::lr(10_f64.powf(decades));
    let interval = found.interval.map_or_else(String::new, |interval| {
        format!(
            ", {}: {} to {}",
            format::percent(interval.confidence),
            times(interval.lower),
            times(interval.upper)
        )
    });
    // A median over seeds of the ratio need not lie on the side of the ratio of the medians.
    let (larger, smaller, decades) = match found.median {
        median if median < 0.0 => (least, most, -median),
        median => (most, least, median),
    };
    let interval = if found.median < 0.0 { String::new() } else { interval };
    format!(
        ". Seed by seed it is larger for {larger} than for {smaller}, {} times in the median (over {seeds}{interval}; sign \
         test, p = {p}).",
        times(decades)
    )
}

/// How many pairs of configs are told apart; empty for a single pair.
fn others(summary: &Summary) -> String {
    let all = || summary.differences.iter().filter_map(|pair| pair.max_lr);
    match all().count() {
        0 | 1 => String::new(),
        pairs => format!(
            " Of {pairs} pairs of configs {} are told apart by the max LR; p is corrected for all pairs by Holm's method.",
            all().filter(|found| found.differs).count()
        ),
    }
}

/// One config for those who cannot see the figure.
pub(crate) fn headline(config: &ConfigSummary) -> String {
    let median =
        |estimate: Option<Estimate>| estimate.map_or_else(|| "none".to_owned(), |estimate| format::lr(estimate.median));
    format!(
        "{}: median min LR {}, median max LR {}, {}.",
        config.name,
        median(config.min_lr.estimate),
        median(config.max_lr.estimate),
        format::count(config.smoothed.n, "seed")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;

    #[test]
    fn the_finding_names_the_outer_configs() {
        let mut summary = example::reference();
        assert_eq!(
            finding(&summary),
            "The median max LR lies between 0.081 (other weights each run) and 0.090 (same weights); 20 common seeds do not \
             tell these two apart (sign test, p = 0.82)."
        );
        let found = summary.differences[0].max_lr.as_mut().unwrap();
        *found = PairedDifference {
            median: -2.0_f64.log10(),
            interval: Some(Interval {
                lower: -1.0,
                upper: -0.1,
                confidence: 0.9586,
            }),
            p: 0.0012,
            differs: true,
            ..*found
        };
        assert_eq!(
            finding(&summary),
            "The median max LR lies between 0.081 (other weights each run) and 0.090 (same weights). Seed by seed it is larger \
             for same weights than for other weights each run, 2.0 times in the median (over 20 common seeds, 95.9 %: 1.3 to \
             10; sign test, p = 0.0012)."
        );
        summary.differences.push(summary.differences[0].clone());
        assert!(finding(&summary).ends_with(
            "Of 2 pairs of configs 2 are told apart by the max LR; p is corrected for all pairs by Holm's method."
        ));
        summary.differences.clear();
        assert!(finding(&summary).ends_with("(same weights); these are not compared seed by seed."));
        summary.configs[1] = summary.configs[0].clone();
        assert_eq!(finding(&summary), "Median loss and band of each config on common axes.");
    }
}
