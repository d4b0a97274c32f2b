//! Whether the median max LR is known well enough for the search for seeds to end.

use crate::summary::{ConfigSummary, Summary};

/// The width in decades of the interval of a config's median max LR; none where its seeds are too few for an interval,
/// or the schedule cut off so many of them that one of its limits is a bound.
pub fn width(config: &ConfigSummary) -> Option<f64> {
    let estimate = config.max_lr.estimate?;
    let bounds = estimate.bounds;
    let interval = estimate.interval?;
    let is_known = bounds.interval_lower.is_none() && bounds.interval_upper.is_none();
    is_known.then(|| (interval.upper / interval.lower).log10())
}

/// Whether that width is below `decades` in every config.
pub fn is_settled(summary: &Summary, decades: f64) -> bool {
    summary
        .configs
        .iter()
        .all(|config| width(config).is_some_and(|width| width < decades))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::summary::{Bound, Estimate, EstimateBounds, Interval, Spread};

    #[test]
    fn a_limit_that_is_a_bound_settles_nothing() {
        let config = |bound| ConfigSummary {
            max_lr: Spread {
                estimate: Some(Estimate {
                    median: 0.2,
                    lower: 0.1,
                    upper: 1.0,
                    decades: 1.0,
                    interval: Some(Interval {
                        lower: 0.1,
                        upper: 1.0,
                        confidence: 0.95,
                    }),
                    bounds: EstimateBounds {
                        interval_upper: bound,
                        ..EstimateBounds::default()
                    },
                }),
                ..Spread::default()
            },
            ..ConfigSummary::default()
        };
        assert!((width(&config(None)).unwrap() - 1.0).abs() < 1e-12);
        assert_eq!(width(&config(Some(Bound::AtLeast))), None);
        assert_eq!(width(&ConfigSummary::default()), None);
    }
}
