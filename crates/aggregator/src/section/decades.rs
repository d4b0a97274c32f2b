//! Seeds grouped by where their smoothed loss is least.

use super::answers::{MAX_LR, MIN_LR};
use crate::stats::{BandRows, Extent, Groups, bands, spreads};
use polars::prelude::{
    DataFrame, DataFrameJoinOps, IntoColumn, PolarsResult, SortMultipleOptions, UInt32Chunked, UniqueKeepStrategy, df,
};
use seedband_core::settings::Statistics;
use seedband_core::summary::{ConfigSummary, Decade, SeedSummary};
use std::collections::HashMap;
use std::ops::RangeInclusive;

/// How far below a power of ten a learning rate still counts as that power, in decades. A schedule that means to visit
/// 1e-3 may compute 0.0009999999999999998; steps of a schedule lie much further apart.
const ROUNDING: f64 = 1e-9;

/// Decades that belong together: learning rates closer than this, a factor of 3.2, are no two groups because a power of
/// ten lies between them.
const GAP: f64 = 0.5;

/// The decade of a learning rate: `floor(log10(lr))`, rounding forgiven; none for a rate that is not above 0 and
/// finite.
pub(crate) fn decade(lr: f64) -> Option<i32> {
    (lr > 0.0 && lr.is_finite()).then(|| (lr.log10() + ROUNDING).floor() as i32)
}

/// Fills in the groups of each config, by ascending decade. `kept` is one row for each step that counts, `answers` one
/// for each rule on a curve.
pub(crate) fn add_decades(
    configs: &mut [ConfigSummary],
    kept: &DataFrame,
    answers: &DataFrame,
    statistics: &Statistics,
) -> PolarsResult<()> {
    let (members, groups) = members(configs)?;
    let keys = ["config", "seed"];
    // Steps are joined by one number a trial, which takes a third of the time.
    let trials = kept.select(["trial", "config", "seed"])?;
    let trials = trials.unique_stable(Some(&["trial".to_owned()]), UniqueKeepStrategy::First, None)?;
    let trials = trials.inner_join(&members, keys, keys)?;
    let trials = trials.select(["trial", "group"])?;
    let rows = kept.inner_join(&trials, ["trial"], ["trial"])?;
    let extents: Vec<Extent> = groups
        .iter()
        .map(|group| Extent {
            curves: group.seeds,
            points: configs.get(group.config).map_or(0, |config| config.lrs.len()),
        })
        .collect();
    let rows = BandRows {
        frame: &rows,
        band: "group",
        curve: "trial",
        point: "step",
        value: "smoothed",
    };
    let bands = bands(rows, &extents, statistics)?;
    let mut spreads = spreads(
        &answers.inner_join(&members, keys, keys)?,
        ["group", "rule"],
        statistics,
    )?;
    for ((group, band), number) in groups.iter().zip(bands).zip(0..) {
        let mut spread = |rule| spreads.remove(&[number, rule]).unwrap_or_default();
        let decade = Decade {
            exponent: group.exponent,
            last: group.last,
            seeds: group.seeds as u32,
            median: band.median,
            min_lr: spread(MIN_LR),
            max_lr: spread(MAX_LR),
        };
        if let Some(config) = configs.get_mut(group.config) {
            config.decades.push(decade);
        }
    }
    Ok(())
}

/// The decades of the seeds' least losses, those joined between whose seeds there is no gap of [`GAP`].
fn joined(config: &ConfigSummary) -> Vec<RangeInclusive<i32>> {
    let of_seed = |seed: &SeedSummary| Some((seed.least_lr?.log10(), seed.decade?));
    let mut seeds: Vec<(f64, i32)> = config.seeds.iter().filter_map(of_seed).collect();
    seeds.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut groups: Vec<RangeInclusive<i32>> = Vec::new();
    let mut before = f64::NEG_INFINITY;
    for (log, decade) in seeds {
        match groups.last_mut() {
            Some(group) if decade <= *group.end() || log - before < GAP - ROUNDING => {
                *group = *group.start()..=decade.max(*group.end());
            }
            _ => groups.push(decade..=decade),
        }
        before = log;
    }
    groups
}

/// Seeds of one config in neighbouring decades.
struct Group {
    config: usize,
    exponent: i32,
    last: Option<i32>,
    seeds: usize,
}

/// The groups by config and decade, and a table that says which seed is in which: `config`, `seed`, `group`.
fn members(configs: &[ConfigSummary]) -> PolarsResult<(DataFrame, Vec<Group>)> {
    let (mut config, mut seed, mut exponent) = (Vec::new(), Vec::new(), Vec::new());
    let mut last = HashMap::new();
    for (summary, place) in configs.iter().zip(0_u32..) {
        let joined = joined(summary);
        for own in &summary.seeds {
            let group = own
                .decade
                .and_then(|decade| joined.iter().find(|group| group.contains(&decade)));
            if let Some(group) = group {
                config.push(place);
                seed.push(own.seed);
                exponent.push(*group.start());
                last.insert((place, *group.start()), *group.end());
            }
        }
    }
    let seeds = df!("config" => config, "seed" => seed, "exponent" => exponent)?;
    let mut seeds = seeds.sort(["config", "exponent"], SortMultipleOptions::default())?;
    let grouped = Groups::new(&seeds, ["config", "exponent"])?;
    let mut number_of_row = vec![0; seeds.height()];
    let mut groups = Vec::new();
    let keys = grouped.key(0)?.u32()?.iter().zip(grouped.key(1)?.i32()?.iter());
    for (number, (config, exponent)) in keys.enumerate() {
        for row in grouped.rows(number) {
            number_of_row[row] = number as u32;
        }
        let (config, exponent) = (config.unwrap_or_default(), exponent.unwrap_or_default());
        groups.push(Group {
            config: config as usize,
            exponent,
            last: last.get(&(config, exponent)).copied().filter(|last| *last > exponent),
            seeds: grouped.size(number),
        });
    }
    seeds.with_column(UInt32Chunked::from_vec("group".into(), number_of_row).into_column())?;
    Ok((seeds.select(["config", "seed", "group"])?, groups))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::section::answers::answer_frame;
    use crate::section::answers::tests::{answer, config, seed};

    #[test]
    fn decades_of_rates() {
        let exponents = |lrs: &[f64]| lrs.iter().map(|lr| decade(*lr)).collect::<Vec<_>>();
        assert_eq!(
            exponents(&[0.5, 1.0, 9.99, 2e-3, 0.000_999_999_999_999_999_8, 9.9e-4, 0.1]),
            [-1, 0, 0, -3, -3, -4, -1].map(Some)
        );
        assert_eq!(exponents(&[0.0, -1.0, f64::NAN, f64::INFINITY]), [None; 4]);
    }

    /// Just below and just above 10 is one continuum; half a decade is a gap.
    #[test]
    fn a_power_of_ten_alone_parts_nothing() {
        let of = |lrs: &[f64]| {
            let mut config = config(&vec![answer(1.0); lrs.len()]);
            for (seed, lr) in config.seeds.iter_mut().zip(lrs) {
                (seed.least_lr, seed.decade) = (Some(*lr), decade(*lr));
            }
            joined(&config)
        };
        assert_eq!(of(&[8.0, 10.5, 3.0]), [0..=1]);
        assert_eq!(of(&[1.0, 3.0, 10.0]), [0..=0, 1..=1], "a factor of 3.33");
        assert_eq!(of(&[1.0, 3.2, 10.0]), [0..=1], "a factor of 3.13");
        assert_eq!(of(&[1.0, 9.0]), [0..=0], "one decade stays one group");
        assert_eq!(of(&[0.01, 0.02, 5.0, 20.0, 1e4]), [-2..=-2, 0..=0, 1..=1, 4..=4]);
        assert!(of(&[]).is_empty());
    }

    /// Seeds 0, 2 and 3 of the second config have their least loss between 1 and 10, seed 1 between 0.01 and 0.1, seed
    /// 4 nowhere. The first config has no curve.
    #[test]
    fn groups_have_their_own_median() {
        let least = [Some(2.0), Some(0.02), Some(4.0), Some(8.0), None];
        let seeds = least.iter().zip(0..).map(|(lr, number)| {
            let rate = answer(lr.map_or(0.0, |lr: f64| lr / 10.0));
            let mut seed = seed(number, rate, rate);
            (seed.least_lr, seed.decade) = (*lr, lr.and_then(decade));
            seed
        });
        let mut configs = [
            config(&[]),
            ConfigSummary {
                lrs: vec![1.0, 2.0],
                seeds: seeds.collect(),
                ..ConfigSummary::default()
            },
        ];
        let kept = df!(
            "trial" => [0_u32, 0, 1, 1, 2, 2, 3, 3, 4],
            "config" => [1_u32; 9],
            "seed" => [0_u64, 0, 1, 1, 2, 2, 3, 3, 4],
            "step" => [0_u32, 1, 0, 1, 0, 1, 0, 1, 0],
            "smoothed" => [3.0, 1.0, 2.0, 5.0, 5.0, 2.0, 4.0, 9.0, f64::NAN],
        )
        .unwrap();
        let answers = answer_frame(&configs).unwrap();
        add_decades(&mut configs, &kept, &answers, &Statistics::default()).unwrap();
        assert!(configs[0].decades.is_empty());
        let groups = &configs[1].decades;
        let sizes: Vec<(i32, u32)> = groups.iter().map(|group| (group.exponent, group.seeds)).collect();
        assert_eq!(sizes, [(-2, 1), (0, 3)]);
        assert_eq!(groups[0].median, [2.0, 5.0]);
        assert_eq!(groups[1].median, [4.0, 2.0]);
        let max_lr = groups[1].max_lr.estimate.unwrap();
        assert!(
            (max_lr.median - 0.4).abs() < 1e-15 && groups[1].max_lr.n == 3,
            "{max_lr:?}"
        );
    }
}
