//! How configs differ, in words.

use crate::format;
use seedband_core::summary::{ConfigSummary, Estimate, Summary};

/// The configs of the largest and of the least median max LR.
pub(crate) fn finding(summary: &Summary) -> String {
    let median = |config: &ConfigSummary| config.max_lr.estimate.map(|estimate| estimate.median);
    let mut medians: Vec<(&str, f64)> = summary
        .configs
        .iter()
        .filter_map(|config| Some((config.name.as_str(), median(config)?)))
        .collect();
    medians.sort_by(|a, b| a.1.total_cmp(&b.1));
    match (medians.first(), medians.last()) {
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
            "The median max LR is largest for same weights (0.090) and least for other weights each run (0.081)."
        );
        summary.configs[1] = summary.configs[0].clone();
        assert_eq!(finding(&summary), "Median loss and band of each config on common axes.");
    }
}
