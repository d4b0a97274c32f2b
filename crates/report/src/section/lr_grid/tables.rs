//! What each choice of a learning rate costs, as tables.

use super::words::{limits, seeds};
use crate::format;
use crate::section::content::Tables;
use crate::section::data::ConfigData;
use crate::section::table::{Column, Table};
use seedband_core::summary::{LrGridSummary, Regret};

/// The tables of a grid; none without a seed or a choice.
pub(crate) fn tables(data: &ConfigData<'_>, grid: &LrGridSummary) -> Tables {
    if grid.seeds.is_empty() || grid.regrets.is_empty() {
        return Tables::default();
    }
    let quantiles = format::percent_range(data.summary.quantiles);
    Tables {
        page: vec![page(grid, &data.config.name, &quantiles)],
        markdown: Some(markdown(grid, &quantiles)),
        terminal: None,
    }
}

fn page(grid: &LrGridSummary, config: &str, quantiles: &str) -> Table {
    let columns = vec![
        Column::words("choice"),
        Column::value("suggested learning rate"),
        Column::value("regret"),
        Column::value("interval of the median"),
        Column::value("seeds"),
        Column::value("measured"),
        Column::value("below"),
        Column::value("above"),
        Column::value("none"),
    ];
    let caption = format!(
        "Regret, in nats: best validation loss at the suggested learning rate minus that at the rate of the grid which \
         is best by the other seeds, seed by seed; below 0 where the suggestion did better. Measured: seeds trained at \
         their suggestion. The loss of the others is interpolated between two learning rates of the grid, on the \
         straight line over log10 of the learning rate, and infinite beside one at which training blew up. Median and \
         {quantiles} quantiles over the seeds whose suggestion lies within the grid or was trained; interval of the \
         median by order statistics. The others have none, and are counted: suggestions below and above the grid, and \
         seeds without a suggestion."
    );
    let table = Table::new(columns).rows(grid.regrets.iter().map(row));
    table.described(format!("regret of {config}"), caption)
}

fn markdown(grid: &LrGridSummary, quantiles: &str) -> Table {
    let columns = vec![
        Column::words("choice"),
        Column::value(format!("suggestion, median ({quantiles})")),
        Column::value(format!("regret in nats, median ({quantiles})")),
        Column::value("interval of the median"),
        Column::number("seeds with a regret"),
        Column::number("trained at it"),
        Column::number("below the grid"),
        Column::number("above the grid"),
        Column::number("no suggestion"),
    ];
    Table::new(columns).rows(grid.regrets.iter().map(row))
}

fn row(regret: &Regret) -> [String; 9] {
    [
        regret.rule.clone(),
        format::or_dash(regret.suggestion, |found| format::estimate(found, format::lr_exact)),
        format::or_dash(regret.regret, |found| format::quantiles(found, format::loss)),
        format::or_dash(regret.interval, limits),
        format!("{} of {}", regret.n, seeds(regret)),
        regret.measured.to_string(),
        regret.below.to_string(),
        regret.above.to_string(),
        regret.without.to_string(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;

    #[test]
    fn rows_say_how_many_seeds_lie_outside() {
        let grid = example::with_lr_grid("a").lr_grids.remove(0);
        assert_eq!(
            row(&grid.regrets[2]),
            [
                "far",
                "50.0 (0.100 – 90.0)",
                "0 (0 – 0)",
                "–",
                "1 of 3",
                "1",
                "0",
                "2",
                "0"
            ]
        );
    }
}
