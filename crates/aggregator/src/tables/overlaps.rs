//! How far the ranges of two seeds overlap.

use super::table::Table;
use seedband_core::summary::overlap::{Overlaps, Pair};
use seedband_core::summary::{ConfigSummary, Summary};

/// The table `overlaps`.
pub(super) fn table(summary: &Summary) -> Table {
    let of_config = |config| Overlaps::of(config).pairs.into_iter().map(move |pair| (config, pair));
    let rows: Vec<(&ConfigSummary, Pair)> = summary.configs.iter().flat_map(of_config).collect();
    Table::new(
        "overlaps",
        "two seeds whose ranges hold a learning rate, lower range first by its middle; none of a config with more \
         than 1000 ranges",
    )
    .rows(&rows)
    .column("config", "name of the config", |(config, _)| Some(config.name.as_str()))
    .column("first", "seed of the lower range", |(_, pair)| pair.first)
    .column("second", "seed of the higher range", |(_, pair)| pair.second)
    .column(
        "overlap",
        "what both ranges share, log10(least max LR / largest min LR); below 0 the gap between them",
        |(_, pair)| Some(pair.decades),
    )
    .unit("decades")
    .done()
}
