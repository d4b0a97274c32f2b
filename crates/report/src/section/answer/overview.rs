//! All configs in one table.

use super::words::{lr_cell, range_cell, support_cell};
use crate::format;
use crate::section::data::ConfigData;
use crate::section::partial;
use crate::section::table::{Column, Table};
use seedband_core::summary::{AnswerKind, ConfigSummary, Estimate, Spread};

/// The table of all configs, for each medium.
#[derive(Debug)]
pub(crate) struct Overview {
    pub(crate) page: Table,
    pub(crate) markdown: Table,
    pub(crate) terminal: Table,
}

/// The table of all configs.
pub(crate) fn overview(configs: &[ConfigData<'_>]) -> Overview {
    let quantiles = configs
        .first()
        .map_or_else(String::new, |data| format::percent_range(data.summary.quantiles));
    Overview {
        page: page(configs, &quantiles),
        markdown: markdown(configs, &quantiles),
        terminal: terminal(configs),
    }
}

fn page(configs: &[ConfigData<'_>], quantiles: &str) -> Table {
    let columns = vec![
        Column::words("config"),
        Column::count("seeds"),
        Column::value("LR"),
        Column::value("in the range of"),
        Column::value("range (seeds with all of it)"),
        Column::value("min LR"),
        Column::value("max LR"),
    ];
    let mut table = Table::new(columns).rows(configs.iter().map(|data| row(data.config)));
    for (data, row) in configs.iter().zip(&mut table.rows) {
        let kind = data.config.answer.as_ref().map(|answer| answer.kind);
        if let [name, _, lr, ..] = row.as_mut_slice() {
            name.anchor = Some(data.anchor());
            lr.good = kind.map(AnswerKind::is_usable);
        }
    }
    let caption = format!("Min LR and max LR as median and {quantiles} quantiles over the seeds.");
    table.described("table of all configs", caption)
}

fn markdown(configs: &[ConfigData<'_>], quantiles: &str) -> Table {
    let columns = vec![
        Column::words("config"),
        Column::number("seeds"),
        Column::value("LR"),
        Column::value("in the range of"),
        Column::value("range (seeds with all of it)"),
        Column::value(format!("min LR, median ({quantiles})")),
        Column::value(format!("max LR, median ({quantiles})")),
    ];
    Table::new(columns).rows(configs.iter().map(|data| row(data.config)))
}

fn terminal(configs: &[ConfigData<'_>]) -> Table {
    let columns = vec![
        Column::words("config"),
        Column::number("seeds"),
        Column::value("LR"),
        Column::value("in the range of"),
        Column::value("median min LR"),
        Column::value("median max LR"),
    ];
    let median = |spread: &Spread| {
        let shown = |found: Estimate| format::bounded(format::lr(found.median), found.bounds.median);
        format::or_dash(spread.estimate, shown)
    };
    Table::new(columns).rows(configs.iter().map(|data| {
        let config = data.config;
        [
            config.name.clone(),
            partial::cell(config.counts),
            lr_cell(config),
            support_cell(config),
            median(&config.min_lr),
            median(&config.max_lr),
        ]
    }))
}

fn row(config: &ConfigSummary) -> [String; 7] {
    [
        config.name.clone(),
        partial::cell(config.counts),
        lr_cell(config),
        support_cell(config),
        range_cell(config),
        format::spread(&config.min_lr),
        format::spread(&config.max_lr),
    ]
}
