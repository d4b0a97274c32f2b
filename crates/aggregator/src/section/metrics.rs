//! What trainers told beside the loss, over seeds.

use crate::read::{ConfigCurves, Curves, ReadCurve, TrialCurve};
use crate::stats::{Sample, Scale};
use seedband_core::files::curve::{MOST_METRICS, Step};
use seedband_core::settings::Statistics;
use seedband_core::summary::{Band, ConfigSummary, MetricSummary};
use std::collections::BTreeSet;

/// Fills in the metrics of each config: of more than [`MOST_METRICS`] names, as of a script that puts the step into the
/// name, the first.
pub(crate) fn add_metrics(configs: &mut [ConfigSummary], curves: &Curves, statistics: &Statistics) {
    for (config, curves) in configs.iter_mut().zip(curves.configs()) {
        let steps = curves.read().flat_map(|(_, read)| &read.curve.steps);
        let names: BTreeSet<&str> = steps
            .flat_map(|step| step.metrics.iter().map(|(name, _)| name))
            .collect();
        let names = names.into_iter().take(MOST_METRICS);
        config.metrics = names.map(|name| summary(name, curves, statistics)).collect();
    }
}

fn summary(name: &str, curves: &ConfigCurves, statistics: &Statistics) -> MetricSummary {
    let told = |step: &&Step| step.metrics.get(name).is_some();
    let by = |(_, read): &(&TrialCurve, &ReadCurve)| read.curve.steps.iter().any(|step| told(&step));
    let mut read: Vec<(&TrialCurve, &ReadCurve)> = curves.read().filter(by).collect();
    read.sort_by_key(|(trial, _)| trial.seed);
    let all = read.iter().flat_map(|(_, read)| &read.curve.steps);
    let steps: BTreeSet<u32> = all.filter(told).map(|step| step.step).collect();
    let steps: Vec<u32> = steps.into_iter().collect();
    let at = |read: &ReadCurve, step: u32| read.curve.steps.get(step as usize)?.metrics.get(name);
    let values = |read: &ReadCurve| {
        let values = steps.iter().map(|step| at(read, *step).unwrap_or(f64::NAN));
        values.collect::<Vec<f64>>()
    };
    let seeds: Vec<(u64, Vec<f64>)> = read.iter().map(|(trial, read)| (trial.seed, values(read))).collect();
    MetricSummary {
        name: name.to_owned(),
        band: band(&seeds, steps.len(), statistics),
        steps,
        seeds,
    }
}

/// Quantiles at each of so many points, over the seeds with a number there.
fn band(seeds: &[(u64, Vec<f64>)], points: usize, statistics: &Statistics) -> Band {
    let mut band = Band {
        n: seeds.len() as u32,
        ..Band::default()
    };
    for point in 0..points {
        let values = seeds.iter().filter_map(|(_, values)| values.get(point));
        let told: Vec<f64> = values.copied().filter(|value| !value.is_nan()).collect();
        band.ended.push((seeds.len() - told.len()) as u32);
        let sample = Sample::new(told);
        let [lower, upper] = statistics.quantiles.map(|q| sample.quantile(q, Scale::Raw));
        band.median.push(sample.median(Scale::Raw));
        band.lower.push(lower);
        band.upper.push(upper);
    }
    band
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three seeds: at the second point one has ended and one told NaN, at the third nobody told anything.
    #[test]
    fn quantiles_are_those_of_the_numbers_told() {
        let none = f64::NAN;
        let seeds = [
            (0, vec![1.0, 4.0, none]),
            (1, vec![2.0, none, none]),
            (2, vec![6.0, none, none]),
        ];
        let statistics = Statistics {
            quantiles: [0.25, 0.75],
            ..Statistics::default()
        };
        let found = band(&seeds, 3, &statistics);
        assert_eq!((found.n, &found.ended[..]), (3, &[0, 2, 3][..]));
        assert_eq!((found.lower[0], found.median[0], found.upper[0]), (1.5, 2.0, 4.0));
        assert_eq!((found.lower[1], found.median[1], found.upper[1]), (4.0, 4.0, 4.0));
        assert!(found.median[2].is_nan());
    }
}
