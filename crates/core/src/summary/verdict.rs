//! Whether the median max LR is known well enough for the search for seeds to end.

use crate::summary::{ConfigSummary, Summary};

/// The width in decades of the interval of a config's median max LR; none where its seeds are too few for an interval.
pub fn width(config: &ConfigSummary) -> Option<f64> {
    let interval = config.max_lr.estimate?.interval?;
    Some((interval.upper / interval.lower).log10())
}

/// Whether that width is below `decades` in every config.
pub fn is_settled(summary: &Summary, decades: f64) -> bool {
    summary
        .configs
        .iter()
        .all(|config| width(config).is_some_and(|width| width < decades))
}
