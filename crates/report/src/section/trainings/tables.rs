//! The trainings of a config as tables.

use super::values::{accuracy, best_loss, diverged, lr, name, schedule_of, seeds, shown, source_and_weights, without};
use crate::format;
use crate::section::content::Tables;
use crate::section::table::{Column, Table};
use seedband_core::summary::{ConfigSummary, Summary};

/// The tables of the trainings that belong to no grid.
pub(crate) fn tables(summary: &Summary, config: &ConfigSummary) -> Tables {
    Tables {
        page: vec![page(summary, config)],
        markdown: Some(markdown(summary, config)),
        terminal: Some(terminal(summary, config)),
    }
}

fn page(summary: &Summary, config: &ConfigSummary) -> Table {
    let columns = vec![
        Column::words("training"),
        Column::words("learning rate from"),
        Column::value("learning rate"),
        Column::value("seeds"),
        Column::value("diverged"),
        Column::value("best loss"),
        Column::value("last accuracy"),
    ];
    let rows = shown(config).into_iter().map(|training| {
        [
            name(training),
            format!("{}; {}", source_and_weights(training), schedule_of(training)),
            lr(training),
            seeds(training),
            diverged(training),
            best_loss(training),
            accuracy(training, format::accuracy_exact),
        ]
    });
    let caption = format!(
        "Each training over its seeds, as median and {} quantiles: the highest learning rate, the least validation \
         loss and the last validation accuracy. A training that blew up counts with an infinite loss and an accuracy \
         of 0.",
        format::percent_range(summary.quantiles)
    );
    let label = format!("trainings of {}", config.name);
    Table::new(columns).rows(rows).described(label, caption)
}

fn markdown(summary: &Summary, config: &ConfigSummary) -> Table {
    let quantiles = format::percent_range(summary.quantiles);
    let columns = vec![
        Column::words(format!("training of {}", config.name)),
        Column::words("learning rate from"),
        Column::words("schedule"),
        Column::value(format!("highest learning rate, median ({quantiles})")),
        Column::number("seeds"),
        Column::number("diverged"),
        Column::value(format!("best validation loss, median ({quantiles})")),
        Column::value(format!("last accuracy, median ({quantiles})")),
        Column::words("without a learning rate"),
    ];
    let rows = shown(config).into_iter().map(|training| {
        [
            name(training),
            source_and_weights(training),
            schedule_of(training),
            lr(training),
            seeds(training),
            diverged(training),
            best_loss(training),
            accuracy(training, format::accuracy_exact),
            format::or_dash(without(training), |reasons| reasons),
        ]
    });
    Table::new(columns).rows(rows)
}

fn terminal(summary: &Summary, config: &ConfigSummary) -> Table {
    let quantiles = format::percent_range(summary.quantiles);
    let columns = vec![
        Column::words("training"),
        Column::value(format!("learning rate ({quantiles})")),
        Column::number("seeds"),
        Column::number("diverged"),
        Column::value("best loss"),
        Column::value("last accuracy"),
    ];
    let rows = shown(config).into_iter().map(|training| {
        [
            name(training),
            lr(training),
            seeds(training),
            diverged(training),
            best_loss(training),
            accuracy(training, format::accuracy),
        ]
    });
    Table::new(columns).rows(rows)
}
