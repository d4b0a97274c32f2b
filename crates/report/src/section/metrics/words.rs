//! What the figure of the metrics shows, in words.

use super::figure::MOST;
use crate::format;
use seedband_core::summary::{ConfigSummary, Summary};

/// What is drawn, and over which seeds.
pub(crate) fn caption(summary: &Summary, config: &ConfigSummary) -> String {
    let all = config.metrics.len();
    let which = if all > MOST {
        format!("The first {MOST} of {all} metrics by name")
    } else {
        format::count(all as u32, "metric")
    };
    format!(
        "{which}, as the script logged them. Thin: each seed; thick: the median over the seeds that logged a number at \
         that rate, band: {} quantiles, both drawn as long as these are half of the seeds or more.",
        format::percent_range(summary.quantiles),
    )
}
