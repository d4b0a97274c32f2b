//! Overlaps of ranges: pairs worked out by hand.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use seedband_core::summary::ConfigSummary;
use seedband_core::summary::overlap::{Overlaps, Pair};
use serde_json::{Value, json};

fn config(ranges: &[(Option<f64>, Option<f64>)]) -> ConfigSummary {
    let end = |lr: Option<f64>| match lr {
        Some(lr) => json!({"answer": "found", "is": {"lr": lr, "index": 0, "fallback": false}}),
        None => json!({"answer": "none", "is": {"reason": "too-few-points"}}),
    };
    let seeds: Vec<Value> = (0_u64..)
        .zip(ranges)
        .map(|(seed, (low, high))| {
            json!({
                "seed": seed, "trial": "", "end": "completed", "least-lr": null,
                "min-lr": end(*low), "max-lr": end(*high),
            })
        })
        .collect();
    let band = json!({"n": 0, "ended": [], "median": [], "lower": [], "upper": []});
    let spread = json!({"n": 0, "without": [], "fallbacks": 0});
    serde_json::from_value(json!({
        "name": "a", "labels": [], "rules": {"min-lr": "a", "max-lr": "b"},
        "lrs": [], "smoothed": band, "raw": band, "min-lr": spread, "max-lr": spread,
        "counts": {"wanted": 3, "finished": 3, "diverged": 0, "failed": 0, "missing": 0},
        "decades": [], "seeds": seeds,
    }))
    .unwrap()
}

fn close(pair: Pair, first: u64, second: u64, decades: f64) {
    assert_eq!((pair.first, pair.second), (first, second));
    // Logarithms of powers of ten, each off by a rounding error at most.
    assert!((pair.decades - decades).abs() < 1e-12, "{pair:?}");
}

/// Ranges in decades: seed 0 from -2 to 0, seed 1 from -5 to -3, seed 2 from -4 to -1, seed 3 from -3 to -3; the others
/// hold nothing.
#[test]
fn pairs_by_hand() {
    let some = |low: f64, high: f64| (Some(low), Some(high));
    let config = config(&[
        some(1e-2, 1.0),
        some(1e-5, 1e-3),
        some(1e-4, 1e-1),
        some(1e-3, 1e-3),
        (None, Some(1.0)),
        some(1.0, 1e-3),
        some(0.0, 1.0),
    ]);
    let overlaps = Overlaps::of(&config);
    assert_eq!((overlaps.seeds.as_slice(), overlaps.without), (&[1, 3, 2, 0][..], 3));
    let expected = [
        (1, 3, 0.0),
        (1, 2, 1.0),
        (1, 0, -1.0),
        (3, 2, 0.0),
        (3, 0, -1.0),
        (2, 0, 1.0),
    ];
    assert_eq!(overlaps.pairs.len(), expected.len());
    for (pair, (first, second, decades)) in overlaps.pairs.iter().zip(expected) {
        close(*pair, first, second, decades);
    }
    assert!(!overlaps.pairs[0].is_apart(), "ranges that touch share a rate");
    assert_eq!(overlaps.apart(), [overlaps.pairs[2], overlaps.pairs[4]]);
}

#[test]
fn nothing_to_compare() {
    let overlaps = Overlaps::of(&config(&[(Some(0.1), Some(1.0))]));
    assert_eq!((overlaps.seeds.len(), overlaps.pairs.len()), (1, 0));
    assert_eq!(Overlaps::of(&config(&[])).without, 0);
    let many = |count: usize| Overlaps::of(&config(&vec![(Some(0.1), Some(1.0)); count]));
    assert_eq!(many(1000).pairs.len(), 499_500);
    assert_eq!((many(1001).seeds.len(), many(1001).pairs.len()), (1001, 0));
}
