//! Which learning rates most seeds share, in words.

use crate::format;
use seedband_core::summary::{ConfigSummary, SharedRange, Summary};

/// The widest range that lies whole in the ranges of most seeds, where seeds have ranges.
pub(crate) fn shared(config: &ConfigSummary) -> Option<SharedRange> {
    let suggestion = config.answer.as_ref()?.suggestion;
    suggestion.range.filter(|_| suggestion.tolerance.is_none())
}

/// In how many configs a range lies whole in those of nine seeds of ten; empty without a config.
pub(crate) fn finding(summary: &Summary) -> String {
    let is_of_most = |config: &&ConfigSummary| {
        shared(config).is_some_and(|range| {
            let seeds = config.answer.as_ref().map_or(0, |answer| answer.suggestion.seeds);
            10 * range.range_support >= 9 * seeds
        })
    };
    let most = summary.configs.iter().filter(is_of_most).count();
    match (most, summary.configs.as_slice()) {
        (_, []) => String::new(),
        (_, [config]) => headline(config),
        (most, all) => format!(
            "In {most} of {} configs an interval of learning rates lies whole in the ranges of 90 % of the seeds or more.",
            all.len()
        ),
    }
}

/// `2.0e-4 – 1.0e-3`, rounded inward.
fn interval(min: f64, max: f64) -> String {
    let (min, max) = format::interval_within(min, max);
    format!("{min} – {max}")
}

/// One config for those who cannot see the figure.
pub(crate) fn headline(config: &ConfigSummary) -> String {
    let seeds = config.answer.as_ref().map_or(0, |answer| answer.suggestion.seeds);
    match shared(config) {
        Some(range) => format!(
            "{}: {} lies whole in the ranges of {} of {}.",
            config.name,
            interval(range.min_lr, range.max_lr),
            range.range_support,
            format::count(seeds, "seed")
        ),
        None => format!("{}: no seed has a range.", config.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;

    #[test]
    fn the_finding_counts_configs() {
        let mut summary = example::summary(vec![
            example::config("a", 10, 0.05, 5.0),
            example::config("b", 10, 0.05, 5.0),
        ]);
        let end = "of 2 configs an interval of learning rates lies whole in the ranges of 90 % of the seeds or more.";
        assert_eq!(finding(&summary), format!("In 2 {end}"));
        if let Some(range) = summary.configs[1].answer.as_mut().unwrap().suggestion.range.as_mut() {
            range.range_support = 8;
        }
        assert_eq!(finding(&summary), format!("In 1 {end}"));
        summary.configs.remove(0);
        assert!(finding(&summary).ends_with("lies whole in the ranges of 8 of 10 seeds."));
        summary.configs[0].answer = None;
        assert_eq!(finding(&summary), "b: no seed has a range.");
        summary.configs.clear();
        assert_eq!(finding(&summary), "");
    }
}
