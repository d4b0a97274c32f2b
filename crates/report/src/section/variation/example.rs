//! A made-up study of sources of variation.

use crate::example::{config, summary};
use seedband_core::summary::variation::{Scatter, ScatterRatio, VariationConfig, VariationGroup};
use seedband_core::summary::{Interval, Summary};

/// Two configs: in one weights and order vary, in the other the order alone.
pub(crate) fn sources() -> Summary {
    let of = |name: &str, scatter, weights: &str| {
        let mut config = config(name, 20, scatter, 5.0);
        config.labels = vec![("streams.weights".into(), weights.into())];
        config.varies = vec!["order".into()];
        config.varies.extend((weights == "vary").then(|| "weights".to_owned()));
        config
    };
    let mut summary = summary(vec![of("all", 0.3, "vary"), of("order|alone", 0.1, "0")]);
    let interval = |lower, upper| {
        Some(Interval {
            lower,
            upper,
            confidence: 0.95,
        })
    };
    let scatter = |spread: f64, beside: Option<(f64, f64)>| {
        let ratio = |(ratio, p): (f64, f64)| ScatterRatio {
            ratio: Some(ratio),
            interval: interval(ratio / 2.0, ratio * 2.0),
            p,
            differs: p < 0.05,
        };
        Some(Scatter {
            n: 20,
            spread,
            interval: interval(spread * 0.6, spread * 1.5),
            bound: None,
            beside_full: beside.map(ratio),
        })
    };
    let config = |place: usize, min_lr, max_lr| VariationConfig {
        config: summary.configs[place].name.clone(),
        varies: summary.configs[place].varies.clone(),
        min_lr,
        max_lr,
    };
    summary.variation = vec![VariationGroup {
        configs: vec![
            config(0, scatter(0.55, None), scatter(0.8, None)),
            config(1, scatter(0.17, Some((0.31, 0.0021))), scatter(0.79, Some((0.99, 0.8)))),
        ],
        full: Some("all".into()),
    }];
    summary
}
