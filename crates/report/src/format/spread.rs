//! Medians with their quantiles.

use super::{decades, lr, lr_exact, lr_range};
use seedband_core::summary::{Bound, Estimate, Quantiles, Spread};

/// A value as `shown`, or a dash where there is none.
pub(crate) fn or_dash<T>(value: Option<T>, shown: impl FnOnce(T) -> String) -> String {
    value.map_or_else(|| "–".to_owned(), shown)
}

/// A median of learning rates with its quantiles: `5.46e-4 (2.01e-4 – 1.02e-3)`.
pub(crate) fn spread(spread: &Spread) -> String {
    or_dash(spread.estimate, |found| estimate(found, lr_exact))
}

/// The same to two digits, for where there is little room: `5.5e-4 (2.0e-4 – 1.0e-3)`.
pub(crate) fn spread_short(spread: &Spread) -> String {
    or_dash(spread.estimate, |found| estimate(found, lr))
}

/// The same of learning rates that exist, each as `shown`.
pub(crate) fn estimate(estimate: Estimate, shown: fn(f64) -> String) -> String {
    let bounds = estimate.bounds;
    let [median, lower, upper] = [
        (estimate.median, bounds.median),
        (estimate.lower, bounds.lower),
        (estimate.upper, bounds.upper),
    ]
    .map(|(value, bound)| bounded(shown(value), bound));
    format!("{median} ({lower} – {upper})")
}

/// The distance of the two quantiles in decades: `1.4`, `≥ 1.4` where one of them lies farther out than its bound, a dash
/// where bounds leave it open.
pub(crate) fn distance(estimate: Estimate) -> String {
    let inward = estimate.bounds.lower == Some(Bound::AtLeast) || estimate.bounds.upper == Some(Bound::AtMost);
    let outward = estimate.bounds.lower.is_some() || estimate.bounds.upper.is_some();
    match (inward, outward) {
        (true, _) => "–".to_owned(),
        (false, true) => format!("≥ {}", decades(estimate.decades)),
        (false, false) => decades(estimate.decades),
    }
}

/// A number, or `≥ ` and the number where it is a bound.
pub(crate) fn bounded(number: String, bound: Option<Bound>) -> String {
    match bound {
        Some(Bound::AtLeast) => format!("≥ {number}"),
        Some(Bound::AtMost) => format!("≤ {number}"),
        None => number,
    }
}

/// A median with its quantiles, each as `shown`.
pub(crate) fn quantiles(quantiles: Quantiles, shown: fn(f64) -> String) -> String {
    let [median, lower, upper] = [quantiles.median, quantiles.lower, quantiles.upper].map(shown);
    format!("{median} ({lower} – {upper})")
}

/// A ratio with its quantiles: `14 (9.1 – 21)`.
pub(crate) fn multiple(multiple: Quantiles) -> String {
    format!("{} ({})", lr(multiple.median), lr_range(multiple.lower, multiple.upper))
}
