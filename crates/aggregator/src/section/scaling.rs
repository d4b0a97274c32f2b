//! Suggested learning rates against batch size: the exponent of a power law, seed by seed.

use super::answers::{FIRST_NAMED, MAX_LR, MIN_LR};
use crate::stats::{Groups, Sample, Scale, median_ci};
use polars::prelude::{ChunkCompareIneq, DataFrame, DataFrameJoinOps, PolarsResult, SortMultipleOptions, df};
use seedband_core::settings::Statistics;
use seedband_core::summary::{ConfigSummary, Exponent, Scaling, ScalingSummary};
use std::collections::HashMap;

const BATCH_SIZE: &str = "training.batch-size";
/// May go with the batch size: a range test that sees as many images has fewer steps.
const STEPS: &str = "schedule.steps";
/// Two points always lie on a line, so that nothing could speak against a power law.
const FEWEST_SIZES: usize = 3;

/// The sweeps over batch size among these configs, in the order of their first ones.
///
/// Of each seed that has the rate at every size, the exponent is the slope of log LR on log batch size by least
/// squares; the seeds are the observations, so the exponent of the sweep is their median with its interval by order
/// statistics. A seed has the same initial weights and the same random streams at every size, which makes its sizes a
/// block; one number for each block is what Matthews, Altman, Campbell and Royston (Analysis of serial measurements in
/// medical research, BMJ 300, 1990) call a summary measure. Nothing is assumed about how sizes of one seed depend on
/// each other.
///
/// `answers` is one row for each rule on a curve.
pub(crate) fn scalings(
    configs: &[ConfigSummary],
    answers: &DataFrame,
    statistics: &Statistics,
) -> PolarsResult<Vec<ScalingSummary>> {
    let sweeps = sweeps(configs);
    let mut lines = lines(&sweeps, answers)?;
    let summaries = sweeps.iter().zip(0..).map(|(sweep, number)| {
        let lines = [MIN_LR, MAX_LR].map(|rate| lines.remove(&[number, rate]).unwrap_or_default());
        summarize_sweep(sweep, lines, statistics)
    });
    Ok(summaries.collect())
}

/// The configs of each sweep, by ascending size.
fn sweeps(configs: &[ConfigSummary]) -> Vec<Vec<Point<'_>>> {
    let places = configs.iter().zip(0..);
    let points: Vec<Point> = places.filter_map(|(config, place)| Point::of(config, place)).collect();
    let mut sweeps = Vec::new();
    for group in groups(points, |key| key != BATCH_SIZE && key != STEPS) {
        if is_sweep(&group) {
            sweeps.push(group);
        } else {
            // Two configs of one size tell their numbers of steps apart: each number is a sweep of its own.
            sweeps.extend(
                groups(group, |key| key != BATCH_SIZE)
                    .into_iter()
                    .filter(|group| is_sweep(group)),
            );
        }
    }
    sweeps
}

/// A config and its batch size.
#[derive(Clone, Copy)]
struct Point<'a> {
    size: u32,
    /// Place of the config in the study.
    place: u32,
    config: &'a ConfigSummary,
}

impl<'a> Point<'a> {
    /// None where all configs of the study have one batch size.
    fn of(config: &'a ConfigSummary, place: u32) -> Option<Self> {
        let (_, size) = config.labels.iter().find(|(key, _)| key == BATCH_SIZE)?;
        Some(Self {
            size: size.parse().ok()?,
            place,
            config,
        })
    }

    fn labels(&self, counts: fn(&str) -> bool) -> Vec<&'a (String, String)> {
        self.config.labels.iter().filter(|(key, _)| counts(key)).collect()
    }
}

/// Points whose labels are the same as far as they count, by ascending size.
fn groups(points: Vec<Point<'_>>, counts: fn(&str) -> bool) -> Vec<Vec<Point<'_>>> {
    let mut groups: Vec<Vec<Point>> = Vec::new();
    for point in points {
        match groups
            .iter_mut()
            .find(|group| group[0].labels(counts) == point.labels(counts))
        {
            Some(group) => group.push(point),
            None => groups.push(vec![point]),
        }
    }
    for group in &mut groups {
        group.sort_by_key(|point| point.size);
    }
    groups
}

/// Whether there are enough sizes, each once.
fn is_sweep(group: &[Point]) -> bool {
    group.len() >= FEWEST_SIZES && group.windows(2).all(|pair| pair[0].size < pair[1].size)
}

fn summarize_sweep(sweep: &[Point], [min_lr, max_lr]: [Vec<Line>; 2], statistics: &Statistics) -> ScalingSummary {
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
        min_lr: power(&min_lr, statistics),
        max_lr: power(&max_lr, statistics),
        batch_sizes: sweep.iter().map(|point| point.size).collect(),
    }
}

/// A straight line through one seed's learning rates over batch sizes, both as log10.
#[derive(Debug, Clone, Copy)]
struct Line {
    slope: f64,
    /// The mean of the logarithms of the learning rates.
    middle: f64,
}

/// The lines of the seeds that have the rate at every size, by sweep and rate of the range.
fn lines(sweeps: &[Vec<Point>], answers: &DataFrame) -> PolarsResult<HashMap<[u32; 2], Vec<Line>>> {
    let points = || {
        sweeps
            .iter()
            .zip(0_u32..)
            .flat_map(|(sweep, number)| sweep.iter().map(move |point| (number, point)))
    };
    let sizes = df!(
        "config" => points().map(|(_, point)| point.place).collect::<Vec<u32>>(),
        "sweep" => points().map(|(number, _)| number).collect::<Vec<u32>>(),
        "size" => points().map(|(_, point)| point.size).collect::<Vec<u32>>(),
    )?;
    let of_range = answers.column("rule")?.u32()?.lt(FIRST_NAMED);
    let usable = answers.column("lr")?.is_not_null();
    let rows = answers
        .filter(&(of_range & usable))?
        .inner_join(&sizes, ["config"], ["config"])?;
    let rows = rows.sort(["sweep", "rule", "seed", "size"], SortMultipleOptions::default())?;
    let blocks = Groups::new(&rows, ["sweep", "rule", "seed"])?;
    let lrs = blocks.floats("lr")?;
    let mut lines: HashMap<[u32; 2], Vec<Line>> = HashMap::new();
    for (block, key) in blocks.first_two_keys()?.into_iter().enumerate() {
        let sizes = sweeps.get(key[0] as usize).map_or(&[][..], Vec::as_slice);
        if blocks.size(block) == sizes.len() {
            let sizes: Vec<f64> = sizes.iter().map(|point| f64::from(point.size).log10()).collect();
            lines.entry(key).or_default().push(line(&sizes, &lrs.of(block)));
        }
    }
    Ok(lines)
}

fn power(lines: &[Line], statistics: &Statistics) -> Scaling {
    let slopes = Sample::new(lines.iter().map(|line| line.slope).collect());
    let middles = Sample::new(lines.iter().map(|line| line.middle).collect());
    let [lower, upper] = statistics.quantiles.map(|q| slopes.quantile(q, Scale::Raw));
    Scaling {
        n: lines.len() as u32,
        exponent: (!lines.is_empty()).then(|| Exponent {
            median: slopes.median(Scale::Raw),
            lower,
            upper,
            interval: median_ci(slopes.sorted(), statistics.confidence),
            middle: 10_f64.powf(middles.median(Scale::Raw)),
        }),
    }
}

/// The line through log10 of the learning rates over `sizes` by least squares.
fn line(sizes: &[f64], lrs: &[f64]) -> Line {
    let n = sizes.len() as f64;
    let logs: Vec<f64> = lrs.iter().map(|lr| lr.log10()).collect();
    let (size, log) = (sizes.iter().sum::<f64>() / n, logs.iter().sum::<f64>() / n);
    let (mut product, mut square) = (0.0, 0.0);
    for (x, y) in sizes.iter().zip(&logs) {
        product += (x - size) * (y - log);
        square += (x - size).powi(2);
    }
    Line {
        slope: product / square,
        middle: log,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::section::answers::answer_frame;
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
        scalings(configs, &answer_frame(configs).unwrap(), &statistics).unwrap()
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

    /// Sizes that are not evenly spread: 1, 10, 1000 with logarithms 0, 1, 3 about 4/3, and of the rates 0, 0, 1 about
    /// 1/3. Least squares give (4/9 + 1/9 + 10/9) / (16/9 + 1/9 + 25/9) = 15/42.
    #[test]
    fn uneven_sizes_are_weighted_by_their_distance() {
        let Line { slope, middle } = line(&[0.0, 1.0, 3.0], &[1.0, 1.0, 10.0]);
        assert!(
            (slope - 15.0 / 42.0).abs() < 1e-15 && (middle - 1.0 / 3.0).abs() < 1e-15,
            "{slope} {middle}"
        );
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
