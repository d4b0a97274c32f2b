//! The tidy tables, one file each: one observation a row, one variable a column.

mod bands;
mod curves;
mod differences;
mod divergence_risk;
mod metrics;
mod names;
mod overlaps;
mod ranges;
mod regrets;
mod rules;
mod scaling;
mod table;
mod training_curves;
mod trainings;
mod trials;
mod variation;
mod write_tables;

pub use write_tables::{SCHEMA_VERSION, write_tables};

use crate::read::{Curves, TrainingCurves};
use polars::prelude::PolarsResult;
use seedband_core::summary::Summary;
use table::Table;

/// All tables of a study; those of trainings are without rows where it trains nothing.
fn tables(curves: &Curves, trainings: &TrainingCurves, summary: &Summary) -> PolarsResult<Vec<Table>> {
    Ok(vec![
        curves::table(curves)?,
        bands::table(summary),
        metrics::table(curves, trainings, summary),
        metrics::bands(summary),
        ranges::table(summary),
        divergence_risk::table(summary),
        overlaps::table(summary),
        differences::table(summary),
        rules::table(summary),
        variation::table(summary),
        scaling::table(summary),
        scaling::local_slopes(summary),
        scaling::seed_slopes(summary),
        trials::table(curves),
        trainings::table(trainings, summary),
        training_curves::table(trainings, summary)?,
        regrets::table(summary),
    ])
}
