//! What each way to choose a learning rate costs beside a grid of trainings.

use super::table::{LOSS, Table};
use seedband_core::summary::{ConfigSummary, LrGridSummary, Regret, Summary};

/// The table `regrets`.
pub(super) fn table(summary: &Summary) -> Table {
    type Row<'a> = (&'a ConfigSummary, &'a LrGridSummary, &'a Regret);
    let mut rows: Vec<Row> = Vec::new();
    for config in &summary.configs {
        for grid in &config.lr_grids {
            rows.extend(grid.regrets.iter().map(|regret| (config, grid, regret)));
        }
    }
    Table::new(
        "regrets",
        "one way to choose a learning rate beside one grid of trainings",
    )
    .rows(&rows)
    .column("config", "name of the config", |(config, ..)| {
        Some(config.name.as_str())
    })
    .column(
        "grid",
        "name of the training at the grid's least learning rate",
        |(_, grid, _)| grid.trainings.first().map(String::as_str),
    )
    .column(
        "rule",
        "whose suggestion: a rate of each seed's range, a named rule, or what all range tests say together",
        |(.., regret)| Some(regret.rule.as_str()),
    )
    .column("n", "seeds with a regret", |(.., regret)| Some(regret.n))
    .unit("seeds")
    .column(
        "measured",
        "seeds of these with a training at the suggested rate; the loss of the others is interpolated",
        |(.., regret)| Some(regret.measured),
    )
    .unit("seeds")
    .column("below", "seeds whose suggestion lies below the grid", |(.., regret)| {
        Some(regret.below)
    })
    .unit("seeds")
    .column("above", "seeds whose suggestion lies above the grid", |(.., regret)| {
        Some(regret.above)
    })
    .unit("seeds")
    .column("without", "seeds without a suggestion", |(.., regret)| {
        Some(regret.without)
    })
    .unit("seeds")
    .column("suggestion", "median suggested learning rate", |(.., regret)| {
        regret.suggestion.map(|found| found.median)
    })
    .column("lower", "lower quantile of the regret", |(.., regret)| {
        regret.regret.map(|found| found.lower)
    })
    .unit(LOSS)
    .column(
        "median",
        "median regret: least validation loss at the suggestion minus that at the rate of the grid that is best by the \
         other seeds",
        |(.., regret)| regret.regret.map(|found| found.median),
    )
    .unit(LOSS)
    .column("upper", "upper quantile of the regret", |(.., regret)| {
        regret.regret.map(|found| found.upper)
    })
    .unit(LOSS)
    .column(
        "interval_lower",
        "lower limit of the median regret by order statistics, if there are enough seeds",
        |(.., regret)| regret.interval.map(|interval| interval.lower),
    )
    .unit(LOSS)
    .column("interval_upper", "upper limit of the median regret", |(.., regret)| {
        regret.interval.map(|interval| interval.upper)
    })
    .unit(LOSS)
    .column(
        "interval_confidence",
        "exact confidence of the two limits",
        |(.., regret)| regret.interval.map(|interval| interval.confidence),
    )
    .done()
}
