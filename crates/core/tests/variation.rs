//! Arms: hand-computed scatters.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use seedband_core::summary::Summary;
use seedband_core::summary::variation::{Scatter, groups};
use serde_json::{Value, json};

/// A config whose seeds have these min LRs, as powers of ten, and no max LR.
fn config(name: &str, labels: &[(&str, &str)], low: &[f64]) -> Value {
    let seeds: Vec<Value> = low
        .iter()
        .zip(0..)
        .map(|(exponent, seed)| {
            json!({
                "seed": seed, "trial": "", "end": "completed", "least-lr": null,
                "min-lr": {"answer": "found", "is": {"lr": 10_f64.powf(*exponent), "index": 0, "fallback": false}},
                "max-lr": {"answer": "none", "is": {"reason": "too-few-points"}},
            })
        })
        .collect();
    let varies: Vec<&str> = labels
        .iter()
        .filter(|(_, value)| *value == "vary")
        .filter_map(|(key, _)| key.strip_prefix("streams."))
        .collect();
    let band = json!({"n": 0, "ended": [], "median": [], "lower": [], "upper": []});
    let spread = json!({"n": 0, "without": [], "fallbacks": 0});
    json!({
        "name": name, "labels": labels, "varies": varies, "rules": {"min-lr": "a", "max-lr": "b"},
        "lrs": [], "smoothed": band, "raw": band, "min-lr": spread, "max-lr": spread,
        "counts": {"wanted": 3, "finished": 3, "diverged": 0, "failed": 0, "missing": 0},
        "decades": [], "seeds": seeds,
    })
}

fn summary(configs: &[Value]) -> Summary {
    serde_json::from_value(json!({
        "version": 1, "study": "s", "title": "t", "description": "", "quantiles": [0.1, 0.9],
        "early-end": "pad-last", "lr-space": "raw", "confidence": 0.95, "configs": configs,
    }))
    .unwrap()
}

fn close(scatter: Option<Scatter>, deviation: f64, share: Option<f64>) {
    let scatter = scatter.unwrap();
    // The logarithm of a power of ten is off by a rounding error at most.
    assert!((scatter.deviation - deviation).abs() < 1e-12, "{scatter:?}");
    assert_eq!(scatter.share.is_some(), share.is_some());
    assert!(
        (scatter.share.unwrap_or(0.0) - share.unwrap_or(0.0)).abs() < 1e-12,
        "{scatter:?}"
    );
}

#[test]
fn shares_are_of_the_config_where_everything_varies() {
    let summary = summary(&[
        config(
            "all",
            &[("streams.weights", "vary"), ("streams.order", "vary")],
            &[-3.0, -2.0, -1.0],
        ),
        config(
            "order",
            &[("streams.weights", "0"), ("streams.order", "vary")],
            &[-2.5, -2.0, -1.5],
        ),
        config(
            "none",
            &[("streams.weights", "0"), ("streams.order", "0")],
            &[-2.0, -2.0, -2.0],
        ),
    ]);
    let groups = groups(&summary);
    assert_eq!(groups.len(), 1);
    let [all, order, none] = &groups[0].configs[..] else {
        panic!("{groups:?}")
    };
    assert_eq!(
        (all.varies.len(), order.varies.as_slice(), none.varies.len()),
        (2, &["order".to_owned()][..], 0)
    );
    close(all.min_lr, 1.0, Some(1.0));
    close(order.min_lr, 0.5, Some(0.25));
    close(none.min_lr, 0.0, Some(0.0));
    assert!(all.max_lr.is_none(), "no seed has a max LR");
}

#[test]
fn configs_of_other_settings_are_other_groups() {
    let fixed = [("streams.weights", "0"), ("training.batch-size", "64")];
    let summary = summary(&[
        config(
            "a",
            &[("streams.weights", "vary"), ("training.batch-size", "64")],
            &[-3.0, -1.0],
        ),
        config(
            "b",
            &[("streams.weights", "vary"), ("training.batch-size", "128")],
            &[-3.0, -1.0],
        ),
        config("c", &fixed, &[-3.0]),
    ]);
    let groups = groups(&summary);
    assert_eq!(groups.len(), 1);
    assert_eq!(
        groups[0]
            .configs
            .iter()
            .map(|config| config.config.as_str())
            .collect::<Vec<_>>(),
        ["a", "c"]
    );
    assert!(groups[0].configs[1].min_lr.is_none(), "one seed does not scatter");
    assert!(seedband_core::summary::variation::groups(&self::summary(&[config("a", &[], &[-1.0])])).is_empty());
}

/// The config where everything varies need not come first, nor differ in its labels alone.
#[test]
fn shares_are_of_the_full_config_wherever_it_stands() {
    let labels = |weights, order| [("streams.weights", weights), ("streams.order", order)];
    let summary = summary(&[
        config("order", &labels("0", "vary"), &[-2.5, -2.0, -1.5]),
        config("all", &labels("vary", "vary"), &[-3.0, -2.0, -1.0]),
        config("weights", &labels("vary", "0"), &[-4.0, -2.0, 0.0]),
    ]);
    let groups = groups(&summary);
    let shares = [Some(0.25), Some(1.0), Some(4.0)];
    for ((config, deviation), share) in groups[0].configs.iter().zip([0.5, 1.0, 2.0]).zip(shares) {
        close(config.min_lr, deviation, share);
    }
}
