//! How configs differ, seed by seed.

use crate::stats::{Sample, Scale, holm, median_interval, sign_test};
use seedband_core::range_test::Answer;
use seedband_core::settings::Statistics;
use seedband_core::summary::{Bound, ConfigDifference, ConfigSummary, Interval, PairedDifference, SeedSummary};
use std::collections::HashMap;

/// Every two of more configs would be a table that nobody reads, and a correction that leaves nothing to be told apart:
/// 1225 pairs.
const MOST_CONFIGS: usize = 50;
/// Rates this close, in decades, are one: the same step of a schedule computed in two ways.
const SAME: f64 = 1e-9;

/// Every two configs; none where there are more than [`MOST_CONFIGS`].
pub(crate) fn differences(configs: &[ConfigSummary], statistics: &Statistics) -> Vec<ConfigDifference> {
    if configs.len() > MOST_CONFIGS {
        return Vec::new();
    }
    let pairs = || (0..configs.len()).flat_map(|first| (first + 1..configs.len()).map(move |second| [first, second]));
    let min_lrs = paired(
        configs,
        pairs(),
        |seed| rate(seed.min_lr, seed.min_lr_bound),
        statistics,
    );
    let max_lrs = paired(
        configs,
        pairs(),
        |seed| rate(seed.max_lr, seed.max_lr_bound),
        statistics,
    );
    let found = pairs().zip(min_lrs.into_iter().zip(max_lrs));
    found
        .map(|([first, second], (min_lr, max_lr))| ConfigDifference {
            first: configs[first].name.clone(),
            second: configs[second].name.clone(),
            min_lr,
            max_lr,
        })
        .collect()
}

/// A learning rate in decades, with the least and the most that it can be.
#[derive(Debug, Clone, Copy)]
struct Decades {
    value: f64,
    least: f64,
    most: f64,
}

/// None without an answer above 0.
fn rate(answer: Answer, bound: Option<Bound>) -> Option<Decades> {
    let value = answer.lr().filter(|lr| *lr > 0.0)?.log10();
    let or = |is, limit| if bound == Some(is) { limit } else { value };
    Some(Decades {
        value,
        least: or(Bound::AtMost, f64::NEG_INFINITY),
        most: or(Bound::AtLeast, f64::INFINITY),
    })
}

/// The differences of each pair, tested together.
fn paired(
    configs: &[ConfigSummary],
    pairs: impl Iterator<Item = [usize; 2]>,
    of: fn(&SeedSummary) -> Option<Decades>,
    statistics: &Statistics,
) -> Vec<Option<PairedDifference>> {
    let rates = |config: &ConfigSummary| -> HashMap<u64, Decades> {
        let seeds = config.seeds.iter();
        seeds.filter_map(|seed| Some((seed.seed, of(seed)?))).collect()
    };
    let rates: Vec<HashMap<u64, Decades>> = configs.iter().map(rates).collect();
    let found = pairs.map(|[first, second]| {
        let both = rates[first]
            .iter()
            .filter_map(|(seed, own)| Some((own, rates[second].get(seed)?)));
        difference(
            &both.map(|(first, second)| minus(first, second)).collect::<Vec<_>>(),
            statistics,
        )
    });
    let mut found: Vec<Option<PairedDifference>> = found.collect();
    let corrected = holm(&found.iter().flatten().map(|found| found.p).collect::<Vec<_>>());
    for (found, p) in found.iter_mut().flatten().zip(corrected) {
        found.p = p;
        found.differs = p < 1.0 - statistics.confidence;
    }
    found
}

fn minus(first: &Decades, second: &Decades) -> Decades {
    Decades {
        value: first.value - second.value,
        least: first.least - second.most,
        most: first.most - second.least,
    }
}

/// Of the differences of the seeds, in any order; not yet corrected for other pairs.
fn difference(seeds: &[Decades], statistics: &Statistics) -> Option<PairedDifference> {
    if seeds.is_empty() {
        return None;
    }
    let sorted = |of: fn(&Decades) -> f64| Sample::new(seeds.iter().map(of).collect());
    let interval = |sample: &Sample| median_interval(sample.sorted(), statistics);
    let limits = interval(&sorted(|seed| seed.least)).zip(interval(&sorted(|seed| seed.most)));
    let is_bound = |seed: &&Decades| seed.least.is_infinite() || seed.most.is_infinite();
    Some(PairedDifference {
        n: seeds.len() as u32,
        bounds: seeds.iter().filter(is_bound).count() as u32,
        median: sorted(|seed| seed.value).median(Scale::Raw),
        interval: limits.map(|(least, most)| Interval {
            lower: least.lower,
            ..most
        }),
        p: probability(seeds),
        differs: false,
    })
}

/// The sign test, with every seed that cannot be told counted on the side of the fewer.
fn probability(seeds: &[Decades]) -> f64 {
    let count = |is: fn(&Decades) -> bool| seeds.iter().filter(|seed| is(seed)).count() as u32;
    let above = count(|seed| seed.least > SAME);
    let below = count(|seed| seed.most < -SAME);
    let equal = count(|seed| seed.least >= -SAME && seed.most <= SAME);
    let untold = seeds.len() as u32 - above - below - equal;
    let (more, fewer) = (above.max(below), above.min(below) + untold);
    if fewer < more { sign_test(more, fewer) } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::section::answers::tests::{answer, seed};

    fn config(name: &str, max_lrs: &[f64]) -> ConfigSummary {
        let seeds = max_lrs.iter().zip(0..);
        ConfigSummary {
            name: name.into(),
            seeds: seeds
                .map(|(lr, number)| seed(number, answer(0.0), answer(*lr)))
                .collect(),
            ..ConfigSummary::default()
        }
    }

    fn of(configs: &[ConfigSummary]) -> Vec<ConfigDifference> {
        differences(configs, &Statistics::default())
    }

    /// Seven seeds: the first config is ten times the second in six and equal in one; the third equals the first. Six of
    /// six on one side have 2 of 64, of two pairs that differ; with three pairs Holm makes the least of them 3 times it.
    #[test]
    fn differences_by_hand() {
        let high = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0];
        let low = high.map(|lr| if lr > 6.5 { lr } else { lr / 10.0 });
        let found = of(&[config("a", &high), config("b", &low), config("c", &high)]);
        let names: Vec<(&str, &str)> = found
            .iter()
            .map(|pair| (pair.first.as_str(), pair.second.as_str()))
            .collect();
        assert_eq!(names, [("a", "b"), ("a", "c"), ("b", "c")]);
        assert!(found.iter().all(|pair| pair.min_lr.is_none()));
        let [ab, ac, bc] = [0, 1, 2].map(|pair| found[pair].max_lr.unwrap());
        assert!((ab.median - 1.0).abs() < 1e-12 && (bc.median + 1.0).abs() < 1e-12 && ac.median.abs() < 1e-12);
        assert!((ab.p - 6.0 / 64.0).abs() < 1e-12 && (bc.p - 6.0 / 64.0).abs() < 1e-12 && (ac.p - 1.0).abs() < 1e-12);
        assert!(!ab.differs && ab.n == 7 && ab.bounds == 0);
        // Seven values enclose their median with 1 - 2/128.
        let interval = ab.interval.unwrap();
        assert!(interval.lower.abs() < 1e-12 && (interval.upper - 1.0).abs() < 1e-12);
        assert!((interval.confidence - 126.0 / 128.0).abs() < 1e-12);
        let found = of(&[config("a", &[1.0; 8]), config("b", &[0.1; 8])]);
        assert!(found[0].max_lr.unwrap().differs, "2 of 256");
    }

    /// A rate known to be at least 1 is larger than 0.1, and may be larger than 10.
    #[test]
    fn bounds_count_for_what_they_tell() {
        let cut = |bounds: usize| {
            let mut config = config("a", &[1.0; 8]);
            for seed in &mut config.seeds[..bounds] {
                seed.max_lr_bound = Some(Bound::AtLeast);
            }
            config
        };
        let larger = of(&[cut(8), config("b", &[0.1; 8])])[0].max_lr.unwrap();
        assert!(larger.differs && larger.bounds == 8);
        let interval = larger.interval.unwrap();
        assert!((interval.lower - 1.0).abs() < 1e-12 && interval.upper.is_infinite());
        let smaller = of(&[cut(1), config("b", &[10.0; 8])])[0].max_lr.unwrap();
        // Seven below, one that does not tell: 2 (1 + 8) of 256.
        assert!((smaller.p - 18.0 / 256.0).abs() < 1e-12, "{smaller:?}");
        let untold = of(&[cut(5), config("b", &[10.0; 8])])[0].max_lr.unwrap();
        assert!((untold.p - 1.0).abs() < 1e-12);
    }

    #[test]
    fn only_common_seeds_count_and_many_configs_are_not_compared() {
        let mut other = config("b", &[1.0, 1.0, 1.0]);
        other.seeds[2].seed = 9;
        let found = of(&[config("a", &[1.0, 0.0, 1.0]), other]);
        assert_eq!(found[0].max_lr.unwrap().n, 1);
        assert!(of(&vec![config("a", &[1.0]); MOST_CONFIGS + 1]).is_empty());
        assert!(of(&[config("a", &[1.0])]).is_empty());
    }
}
