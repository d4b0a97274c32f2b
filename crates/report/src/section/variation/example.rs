//! A made-up study of sources of variation.

use crate::example::{config, summary};
use seedband_core::summary::Summary;

/// Two configs: in one weights and order vary, in the other the order alone.
pub(crate) fn sources() -> Summary {
    let of = |name: &str, scatter, weights: &str| {
        let mut config = config(name, 20, scatter, 5.0);
        config.labels = vec![("streams.weights".into(), weights.into())];
        config.varies = vec!["order".into()];
        config.varies.extend((weights == "vary").then(|| "weights".to_owned()));
        config
    };
    summary(vec![of("all", 0.3, "vary"), of("order|alone", 0.1, "0")])
}
