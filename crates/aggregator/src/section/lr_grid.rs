//! Is a suggestion any good? Trainings at each learning rate of a grid, and the loss at what each rule suggests beside
//! the least.

use super::regret::{GridLosses, least, regrets};
use crate::input::ConfigInput;
use crate::stats::{BandRows, Extent, Groups, band_frame, bands, estimate};
use polars::prelude::{DataFrameJoinOps, PolarsResult, SortMultipleOptions, df};
use seedband_core::settings::Statistics;
use seedband_core::summary::{Band, ConfigSummary, LrGridSeed, LrGridSummary, TrainingSummary};
use seedband_core::train::{Rate, TrainSettings, Training};
use std::collections::HashMap;

/// With fewer learning rates there is no curve to read a loss off.
const LEAST_RATES: usize = 3;

/// Trainings by ascending learning rate.
type Grid<'a> = Vec<(f64, &'a Training)>;

/// One for each grid of three or more learning rates: trainings that differ in nothing but a rate given as a number.
pub(crate) fn lr_grids(
    config: &ConfigInput,
    summary: &ConfigSummary,
    statistics: &Statistics,
) -> PolarsResult<Vec<LrGridSummary>> {
    let grids = grids(&config.trainings).into_iter();
    grids
        .map(|grid| summarize_grid(&grid, &config.trainings, summary, statistics))
        .collect()
}

fn grids(trainings: &[Training]) -> Vec<Grid<'_>> {
    let mut grids: Vec<(TrainSettings, Grid)> = Vec::new();
    for training in trainings {
        let Rate::Fixed(lr) = training.settings.lr else {
            continue;
        };
        let others = but_for_the_rate(&training.settings);
        match grids.iter_mut().find(|(known, _)| *known == others) {
            Some((_, grid)) => grid.push((lr, training)),
            None => grids.push((others, vec![(lr, training)])),
        }
    }
    let grids = grids.into_iter().filter_map(|(_, mut grid)| {
        grid.sort_by(|a, b| a.0.total_cmp(&b.0));
        grid.dedup_by(|a, b| a.0.to_bits() == b.0.to_bits());
        (grid.len() >= LEAST_RATES).then_some(grid)
    });
    grids.collect()
}

/// The same settings whatever the learning rate and wherever it is read from.
fn but_for_the_rate(settings: &TrainSettings) -> TrainSettings {
    let default = TrainSettings::default();
    TrainSettings {
        lr: Rate::Fixed(0.0),
        rule: default.rule,
        factor: default.factor,
        seed: default.seed,
        ..settings.clone()
    }
}

/// Trainings of a config that differ from those of a grid in nothing but where their rate is read from: rate and least
/// validation loss, by seed.
fn beside(grid: &Grid, all: &[Training], summary: &ConfigSummary) -> HashMap<u64, Vec<(f64, f64)>> {
    let settings = but_for_the_rate(&grid[0].1.settings);
    let is_alike = |training: &&Training| but_for_the_rate(&training.settings) == settings;
    let mut losses: HashMap<u64, Vec<(f64, f64)>> = HashMap::new();
    for training in all.iter().filter(is_alike) {
        let of_training = |found: &&TrainingSummary| found.name == training.name && found.side.is_none();
        for seed in summary
            .trainings
            .iter()
            .filter(of_training)
            .flat_map(|found| &found.seeds)
        {
            losses.entry(seed.seed).or_default().push((seed.lr, seed.best_loss));
        }
    }
    losses
}

fn summarize_grid(
    grid: &Grid,
    all: &[Training],
    summary: &ConfigSummary,
    statistics: &Statistics,
) -> PolarsResult<LrGridSummary> {
    let lrs: Vec<f64> = grid.iter().map(|(lr, _)| *lr).collect();
    let seeds = seeds(grid, summary)?;
    let best: Vec<f64> = seeds.iter().filter_map(|seed| best_lr(&lrs, &seed.best_loss)).collect();
    let others = beside(grid, all, summary);
    let losses = GridLosses {
        lrs: &lrs,
        seeds: &seeds,
        others: &others,
    };
    let settings = &grid[0].1.settings;
    Ok(LrGridSummary {
        policy: settings.policy.name().to_owned(),
        epochs: settings.epochs,
        steps: settings.steps,
        trainings: grid.iter().map(|(_, training)| training.name.clone()).collect(),
        best_loss: band(&seeds, lrs.len(), statistics)?,
        best_lr: (!best.is_empty()).then(|| estimate(best, statistics)),
        regrets: regrets(summary, &losses, statistics),
        seeds,
        lrs,
    })
}

/// The seeds with a curve at every learning rate: else seeds would be mixed up with rates.
fn seeds(grid: &Grid, summary: &ConfigSummary) -> PolarsResult<Vec<LrGridSeed>> {
    let summary_of = |training: &Training| summary.trainings.iter().find(|found| found.name == training.name);
    let trained: Vec<&TrainingSummary> = grid.iter().filter_map(|(_, training)| summary_of(training)).collect();
    let rows = || {
        (0_u32..)
            .zip(&trained)
            .flat_map(|(rate, found)| found.seeds.iter().map(move |seed| (rate, seed)))
    };
    let losses = df!(
        "rate" => rows().map(|(rate, _)| rate).collect::<Vec<u32>>(),
        "seed" => rows().map(|(_, seed)| seed.seed).collect::<Vec<u64>>(),
        "loss" => rows().map(|(_, seed)| seed.best_loss).collect::<Vec<f64>>(),
    )?;
    let tested = df!("seed" => summary.seeds.iter().map(|seed| seed.seed).collect::<Vec<u64>>())?;
    let losses = losses.inner_join(&tested, ["seed"], ["seed"])?;
    let losses = losses.sort(["seed", "rate"], SortMultipleOptions::default())?;
    let groups = Groups::new(&losses, ["seed"])?;
    let best_loss = groups.floats("loss")?;
    let seeds = groups.key(0)?.u64()?.iter().flatten().enumerate();
    let whole = seeds.filter(|(group, _)| groups.size(*group) == grid.len());
    Ok(whole
        .map(|(group, seed)| LrGridSeed {
            seed,
            best_loss: best_loss.of(group),
        })
        .collect())
}

/// Quantiles of the least loss at each learning rate.
fn band(seeds: &[LrGridSeed], rates: usize, statistics: &Statistics) -> PolarsResult<Band> {
    let frame = band_frame(seeds.iter().map(|seed| (0, &seed.best_loss)))?;
    let extent = Extent {
        curves: seeds.len(),
        points: rates,
    };
    Ok(bands(BandRows::of(&frame), &[extent], statistics)?
        .pop()
        .unwrap_or_default())
}

/// The learning rate of a seed's least finite loss, the first of equals.
fn best_lr(lrs: &[f64], losses: &[f64]) -> Option<f64> {
    least(losses.iter().copied()).map(|place| lrs[place])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_rate_of_a_seed() {
        let lrs = [0.01, 0.1, 1.0];
        assert_eq!(best_lr(&lrs, &[3.0, 1.0, 1.0]), Some(0.1));
        assert_eq!(best_lr(&lrs, &[f64::INFINITY; 3]), None);
    }
}
