//! How far the seeds lie apart, in words.

use crate::format;
use seedband_core::summary::{ConfigSummary, Estimate, Summary};

/// How many decades min LR and max LR span, and how many seeds diverged.
pub(crate) fn finding(config: &ConfigSummary) -> String {
    let spans = match (config.min_lr.estimate, config.max_lr.estimate) {
        (Some(min), Some(max)) => format!(
            "Between its outer quantiles over seeds the min LR spans {} decades and the max LR {}",
            format::decades(min.decades),
            format::decades(max.decades)
        ),
        (Some(min), None) => format!(
            "Between its outer quantiles over seeds the min LR spans {} decades; no seed has a max LR",
            format::decades(min.decades)
        ),
        (None, Some(max)) => format!(
            "Between its outer quantiles over seeds the max LR spans {} decades; no seed has a min LR",
            format::decades(max.decades)
        ),
        (None, None) => "No seed has a range".to_owned(),
    };
    format!(
        "{spans}; {} of {} diverged{}.",
        config.counts.diverged,
        format::count(config.counts.finished, "seed"),
        diverged_at(config)
    )
}

/// `, at learning rates from 0.36 to 1.3`; empty where no seed diverged.
fn diverged_at(config: &ConfigSummary) -> String {
    let steps = config.risk.iter().flat_map(|risk| &risk.steps);
    let rates: Vec<f64> = steps.filter(|step| step.diverged > 0).map(|step| step.lr).collect();
    match rates[..] {
        [] => String::new(),
        [only] => format!(", at a learning rate of {}", format::lr(only)),
        [first, .., last] => format!(", at learning rates from {} to {}", format::lr(first), format::lr(last)),
    }
}

/// The title of the figure.
pub(crate) fn title(config: &ConfigSummary) -> String {
    format!(
        "Loss by learning rate over {} of {}",
        format::count(config.smoothed.n, "seed"),
        config.name
    )
}

/// The figure for those who cannot see it.
pub(crate) fn description(summary: &Summary, config: &ConfigSummary) -> String {
    let quantiles = format::percent_range(summary.quantiles);
    let end = |name: &str, estimate: Option<Estimate>| match estimate {
        Some(estimate) => format!(
            "{name}: median {}, {quantiles} quantiles {}.",
            format::lr(estimate.median),
            format::lr_range(estimate.lower, estimate.upper)
        ),
        None => format!("{name}: none."),
    };
    format!(
        "Smoothed training loss against learning rate: each seed, the median and the {quantiles} band. {} {} {} of {} \
         diverged.",
        end("Min LR", config.min_lr.estimate),
        end("Max LR", config.max_lr.estimate),
        config.counts.diverged,
        format::count(config.counts.finished, "seed"),
    )
}
