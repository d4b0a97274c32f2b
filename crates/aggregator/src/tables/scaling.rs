//! Suggested learning rates as powers of the batch size.

use super::table::Table;
use seedband_core::summary::{Interval, Scaling, ScalingSummary, Summary};

struct Row<'a> {
    sweep: u32,
    of: &'a ScalingSummary,
    rate: &'static str,
    scaling: &'a Scaling,
}

impl Row<'_> {
    fn interval(&self) -> Option<Interval> {
        self.scaling.exponent?.interval
    }
}

/// The table `scaling`.
pub(super) fn table(summary: &Summary) -> Table {
    let mut rows = Vec::new();
    for (sweep, of) in (0..).zip(&summary.scalings) {
        rows.extend(
            [("min_lr", &of.min_lr), ("max_lr", &of.max_lr)].map(|(rate, scaling)| Row {
                sweep,
                of,
                rate,
                scaling,
            }),
        );
    }
    let table = Table::new("scaling", "one rate of one sweep over batch size, over seeds")
        .rows(&rows)
        .column(
            "sweep",
            "configs of one sweep differ only in their batch size, and at most in their steps; counted from 0",
            |row| Some(row.sweep),
        )
        .column("config", "name of its config of the least batch size", |row| {
            row.of.configs.first().map(String::as_str)
        })
        .column("least_batch_size", "least batch size", |row| {
            row.of.batch_sizes.first().copied()
        })
        .unit("images")
        .column("largest_batch_size", "largest batch size", |row| {
            row.of.batch_sizes.last().copied()
        })
        .unit("images")
        .column("sizes", "how many batch sizes there are", |row| {
            Some(row.of.batch_sizes.len() as u32)
        })
        .column(
            "steps_differ",
            "whether the number of steps differs between them",
            |row| Some(row.of.steps_differ),
        )
        .column(
            "end",
            "which rate of the learning rate range: `min_lr` or `max_lr`",
            |row| Some(row.rate),
        );
    table
        .column("n", "seeds with this rate at every size", |row| Some(row.scaling.n))
        .unit("seeds")
        .column(
            "exponent",
            "median over the seeds of the slope of log LR on log batch size by least squares",
            |row| row.scaling.exponent.map(|exponent| exponent.median),
        )
        .column("lower", "lower quantile of the seeds' slopes", |row| {
            row.scaling.exponent.map(|exponent| exponent.lower)
        })
        .column("upper", "upper quantile of the seeds' slopes", |row| {
            row.scaling.exponent.map(|exponent| exponent.upper)
        })
        .column(
            "interval_lower",
            "lower limit of the median slope by order statistics, if there are enough seeds",
            |row| row.interval().map(|interval| interval.lower),
        )
        .column("interval_upper", "upper limit of the median slope", |row| {
            row.interval().map(|interval| interval.upper)
        })
        .column("interval_confidence", "exact confidence of the two limits", |row| {
            row.interval().map(|interval| interval.confidence)
        })
        .done()
}
