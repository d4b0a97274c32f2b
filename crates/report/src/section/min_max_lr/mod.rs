//! Min LR and max LR of one config with all their numbers.

use super::content::{Section, Tables};
use super::data::ConfigData;
use super::table::{Column, Table};
use crate::format;
use seedband_core::summary::{Estimate, Spread};

/// A table of both rates.
pub(crate) fn sections(data: &ConfigData<'_>) -> Vec<Section> {
    vec![Section {
        tables: Tables {
            page: vec![table(data)],
            ..Tables::default()
        },
        ..Section::default()
    }]
}

fn table(data: &ConfigData<'_>) -> Table {
    let config = data.config;
    let [lower, upper] = data.summary.quantiles.map(format::percent);
    let columns = vec![
        Column::value("rate"),
        Column::words("rule"),
        Column::value("median"),
        Column::value(lower),
        Column::value(upper),
        Column::value("spread, decades"),
        Column::value("interval of the median"),
        Column::value("seeds"),
    ];
    let finished = config.counts.finished;
    let rows = [
        row("min LR", &config.rules.min_lr, &config.min_lr, finished),
        row("max LR", &config.rules.max_lr, &config.max_lr, finished),
    ];
    let label = format!("min LR and max LR of {}", config.name);
    let caption = "Min LR and max LR over the seeds. Spread: distance between the two quantiles.";
    Table::new(columns).rows(rows).described(label, caption)
}

fn row(name: &str, rule: &str, spread: &Spread, finished: u32) -> [String; 8] {
    let value = |value: fn(Estimate) -> String| format::or_dash(spread.estimate, value);
    let fallbacks = match spread.fallbacks {
        0 => String::new(),
        fallbacks => format!(", {fallbacks} by second choice"),
    };
    let bounds = match spread.estimate.map_or(0, |estimate| estimate.bounds.seeds) {
        0 => String::new(),
        bounds => format!(", {bounds} of them bounds"),
    };
    [
        name.to_owned(),
        rule.to_owned(),
        value(|estimate| format::bounded(format::lr_exact(estimate.median), estimate.bounds.median)),
        value(|estimate| format::bounded(format::lr_exact(estimate.lower), estimate.bounds.lower)),
        value(|estimate| format::bounded(format::lr_exact(estimate.upper), estimate.bounds.upper)),
        value(|estimate| format::decades(estimate.decades)),
        format::or_dash(spread.estimate.filter(|estimate| estimate.interval.is_some()), interval),
        format!("{} of {finished}{fallbacks}{bounds}", spread.n),
    ]
}

/// `2.31e-4 – 8.90e-4 (95.9 %)`; a limit that is a bound says so.
fn interval(estimate: Estimate) -> String {
    let Some(interval) = estimate.interval else {
        return String::new();
    };
    let lower = format::bounded(format::lr_exact(interval.lower), estimate.bounds.interval_lower);
    let upper = format::bounded(format::lr_exact(interval.upper), estimate.bounds.interval_upper);
    format!("{lower} – {upper} ({})", format::percent(interval.confidence))
}
