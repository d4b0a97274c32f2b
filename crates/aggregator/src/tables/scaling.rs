//! Suggested learning rates as powers of the batch size.

use super::{counts, flags, floats, text};
use crate::tables::column::{Column, Table};
use seedband_core::summary::{Scaling, ScalingSummary, Summary};

/// The table `scaling`.
pub(super) fn table<'a>(summary: &'a Summary) -> Table<'a> {
    struct Row<'a> {
        sweep: u32,
        of: &'a ScalingSummary,
        end: &'static str,
        scaling: &'a Scaling,
    }
    let of_sweep = |(sweep, of): (u32, &'a ScalingSummary)| {
        [("min_lr", &of.min_lr), ("max_lr", &of.max_lr)].map(|(end, scaling)| Row {
            sweep,
            of,
            end,
            scaling,
        })
    };
    let rows: Vec<Row> = (0..).zip(&summary.scalings).flat_map(of_sweep).collect();
    let interval = |row: &Row| row.scaling.exponent.and_then(|exponent| exponent.interval);
    let columns = vec![
        Column::new(
            "sweep",
            "configs of one sweep differ only in their batch size, and at most in their steps; counted from 0",
            counts(&rows, |row| Some(row.sweep)),
        ),
        Column::new(
            "config",
            "name of its config of the least batch size",
            text(&rows, |row| row.of.configs.first().map(String::as_str)),
        ),
        Column::new(
            "least_batch_size",
            "least batch size",
            counts(&rows, |row| row.of.batch_sizes.first().copied()),
        )
        .in_unit("images"),
        Column::new(
            "largest_batch_size",
            "largest batch size",
            counts(&rows, |row| row.of.batch_sizes.last().copied()),
        )
        .in_unit("images"),
        Column::new(
            "sizes",
            "how many batch sizes there are",
            counts(&rows, |row| Some(row.of.batch_sizes.len() as u32)),
        ),
        Column::new(
            "steps_differ",
            "whether the number of steps differs between them",
            flags(&rows, |row| Some(row.of.steps_differ)),
        ),
        Column::new(
            "end",
            "which rate of the learning rate range: `min_lr` or `max_lr`",
            text(&rows, |row| Some(row.end)),
        ),
        Column::new(
            "n",
            "seeds with this rate at every size",
            counts(&rows, |row| Some(row.scaling.n)),
        )
        .in_unit("seeds"),
        Column::new(
            "exponent",
            "median over the seeds of the slope of log LR on log batch size by least squares",
            floats(&rows, |row| row.scaling.exponent.map(|exponent| exponent.median)),
        ),
        Column::new(
            "lower",
            "lower quantile of the seeds' slopes",
            floats(&rows, |row| row.scaling.exponent.map(|exponent| exponent.lower)),
        ),
        Column::new(
            "upper",
            "upper quantile of the seeds' slopes",
            floats(&rows, |row| row.scaling.exponent.map(|exponent| exponent.upper)),
        ),
        Column::new(
            "interval_lower",
            "lower limit of the median slope by order statistics, if there are enough seeds",
            floats(&rows, |row| interval(row).map(|interval| interval.lower)),
        ),
        Column::new(
            "interval_upper",
            "upper limit of the median slope",
            floats(&rows, |row| interval(row).map(|interval| interval.upper)),
        ),
        Column::new(
            "interval_confidence",
            "exact confidence of the two limits",
            floats(&rows, |row| interval(row).map(|interval| interval.confidence)),
        ),
    ];
    Table {
        name: "scaling",
        row: "one rate of one sweep over batch size, over seeds",
        columns,
    }
}
