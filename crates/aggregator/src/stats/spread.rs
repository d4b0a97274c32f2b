//! Quantiles of learning rates over seeds.

use super::groups::Groups;
use super::median_ci;
use super::quantile::{Sample, Scale};
use polars::prelude::{DataFrame, PolarsResult, SortMultipleOptions};
use seedband_core::range_test::Answer;
use seedband_core::settings::Statistics;
use seedband_core::summary::{Bound, Estimate, EstimateBounds, Spread};
use std::collections::HashMap;

/// The answer's learning rate if it can be used: above 0.
pub(crate) fn usable(answer: &Answer) -> Option<f64> {
    answer.lr().filter(|lr| *lr > 0.0)
}

/// Quantiles of learning rates, of which there is one at least, in the space the statistics name.
pub(crate) fn estimate(lrs: Vec<f64>, statistics: &Statistics) -> Estimate {
    let scale = Scale::from(statistics.lr_space);
    let sample = Sample::new(lrs);
    let [lower, upper] = statistics.quantiles.map(|q| sample.quantile(q, scale));
    Estimate {
        median: sample.median(scale),
        lower,
        upper,
        decades: upper.log10() - lower.log10(),
        interval: median_ci(sample.sorted(), statistics.confidence),
        bounds: EstimateBounds::default(),
    }
}

/// The same, of answers some of which are bounds: `least` and `most` are the smallest and the largest that each can be.
/// A number that depends on which is a bound.
fn bounded_estimate(lrs: Vec<f64>, least: Vec<f64>, most: Vec<f64>, statistics: &Statistics) -> Estimate {
    let differ = |others: &[f64]| lrs.iter().zip(others).filter(|(lr, other)| lr.total_cmp(other).is_ne()).count();
    let (at_most, at_least) = (differ(&least), differ(&most));
    let mut found = estimate(lrs, statistics);
    if at_most + at_least == 0 {
        return found;
    }
    found.bounds.seeds = (at_most + at_least) as u32;
    for (others, bound) in [(least, Bound::AtMost), (most, Bound::AtLeast)] {
        let other = estimate(others, statistics);
        let moved = |own: f64, other: f64| own.total_cmp(&other).is_ne().then_some(bound);
        let bounds = &mut found.bounds;
        bounds.median = bounds.median.or(moved(found.median, other.median));
        bounds.lower = bounds.lower.or(moved(found.lower, other.lower));
        bounds.upper = bounds.upper.or(moved(found.upper, other.upper));
        if let Some((own, other)) = found.interval.zip(other.interval) {
            bounds.interval_lower = bounds.interval_lower.or(moved(own.lower, other.lower));
            bounds.interval_upper = bounds.interval_upper.or(moved(own.upper, other.upper));
        }
    }
    found
}

/// The spread of each group of answers. Groups are told apart by `keys`, two columns of type u32; a group without a row
/// has no entry.
///
/// `answers` has the columns `lr` (f64, null without one that can be used), `least` and `most` (f64, the smallest and the
/// largest that it can be), `without` (string, why there is none) and `fallback` (bool).
pub(crate) fn spreads(
    answers: &DataFrame,
    keys: [&str; 2],
    statistics: &Statistics,
) -> PolarsResult<HashMap<[u32; 2], Spread>> {
    let mut spreads: HashMap<[u32; 2], Spread> = HashMap::new();
    let [by, rule] = keys;

    let with = answers.filter(&answers.column("lr")?.is_not_null())?;
    let groups = Groups::new(&with, keys)?;
    let (lrs, least, most) = (groups.floats("lr")?, groups.floats("least")?, groups.floats("most")?);
    for (group, key) in groups.first_two_keys()?.into_iter().enumerate() {
        let spread = spreads.entry(key).or_default();
        spread.n = groups.size(group) as u32;
        let (lrs, least, most) = (lrs.of(group), least.of(group), most.of(group));
        spread.estimate = Some(bounded_estimate(lrs, least, most, statistics));
    }

    let fallbacks = answers.filter(answers.column("fallback")?.bool()?)?;
    let groups = Groups::new(&fallbacks, keys)?;
    for (group, key) in groups.first_two_keys()?.into_iter().enumerate() {
        spreads.entry(key).or_default().fallbacks = groups.size(group) as u32;
    }

    let without = answers.filter(&answers.column("without")?.is_not_null())?;
    let without = without.sort(["without"], SortMultipleOptions::default())?;
    let groups = Groups::new(&without, [by, rule, "without"])?;
    let reasons = groups.key(2)?.str()?;
    for (group, (key, reason)) in groups.first_two_keys()?.into_iter().zip(reasons.iter()).enumerate() {
        let reason = reason.unwrap_or_default().to_owned();
        spreads
            .entry(key)
            .or_default()
            .without
            .push((reason, groups.size(group) as u32));
    }
    Ok(spreads)
}
