//! How far min LR and max LR scatter where different streams vary, as tables.

use crate::format;
use crate::section::table::{Column, Table};
use seedband_core::summary::variation::{Scatter, VariationConfig, VariationGroup};

/// What the terminal says before its table.
pub(crate) const SENTENCE: &str = "sources of variation: standard deviation over the seeds in decades, and variance \
    relative to that of the config where all vary";

const PAGE_CAPTION: &str = "Sources of variation: configs that differ only in which random streams follow the seed. \
    Standard deviation of log10 of both rates over the seeds, in decades, and its variance relative to that of the \
    config where all of these streams vary (100 %). Streams act together, so the variances need not add up.";

const MARKDOWN_CAPTION: &str = "Standard deviation of log10 of both rates over the seeds, in decades, and its variance \
    relative to that of the config where all of these streams vary (100 %):";

/// The table of the page.
pub(crate) fn page(group: &VariationGroup) -> Table {
    let table = table(group, ["min LR, decades", "max LR, decades"]);
    table.described("sources of variation", PAGE_CAPTION)
}

/// The table of the Markdown.
pub(crate) fn markdown(group: &VariationGroup) -> Table {
    table(group, ["min LR", "max LR"]).described("", MARKDOWN_CAPTION)
}

/// The table of the terminal.
pub(crate) fn terminal(group: &VariationGroup) -> Table {
    table(group, ["min LR", "max LR"])
}

fn table(group: &VariationGroup, [min, max]: [&str; 2]) -> Table {
    let columns = vec![
        Column::words("config"),
        Column::words("what varies"),
        Column::number(min),
        Column::number("relative variance"),
        Column::number(max),
        Column::number("relative variance"),
    ];
    Table::new(columns).rows(group.configs.iter().map(row))
}

fn row(config: &VariationConfig) -> [String; 6] {
    let varies = if config.varies.is_empty() {
        "nothing".to_owned()
    } else {
        config.varies.join(", ")
    };
    [
        config.config.clone(),
        varies,
        deviation(config.min_lr),
        variance(config.min_lr),
        deviation(config.max_lr),
        variance(config.max_lr),
    ]
}

/// Standard deviation in decades, with n.
fn deviation(scatter: Option<Scatter>) -> String {
    format::or_dash(scatter, |scatter| {
        format!("{:.2} (n = {})", scatter.deviation, scatter.n)
    })
}

/// Variance relative to that where everything varies, in whole percent.
fn variance(scatter: Option<Scatter>) -> String {
    let relative = scatter.and_then(|scatter| scatter.share);
    format::or_dash(relative, |share| format::percent((share * 100.0).round() / 100.0))
}
