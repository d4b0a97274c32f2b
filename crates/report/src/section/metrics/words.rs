//! What the figure of the metrics shows, in words.

use super::figure::MOST;
use crate::format;
use seedband_core::summary::{ConfigSummary, Summary};

/// What is drawn, and over which seeds.
pub(crate) fn caption(summary: &Summary, config: &ConfigSummary) -> String {
    let all = config.metrics.len();
    let which = if all > MOST {
        // Of more than the summary has, nobody has counted them.
        format!("The first {MOST} metrics by name (the table `metrics` has all)")
    } else {
        format::count(all as u32, "metric")
    };
    format!(
        "{which}, as the script logged them. Thin: each seed; thick: the median over the seeds that logged a number at \
         that rate, band: {} quantiles, both drawn where these are half or more of the seeds that logged the metric at \
         any rate. The axis holds the band; single seeds may leave it.",
        format::percent_range(summary.quantiles),
    )
}
