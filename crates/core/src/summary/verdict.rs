//! What a config's seeds allow to say of its range: use it, run more seeds, or that there is no common one.

use crate::summary::{ConfigSummary, Summary};

/// What can be said of a config.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Verdict {
    /// The median max LR is known well enough, and these learning rates lie in the ranges of most seeds.
    Use {
        /// The smallest.
        min_lr: f64,
        /// The largest.
        max_lr: f64,
    },
    /// The median max LR is not known well enough.
    Uncertain {
        /// Width of its interval in decades; absent where the seeds are too few for one.
        width: Option<f64>,
        /// So many more seeds are likely to be enough, by the present spread.
        more: u32,
    },
    /// It is known well enough, and no learning rate lies in the ranges of enough seeds.
    NoCommon,
}

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

/// The verdict on a config whose median max LR has to be known to within `precision` decades, at `confidence`.
///
/// The number of further seeds takes the width to shrink with the square root of their number, as that of the interval
/// of any median does for many seeds (Lehmann, *Elements of Large-Sample Theory*, 5.2); it is a guess from the present
/// width.
pub fn verdict(config: &ConfigSummary, precision: f64, confidence: f64) -> Verdict {
    let n = config.max_lr.n;
    match width(config) {
        Some(width) if width < precision => match (config.consensus.min_lr, config.consensus.max_lr) {
            (Some(min_lr), Some(max_lr)) => Verdict::Use { min_lr, max_lr },
            _ => Verdict::NoCommon,
        },
        Some(width) => {
            let needed = f64::from(n) * (width / precision).powi(2);
            Verdict::Uncertain {
                width: Some(width),
                // At least one: a width that equals what is asked is not below it.
                more: (needed.ceil() as u32).saturating_sub(n).max(1),
            }
        }
        None => Verdict::Uncertain {
            width: None,
            more: least_seeds(confidence).saturating_sub(n).max(1),
        },
    }
}

/// The fewest seeds whose least and greatest value enclose the median with `confidence`: 1 - 2^(1 - n) of them do.
fn least_seeds(confidence: f64) -> u32 {
    let enough = |n: &u32| 1.0 - 0.5_f64.powi(*n as i32 - 1) >= confidence;
    // A confidence is at most 0.9999, for which 15 are enough.
    (1..64).find(enough).unwrap_or(64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Ten seeds whose interval goes from 0.1 up, with or without a consensus.
    fn config(interval: Option<f64>, consensus: bool) -> ConfigSummary {
        let band = json!({"n": 0, "ended": [], "median": [], "lower": [], "upper": []});
        let mut spread = json!({
            "n": 10, "without": [], "fallbacks": 0,
            "estimate": {"median": 1.0, "lower": 1.0, "upper": 1.0, "decades": 0.0},
        });
        if let Some(width) = interval {
            spread["estimate"]["interval"] =
                json!({"lower": 0.1, "upper": 0.1 * 10_f64.powf(width), "confidence": 0.97});
        }
        let mut common = json!({"share": 0.9, "n": 10, "most": 10});
        if consensus {
            (common["min-lr"], common["max-lr"]) = (json!(0.5), json!(2.0));
        }
        serde_json::from_value(json!({
            "name": "a", "labels": [], "rules": {"min-lr": "a", "max-lr": "b"},
            "lrs": [], "smoothed": band, "raw": band, "min-lr": spread, "max-lr": spread,
            "counts": {"wanted": 10, "finished": 10, "diverged": 0, "failed": 0, "missing": 0},
            "consensus": common, "decades": [], "seeds": [],
        }))
        .unwrap()
    }

    #[test]
    fn the_three_verdicts() {
        let of = |interval, consensus| verdict(&config(interval, consensus), 0.5, 0.95);
        assert_eq!(
            of(Some(0.4), true),
            Verdict::Use {
                min_lr: 0.5,
                max_lr: 2.0
            }
        );
        assert_eq!(of(Some(0.4), false), Verdict::NoCommon);
        // Three times as wide as asked takes nine times the seeds.
        match of(Some(1.49), true) {
            Verdict::Uncertain {
                width: Some(width),
                more,
            } => assert!((width - 1.49).abs() < 1e-9 && more == 79, "{more}"),
            other => panic!("{other:?}"),
        }
        assert!(matches!(
            of(Some(0.500_000_1), false),
            Verdict::Uncertain { more: 1, .. }
        ));
        assert_eq!(of(None, true), Verdict::Uncertain { width: None, more: 1 });
    }

    #[test]
    fn few_seeds_have_no_interval() {
        assert_eq!([0.5, 0.95, 0.99, 0.9999].map(least_seeds), [2, 6, 8, 15]);
    }
}
