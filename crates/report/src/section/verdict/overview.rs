//! All configs in one table.

use super::words::consensus_short;
use crate::format;
use crate::section::data::ConfigData;
use crate::section::partial;
use crate::section::table::{Column, Table};
use seedband_core::summary::ConfigSummary;

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
    let share = configs
        .first()
        .map_or_else(String::new, |data| format::percent(data.config.consensus.share));
    Overview {
        page: page(configs, &quantiles, &share),
        markdown: markdown(configs, &quantiles, &share),
        terminal: terminal(configs, &quantiles),
    }
}

fn page(configs: &[ConfigData<'_>], quantiles: &str, share: &str) -> Table {
    let columns = vec![
        Column::words("config"),
        Column::count("seeds"),
        Column::value("diverged"),
        Column::value("min LR"),
        Column::value("max LR"),
        Column::value(consensus_head(share)),
    ];
    let mut table = Table::new(columns).rows(configs.iter().map(|data| row(data.config)));
    for (data, row) in configs.iter().zip(&mut table.rows) {
        let consensus = &data.config.consensus;
        let has_some = consensus.min_lr.is_some() && consensus.max_lr.is_some();
        if let [name, .., consensus] = row.as_mut_slice() {
            name.anchor = Some(data.anchor());
            consensus.good = Some(has_some);
        }
    }
    let caption = format!("Min LR and max LR as median and {quantiles} quantiles over the seeds.");
    table.described("table of all configs", caption)
}

fn markdown(configs: &[ConfigData<'_>], quantiles: &str, share: &str) -> Table {
    let columns = vec![
        Column::words("config"),
        Column::number("seeds"),
        Column::number("diverged"),
        Column::value(format!("min LR, median ({quantiles})")),
        Column::value(format!("max LR, median ({quantiles})")),
        Column::value(consensus_head(share)),
    ];
    Table::new(columns).rows(configs.iter().map(|data| row(data.config)))
}

fn terminal(configs: &[ConfigData<'_>], quantiles: &str) -> Table {
    let columns = vec![
        Column::words("config"),
        Column::number("seeds"),
        Column::number("diverged"),
        Column::value(format!("min LR ({quantiles})")),
        Column::value(format!("max LR ({quantiles})")),
    ];
    Table::new(columns).rows(configs.iter().map(|data| {
        let config = data.config;
        [
            config.name.clone(),
            partial::cell(config.counts),
            config.counts.diverged.to_string(),
            format::spread_short(&config.min_lr),
            format::spread_short(&config.max_lr),
        ]
    }))
}

fn consensus_head(share: &str) -> String {
    format!("in the ranges of {share} of seeds")
}

fn row(config: &ConfigSummary) -> [String; 6] {
    [
        config.name.clone(),
        partial::cell(config.counts),
        config.counts.diverged.to_string(),
        format::spread(&config.min_lr),
        format::spread(&config.max_lr),
        consensus_short(&config.consensus),
    ]
}
