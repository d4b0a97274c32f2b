//! How far min LR and max LR scatter where different streams vary, as tables.

use crate::format;
use crate::section::table::{Column, Table};
use seedband_core::summary::variation::{Scatter, VariationConfig, VariationGroup};

/// What the terminal says before its table.
pub(crate) const SENTENCE: &str = "sources of variation: median absolute deviation over the seeds in decades, and how \
    many times that of the config where all vary it is";

const PAGE_CAPTION: &str = "Sources of variation: configs that differ only in which random streams follow the seed. \
    Median absolute deviation of log10 of both rates from their median, in decades (half of the seeds lie closer to \
    the median), and how many times that of the config where all of these streams vary it is; intervals by the \
    percentile bootstrap from 10 seeds on. Streams act together, so the ratios need not add up.";

const MARKDOWN_CAPTION: &str = "Median absolute deviation of log10 of both rates over the seeds, in decades, and how \
    many times that of the config where all of these streams vary it is, with intervals by the percentile bootstrap:";

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
        Column::number("times that of all"),
        Column::number(max),
        Column::number("times that of all"),
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
        spread(config.min_lr),
        ratio(config.min_lr),
        spread(config.max_lr),
        ratio(config.max_lr),
    ]
}

/// `0.35 (0.21 – 0.52; n = 20)`: the deviation in decades with its interval.
fn spread(scatter: Option<Scatter>) -> String {
    format::or_dash(scatter, |scatter| {
        let interval = scatter.interval.map_or_else(String::new, |interval| {
            format!("{:.2} – {:.2}; ", interval.lower, interval.upper)
        });
        let spread = format::bounded(format!("{:.2}", scatter.spread), scatter.bound);
        format!("{spread} ({interval}n = {})", scatter.n)
    })
}

/// `0.61 (0.35 – 1.1)`.
fn ratio(scatter: Option<Scatter>) -> String {
    let beside = scatter.and_then(|scatter| scatter.beside_full);
    format::or_dash(
        beside.and_then(|beside| Some((beside.ratio?, beside.interval))),
        |(ratio, interval)| {
            let interval = interval.map_or_else(String::new, |interval| {
                format!(" ({} – {})", format::lr(interval.lower), format::lr(interval.upper))
            });
            format!("{}{interval}", format::lr(ratio))
        },
    )
}
