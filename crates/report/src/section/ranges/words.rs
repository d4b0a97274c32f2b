//! Which configs have learning rates in the ranges of most seeds, in words.

use crate::format;
use seedband_core::summary::{ConfigSummary, Summary};

/// How many configs have learning rates in the ranges of enough seeds; empty without a config.
pub(crate) fn finding(summary: &Summary) -> String {
    let Some(first) = summary.configs.first() else {
        return String::new();
    };
    let share = format::percent(first.consensus.share);
    let has_some = |config: &&ConfigSummary| config.consensus.min_lr.is_some();
    match (summary.configs.iter().filter(has_some).count(), summary.configs.len()) {
        (1, 1) => format!("There are learning rates in the ranges of at least {share} of the seeds."),
        (0, 1) => format!("There is no learning rate in the ranges of {share} of the seeds."),
        (some, all) => {
            format!("{some} of {all} configs have learning rates in the ranges of at least {share} of their seeds.")
        }
    }
}

/// One config for those who cannot see the figure.
pub(crate) fn headline(config: &ConfigSummary) -> String {
    let share = format::percent(config.consensus.share);
    match (config.consensus.min_lr, config.consensus.max_lr) {
        (Some(min), Some(max)) => {
            let range = format::lr_range(min, max);
            format!("{}: {range} lies in the ranges of {share} of the seeds.", config.name)
        }
        _ => format!(
            "{}: no learning rate lies in the ranges of {share} of the seeds.",
            config.name
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;

    #[test]
    fn the_finding_counts_configs() {
        let mut summary = example::reference();
        assert_eq!(
            finding(&summary),
            "2 of 2 configs have learning rates in the ranges of at least 90 % of their seeds."
        );
        summary.configs.pop();
        assert!(finding(&summary).starts_with("There are learning rates in the ranges of at least 90 %"));
        summary.configs[0].consensus.min_lr = None;
        assert!(finding(&summary).starts_with("There is no learning rate in the ranges of 90 %"));
        summary.configs.clear();
        assert_eq!(finding(&summary), "");
    }
}
