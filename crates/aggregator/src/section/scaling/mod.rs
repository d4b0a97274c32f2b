//! Suggested learning rates against batch size: the exponent of a power law, seed by seed, and whether it is one.

mod line;
mod sweep;

use crate::stats::{Sample, Scale, holm, median_interval, sign_test};
use line::line;
use seedband_core::range_test::Answer;
use seedband_core::settings::Statistics;
use seedband_core::summary::{
    Bound, ConfigSummary, Exponent, LocalSlope, Scaling, ScalingSummary, SeedSlopes, SeedSummary,
};
use std::collections::BTreeMap;
use sweep::{Point, sweeps};

/// Slopes this much apart are one: rates on the grid of a schedule give equal slopes up to rounding.
const SAME_SLOPE: f64 = 1e-9;

/// The sweeps over batch size among these configs, in the order of their first ones.
///
/// Of each seed that has the rate at every size, the exponent is the slope of log LR on log batch size by least
/// squares; the seeds are the observations, so the exponent of the sweep is their median with its interval by order
/// statistics. A seed has the same initial weights and the same random streams at every size, which makes its sizes a
/// block; one number for each block is what Matthews, Altman, Campbell and Royston (Analysis of serial measurements in
/// medical research, BMJ 300, 1990) call a summary measure. Nothing is assumed about how sizes of one seed depend on
/// each other.
///
/// Whether a straight line fits is asked in the same way: of each seed the slope between two neighbouring sizes minus
/// that of its line. Were the line straight, these would lie above 0 as often as below; the sign test of each pair of
/// sizes is corrected by Holm's method for all of them.
pub(crate) fn scalings(configs: &[ConfigSummary], statistics: &Statistics) -> Vec<ScalingSummary> {
    sweeps(configs)
        .iter()
        .map(|sweep| summarize_sweep(sweep, statistics))
        .collect()
}

fn summarize_sweep(sweep: &[Point], statistics: &Statistics) -> ScalingSummary {
    let first = sweep[0].config;
    let steps = |point: &Point| point.config.lrs.len();
    ScalingSummary {
        configs: sweep.iter().map(|point| point.config.name.clone()).collect(),
        shared: first
            .labels
            .iter()
            .filter(|label| sweep.iter().all(|point| point.config.labels.contains(label)))
            .cloned()
            .collect(),
        steps_differ: sweep.iter().any(|point| steps(point) != first.lrs.len()),
        min_lr: scaling(sweep, |seed| (seed.min_lr, seed.min_lr_bound), statistics),
        max_lr: scaling(sweep, |seed| (seed.max_lr, seed.max_lr_bound), statistics),
        batch_sizes: sweep.iter().map(|point| point.size).collect(),
    }
}

/// One of the two rates of a seed, and whether it is a bound.
type Rate = fn(&SeedSummary) -> (Answer, Option<Bound>);

fn scaling(sweep: &[Point], rate: Rate, statistics: &Statistics) -> Scaling {
    let sizes: Vec<f64> = sweep.iter().map(|point| f64::from(point.size).log10()).collect();
    let mut blocks: BTreeMap<u64, Vec<(f64, &SeedSummary)>> = BTreeMap::new();
    for seed in sweep.iter().flat_map(|point| &point.config.seeds) {
        if let Some(lr) = rate(seed).0.lr().filter(|lr| *lr > 0.0) {
            blocks.entry(seed.seed).or_default().push((lr, seed));
        }
    }
    let mut found = Scaling::default();
    let mut middles = Vec::new();
    for (seed, block) in blocks.into_iter().filter(|(_, block)| block.len() == sweep.len()) {
        if block.iter().any(|(_, seed)| seed.is_crossed()) {
            found.reversed += 1;
        } else if block.iter().any(|(_, seed)| rate(seed).1.is_some()) {
            found.bounds += 1;
        } else {
            let logs: Vec<f64> = block.iter().map(|(lr, _)| lr.log10()).collect();
            let line = line(&sizes, &logs);
            middles.push(line.middle);
            found.seeds.push(SeedSlopes {
                seed,
                slope: line.slope,
                local: line.local,
            });
        }
    }
    found.n = found.seeds.len() as u32;
    if found.n > 0 {
        found.exponent = Some(exponent(&found.seeds, middles, statistics));
        found.local = local_slopes(sweep, &found.seeds, statistics);
        // The most that so many seeds can show: all on one side.
        let can_tell = f64::from(found.local.len() as u32) * sign_test(found.n, 0) < 1.0 - statistics.confidence;
        let is_straight = found.local.iter().all(|slope| slope.p >= 1.0 - statistics.confidence);
        found.is_straight = can_tell.then_some(is_straight);
    }
    found
}

fn exponent(seeds: &[SeedSlopes], middles: Vec<f64>, statistics: &Statistics) -> Exponent {
    let slopes = Sample::new(seeds.iter().map(|seed| seed.slope).collect());
    let [lower, upper] = statistics.quantiles.map(|q| slopes.quantile(q, Scale::Raw));
    Exponent {
        median: slopes.median(Scale::Raw),
        lower,
        upper,
        interval: median_interval(slopes.sorted(), statistics),
        middle: 10_f64.powf(Sample::new(middles).median(Scale::Raw)),
    }
}

fn local_slopes(sweep: &[Point], seeds: &[SeedSlopes], statistics: &Statistics) -> Vec<LocalSlope> {
    let pairs = 0..sweep.len() - 1;
    let tested = pairs.clone().map(|pair| {
        let beyond = |sign: f64| {
            seeds
                .iter()
                .filter(|seed| sign * (seed.local[pair] - seed.slope) > SAME_SLOPE)
                .count()
        };
        sign_test(beyond(1.0) as u32, beyond(-1.0) as u32)
    });
    let corrected = holm(&tested.collect::<Vec<_>>());
    let slope = |(pair, p): (usize, f64)| {
        let slopes = Sample::new(seeds.iter().map(|seed| seed.local[pair]).collect());
        LocalSlope {
            from: sweep[pair].size,
            to: sweep[pair + 1].size,
            median: slopes.median(Scale::Raw),
            interval: median_interval(slopes.sorted(), statistics),
            p,
        }
    };
    pairs.zip(corrected).map(slope).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BATCH_SIZE: &str = "training.batch-size";
    const STEPS: &str = "schedule.steps";

    use crate::section::answers::tests::{answer, seed};

    /// A config with a max LR of the given learning rate for each seed from 0 on, 0 for none.
    fn config(labels: &[(&str, &str)], max_lrs: &[f64], steps: usize) -> ConfigSummary {
        let seeds = max_lrs.iter().zip(0..);
        let labels = labels
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        let labels: Vec<(String, String)> = labels.collect();
        ConfigSummary {
            name: labels[0].1.clone(),
            labels,
            lrs: vec![1.0; steps],
            seeds: seeds
                .map(|(lr, number)| seed(number, answer(0.0), answer(*lr)))
                .collect(),
            ..ConfigSummary::default()
        }
    }

    fn of(configs: &[ConfigSummary]) -> Vec<ScalingSummary> {
        let statistics = Statistics {
            quantiles: [0.25, 0.75],
            confidence: 0.5,
            ..Statistics::default()
        };
        scalings(configs, &statistics)
    }

    /// Sizes 10, 100, 1000. Seed 0 rises by a decade each (the linear rule), seed 1 by half a decade each, seed 2 from
    /// 1 over 100 to 1: on -1, 0, 1 its slope is 0 and its mean 2/3. Seed 3 has no answer at one size and says nothing.
    #[test]
    fn exponents_by_hand() {
        let root = 10_f64.sqrt();
        let sweep = of(&[
            config(&[(BATCH_SIZE, "100")], &[0.1, 0.01 * root, 100.0, 1.0], 5),
            config(&[(BATCH_SIZE, "1000")], &[1.0, 0.1, 1.0, 0.0], 5),
            config(&[(BATCH_SIZE, "10")], &[0.01, 0.01, 1.0, 1.0], 5),
        ]);
        assert_eq!(sweep.len(), 1);
        let sweep = &sweep[0];
        assert_eq!(
            (&sweep.configs[..], &sweep.batch_sizes[..]),
            (&["10", "100", "1000"].map(str::to_owned)[..], &[10, 100, 1000][..])
        );
        assert!(!sweep.steps_differ && sweep.shared.is_empty());
        assert_eq!((sweep.min_lr.n, sweep.min_lr.exponent), (0, None));
        let exponent = sweep.max_lr.exponent.unwrap();
        assert_eq!(sweep.max_lr.n, 3);
        let interval = exponent.interval.unwrap();
        // Slopes 0, 1/2, 1; means of logarithms 2/3, -3/2, -1. Three values enclose their median with 1 - 2/8.
        for (value, expected) in [
            (exponent.median, 0.5),
            (exponent.lower, 0.25),
            (exponent.upper, 0.75),
            (exponent.middle, 0.1),
            (interval.lower, 0.0),
            (interval.upper, 1.0),
            (interval.confidence, 0.75),
        ] {
            assert!((value - expected).abs() < 1e-14, "{value} {expected}");
        }
    }

    /// Sizes 10, 100, 1000; ten seeds rise by two decades and then by none, each a little differently: slopes of 1, local
    /// ones of 2 and 0, which all ten say.
    #[test]
    fn a_bent_line_is_not_one_power() {
        let rising = |by: f64| -> Vec<f64> { (0..10).map(|seed| 0.01 * by * 1.01_f64.powi(seed)).collect() };
        let sweep = |last: f64| {
            let sizes = [("10", 1.0), ("100", 100.0), ("1000", last)];
            let configs = sizes.map(|(size, by)| config(&[(BATCH_SIZE, size)], &rising(by), 5));
            scalings(&configs, &Statistics::default()).remove(0).max_lr
        };
        let bent = sweep(100.0);
        assert_eq!((bent.n, bent.is_straight), (10, Some(false)));
        let slopes: Vec<(u32, u32)> = bent.local.iter().map(|slope| (slope.from, slope.to)).collect();
        assert_eq!(slopes, [(10, 100), (100, 1000)]);
        assert!((bent.exponent.unwrap().median - 1.0).abs() < 1e-12);
        for (slope, expected) in bent.local.iter().zip([2.0, 0.0]) {
            // All ten on one side have 2 of 1024, and there are two pairs.
            assert!(
                (slope.median - expected).abs() < 1e-12 && (slope.p - 4.0 / 1024.0).abs() < 1e-15,
                "{slope:?}"
            );
            assert!((slope.interval.unwrap().lower - expected).abs() < 1e-12);
        }
        assert!((bent.seeds[3].local[0] - 2.0).abs() < 1e-12 && bent.seeds[3].seed == 3);
        let straight = sweep(1e4);
        assert_eq!(
            (straight.n, straight.is_straight),
            (10, Some(true)),
            "{:?}",
            straight.local
        );
    }

    /// Four seeds: one reversed at one size, one cut off at another; two are left, too few to tell a bend.
    #[test]
    fn reversed_ranges_and_bounds_are_no_measurements() {
        let mut configs = ["10", "100", "1000"].map(|size| config(&[(BATCH_SIZE, size)], &[1.0; 4], 5));
        for seed in configs.iter_mut().flat_map(|config| &mut config.seeds) {
            seed.min_lr = answer(0.1);
        }
        configs[1].seeds[0].min_lr = answer(2.0);
        configs[2].seeds[3].max_lr_bound = Some(Bound::AtLeast);
        let sweep = scalings(&configs, &Statistics::default()).remove(0);
        let [max, min] = [&sweep.max_lr, &sweep.min_lr];
        assert_eq!((max.n, max.reversed, max.bounds, max.is_straight), (2, 1, 1, None));
        assert_eq!((min.n, min.reversed, min.bounds), (3, 1, 0), "its min LR is measured");
    }

    #[test]
    fn only_the_batch_size_may_differ_and_the_steps_with_it() {
        let one = |labels: &[(&str, &str)], steps| config(labels, &[1.0], steps);
        let sizes = ["32", "64", "128"];
        let with = |key: &str, values: [&str; 3]| -> Vec<ConfigSummary> {
            let pairs = sizes.iter().zip(values);
            pairs
                .map(|(size, value)| one(&[(BATCH_SIZE, *size), (key, value)], 5))
                .collect()
        };
        assert_eq!(of(&with("optimizer.momentum", ["0.9", "0.8", "0.7"])).len(), 0);
        assert_eq!(
            of(&with("optimizer.momentum", ["0.9"; 3])[..2]).len(),
            0,
            "two sizes are no sweep"
        );
        // Fewer steps at larger sizes: one sweep, and it says so.
        let steps: Vec<_> = [("32", "40", 40), ("64", "20", 20), ("128", "10", 10)]
            .map(|(size, label, steps)| one(&[(BATCH_SIZE, size), (STEPS, label)], steps))
            .into();
        let sweeps = of(&steps);
        assert_eq!((sweeps.len(), sweeps[0].steps_differ), (1, true));
        assert_eq!(sweeps[0].batch_sizes, [32, 64, 128]);
        // Two numbers of steps at every size: two sweeps.
        let grid: Vec<_> = [10, 20]
            .iter()
            .flat_map(|&steps| sizes.map(|size| one(&[(BATCH_SIZE, size), (STEPS, &steps.to_string())], steps)))
            .collect();
        let sweeps = of(&grid);
        assert_eq!(sweeps.len(), 2);
        assert!(
            sweeps
                .iter()
                .all(|sweep| !sweep.steps_differ && sweep.configs.len() == 3)
        );
        assert_eq!(sweeps[1].shared, [(STEPS.to_owned(), "20".to_owned())]);
        // The same size twice tells nothing apart.
        let twice = [&grid[..3], &grid[..1]].concat();
        assert_eq!(of(&twice).len(), 0);
        // Two optimizers: a sweep each, and configs of one size of their own are left out.
        let mut both = with("optimizer.momentum", ["0.9"; 3]);
        both.extend(with("optimizer.momentum", ["0"; 3]));
        both.push(one(&[("model.depth", "20")], 5));
        let sweeps = of(&both);
        assert_eq!(sweeps.len(), 2);
        assert_eq!(sweeps[1].shared, [("optimizer.momentum".to_owned(), "0".to_owned())]);
    }
}
