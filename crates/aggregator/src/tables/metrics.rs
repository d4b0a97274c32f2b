//! What scripts logged beside the loss: every number of it, and its quantiles over seeds.

use super::table::Table;
use crate::read::{Curves, TrainedSeed, TrainingCurves};
use seedband_core::files::curve::{Curve, Step};
use seedband_core::summary::{ConfigSummary, MetricSummary, Summary};

/// One number of one step.
struct Row<'a> {
    config: &'a str,
    training: Option<&'a str>,
    seed: u64,
    step: &'a Step,
    metric: &'a str,
    value: f64,
}

/// The table `metrics`. The configs of all three are those of the study.
pub(super) fn table(curves: &Curves, trainings: &TrainingCurves, summary: &Summary) -> Table {
    let mut rows: Vec<Row> = Vec::new();
    for config in curves.configs() {
        for (trial, read) in config.read() {
            rows.extend(logged(&config.name, None, trial.seed, &read.curve));
        }
    }
    for (config, seeds) in summary.configs.iter().zip(&trainings.configs) {
        let trained = seeds.iter().filter_map(|seed| Some((seed, TrainedSeed::curve(seed)?)));
        for (seed, read) in trained {
            rows.extend(logged(&config.name, Some(&seed.training), seed.seed, &read.curve));
        }
    }
    Table::new("metrics", "one number that a script logged beside the loss of a step")
        .rows(&rows)
        .column("config", "name of the config", |row| Some(row.config))
        .column("training", "name of the training; absent in a range test", |row| {
            row.training
        })
        .column("seed", "seed of the trial", |row| row.seed)
        .column("step", "step of training, from 0", |row| Some(row.step.step))
        .unit("steps")
        .column("lr", "learning rate in the optimizer during the step", |row| {
            Some(row.step.lr)
        })
        .column("metric", "name of the number, as the script has it", |row| {
            Some(row.metric)
        })
        .column("value", "the number, in whatever unit the script has it", |row| {
            Some(row.value)
        })
        .done()
}

fn logged<'a>(
    config: &'a str,
    training: Option<&'a str>,
    seed: u64,
    curve: &'a Curve,
) -> impl Iterator<Item = Row<'a>> {
    let of_step = move |step: &'a Step| {
        step.metrics.iter().map(move |(metric, value)| Row {
            config,
            training,
            seed,
            step,
            metric,
            value,
        })
    };
    curve.steps.iter().flat_map(of_step)
}

/// The table `metric_bands`.
pub(super) fn bands(summary: &Summary) -> Table {
    let mut rows: Vec<(&ConfigSummary, &MetricSummary, usize)> = Vec::new();
    for config in &summary.configs {
        for metric in &config.metrics {
            rows.extend((0..metric.steps.len()).map(|index| (config, metric, index)));
        }
    }
    let [lower, upper] = summary.quantiles;
    Table::new(
        "metric_bands",
        "one step at which seeds of one config logged one metric, in range tests; of the first 32 metrics by name",
    )
    .rows(&rows)
    .column("config", "name of the config", |(config, ..)| {
        Some(config.name.as_str())
    })
    .column("metric", "name of the metric", |(_, metric, _)| {
        Some(metric.name.as_str())
    })
    .column("step", "planned step, from 0", |(_, metric, index)| {
        metric.steps.get(*index).copied()
    })
    .unit("steps")
    .column(
        "lr",
        "learning rate the step is filed under",
        |(config, metric, index)| config.lrs.get(*metric.steps.get(*index)? as usize).copied(),
    )
    .column("n", "seeds that logged a number at this step", |(_, metric, index)| {
        let without = metric.band.ended.get(*index)?;
        Some(metric.band.n.saturating_sub(*without))
    })
    .unit("seeds")
    .column("lower", "lower quantile of these numbers", |(_, metric, index)| {
        metric.band.lower.get(*index).copied()
    })
    .column("median", "their median", |(_, metric, index)| {
        metric.band.median.get(*index).copied()
    })
    .column("upper", "their upper quantile", |(_, metric, index)| {
        metric.band.upper.get(*index).copied()
    })
    .column(
        "quantile_lower",
        "which quantile `lower` is, from 0 to 1 (Hyndman-Fan type 7)",
        |_| Some(lower),
    )
    .column("quantile_upper", "which quantile `upper` is", |_| Some(upper))
    .done()
}
