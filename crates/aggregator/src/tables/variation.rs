//! How far a range scatters when only some streams follow the seed.

use super::table::Table;
use seedband_core::summary::Summary;
use seedband_core::summary::variation::{Scatter, VariationConfig, groups};

struct Row<'a> {
    group: u32,
    config: &'a VariationConfig,
    rate: &'static str,
    scatter: Option<Scatter>,
}

impl Row<'_> {
    fn varies(&self, stream: &str) -> bool {
        self.config.varies.iter().any(|name| name == stream)
    }
}

/// The table `variation`.
pub(super) fn table(summary: &Summary) -> Table {
    let groups = groups(summary);
    let mut rows = Vec::new();
    for (number, group) in (0..).zip(&groups) {
        for config in &group.configs {
            let rates = [("min_lr", config.min_lr), ("max_lr", config.max_lr)];
            rows.extend(rates.map(|(rate, scatter)| Row {
                group: number,
                config,
                rate,
                scatter,
            }));
        }
    }
    Table::new("variation", "one rate of one config, over seeds")
        .rows(&rows)
        .column(
            "group",
            "configs of one group differ only in their streams; counted from 0",
            |row| Some(row.group),
        )
        .column("config", "name of the config", |row| Some(row.config.config.as_str()))
        .column("weights_vary", "whether initial weights follow the seed", |row| {
            Some(row.varies("weights"))
        })
        .column("order_varies", "whether the order of batches follows the seed", |row| {
            Some(row.varies("order"))
        })
        .column("augmentation_varies", "whether augmentation follows the seed", |row| {
            Some(row.varies("augmentation"))
        })
        .column(
            "end",
            "which rate of the learning rate range: `min_lr` or `max_lr`",
            |row| Some(row.rate),
        )
        .column("n", "seeds with this rate; no value below two", |row| {
            row.scatter.map(|scatter| scatter.n as u32)
        })
        .unit("seeds")
        .column(
            "deviation",
            "sample standard deviation (n - 1) of log10 of this rate over the seeds",
            |row| row.scatter.map(|scatter| scatter.deviation),
        )
        .unit("decades")
        .column(
            "share",
            "its variance over that of the config of the group in which all of these streams vary",
            |row| row.scatter.and_then(|scatter| scatter.share),
        )
        .done()
}
