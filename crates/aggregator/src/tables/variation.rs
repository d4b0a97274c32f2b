//! How far a range scatters when only some streams follow the seed.

use super::table::Table;
use seedband_core::summary::variation::{Scatter, ScatterRatio, VariationConfig};
use seedband_core::summary::{Interval, Summary};

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

    fn interval(&self) -> Option<Interval> {
        self.scatter?.interval
    }

    fn beside(&self) -> Option<ScatterRatio> {
        self.scatter?.beside_full
    }
}

/// The table `variation`.
pub(super) fn table(summary: &Summary) -> Table {
    let mut rows = Vec::new();
    for (number, group) in (0..).zip(&summary.variation) {
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
            row.scatter.map(|scatter| scatter.n)
        })
        .unit("seeds")
        .column(
            "spread",
            "median absolute deviation of log10 of this rate from its median: half of the seeds lie closer",
            |row| row.scatter.map(|scatter| scatter.spread),
        )
        .unit("decades")
        .column(
            "spread_is_bound",
            "whether the spread would be larger if answers that the schedule cut off lay further out",
            |row| row.scatter.map(|scatter| scatter.bound.is_some()),
        )
        .column(
            "interval_lower",
            "lower limit of the spread by the percentile bootstrap, if there are 10 seeds",
            |row| row.interval().map(|interval| interval.lower),
        )
        .unit("decades")
        .column("interval_upper", "upper limit of the spread", |row| {
            row.interval().map(|interval| interval.upper)
        })
        .unit("decades")
        .column(
            "ratio",
            "spread over that of the config of the group in which all of these streams vary",
            |row| row.beside()?.ratio,
        )
        .column("ratio_lower", "lower limit of the ratio by the percentile bootstrap", |row| {
            row.beside()?.interval.map(|interval| interval.lower)
        })
        .column("ratio_upper", "upper limit of the ratio", |row| {
            row.beside()?.interval.map(|interval| interval.upper)
        })
        .column(
            "p",
            "probability of a difference in scatter from that config this large where there is none (Fligner-Killeen test, \
             corrected by Holm for all configs compared)",
            |row| row.beside().map(|beside| beside.p),
        )
        .done()
}
