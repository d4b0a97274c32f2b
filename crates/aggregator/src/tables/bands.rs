//! Quantiles of the loss at each planned step.

use super::names::early_end_name;
use super::table::{LOSS, Table};
use seedband_core::summary::{Band, ConfigSummary, Summary};

/// One step of one loss of a config.
struct Row<'a> {
    config: &'a ConfigSummary,
    loss: &'static str,
    band: &'a Band,
    step: usize,
    /// Place of the step in the band.
    index: usize,
}

fn rows(config: &ConfigSummary) -> Vec<Row<'_>> {
    let mut rows = Vec::new();
    let mut extend = |loss, band, steps: &mut dyn Iterator<Item = usize>| {
        rows.extend(steps.enumerate().map(|(index, step)| Row {
            config,
            loss,
            band,
            step,
            index,
        }));
    };
    extend("raw", &config.raw, &mut (0..config.raw.median.len()));
    extend("smoothed", &config.smoothed, &mut (0..config.smoothed.median.len()));
    if let Some(validation) = &config.validation {
        let mut steps = validation.steps.iter().map(|step| *step as usize);
        extend("validation", &validation.loss, &mut steps);
    }
    rows
}

/// The table `bands`.
pub(super) fn table(summary: &Summary) -> Table {
    let rows: Vec<Row> = summary.configs.iter().flat_map(rows).collect();
    let [lower, upper] = summary.quantiles;
    Table::new("bands", "one planned step of one config and loss, over seeds")
        .rows(&rows)
        .column("config", "name of the config", |row| Some(row.config.name.as_str()))
        .column("step", "planned step, from 0", |row| Some(row.step as u32))
        .unit("steps")
        .column("lr", "learning rate the step is filed under", |row| {
            row.config.lrs.get(row.step).copied()
        })
        .column(
            "loss",
            "`raw`: the loss as recorded; `smoothed`: smoothed and ended by the stop rule; `validation`: on the \
             validation images, at the measured steps alone",
            |row| Some(row.loss),
        )
        .column("n", "seeds behind the quantiles", |row| Some(row.band.n))
        .unit("seeds")
        .column("ended", "seeds whose curve had ended before the step", |row| {
            row.band.ended.get(row.index).copied()
        })
        .unit("seeds")
        .column(
            "lower",
            "lower quantile of the loss, infinite where too many seeds had diverged",
            |row| row.band.lower.get(row.index).copied(),
        )
        .unit(LOSS)
        .column("median", "median of the loss", |row| {
            row.band.median.get(row.index).copied()
        })
        .unit(LOSS)
        .column("upper", "upper quantile of the loss", |row| {
            row.band.upper.get(row.index).copied()
        })
        .unit(LOSS)
        .column(
            "quantile_lower",
            "which quantile `lower` is, from 0 to 1 (Hyndman-Fan type 7)",
            |_| Some(lower),
        )
        .column("quantile_upper", "which quantile `upper` is", |_| Some(upper))
        .column(
            "space",
            "the space in which quantiles were interpolated: `raw`, the loss itself",
            |_| Some("raw"),
        )
        .column("early_end", "what a curve counts as after its end", |_| {
            Some(early_end_name(summary.early_end))
        })
        .done()
}
