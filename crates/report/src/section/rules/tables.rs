//! The named rules as tables: each rule over the seeds, and each pair of rules.

use super::words::by_median;
use crate::format;
use crate::section::content::Tables;
use crate::section::table::{Column, Table};
use seedband_core::summary::{ConfigSummary, Disagreement, Distance, Estimate, RuleSummary, Spread, Summary};

/// The tables of the rules of a config, by their median as in the figure.
pub(crate) fn tables(summary: &Summary, config: &ConfigSummary) -> Tables {
    let mut page = vec![page_table(summary, config)];
    if !config.disagreements.is_empty() {
        page.push(pairs(summary, config));
    }
    Tables {
        page,
        markdown: Some(short_table(summary, config, format::spread)),
        terminal: Some(short_table(summary, config, format::spread_short)),
    }
}

fn page_table(summary: &Summary, config: &ConfigSummary) -> Table {
    let [lower, upper] = summary.quantiles.map(format::percent);
    let columns = vec![
        Column::words("rule"),
        Column::value("median"),
        Column::value(lower),
        Column::value(upper),
        Column::value("spread, decades"),
        Column::value("seeds with an answer"),
        Column::value("by second choice"),
    ];
    let rows = by_median(config).into_iter().map(page_row);
    let label = format!("rules on the curves of {}", config.name);
    let caption = "Each rule over the seeds, by its median. Spread: distance between the two quantiles.";
    Table::new(columns).rows(rows).described(label, caption)
}

fn page_row(rule: &RuleSummary) -> [String; 7] {
    let value = |value: fn(Estimate) -> String| format::or_dash(rule.spread.estimate, value);
    let cut = match rule.cut() {
        0 => String::new(),
        cut => format!(", {cut} cut short"),
    };
    [
        rule.name.clone(),
        value(|estimate| format::lr_exact(estimate.median)),
        value(|estimate| format::lr_exact(estimate.lower)),
        value(|estimate| format::lr_exact(estimate.upper)),
        value(format::distance),
        format!("{} of {}{cut}", rule.spread.n, rule.answers.len()),
        rule.spread.fallbacks.to_string(),
    ]
}

/// How far any two rules disagree, each pair once.
fn pairs(summary: &Summary, config: &ConfigSummary) -> Table {
    let [lower, upper] = summary.quantiles.map(format::percent);
    let columns = vec![
        Column::words("first"),
        Column::words("second"),
        Column::value("median"),
        Column::value(lower),
        Column::value(upper),
        Column::value("seeds"),
    ];
    let rows = config.disagreements.iter().map(pair);
    let label = format!("pairs of rules on {}", config.name);
    let caption = "Decades from the second rule to the first on the same curve, log10(first / second): quantiles over \
        the seeds for which both have an answer.";
    Table {
        folded: Some(format!("How far any two rules disagree on {}", config.name)),
        ..Table::new(columns).rows(rows).described(label, caption)
    }
}

fn pair(pair: &Disagreement) -> [String; 6] {
    let value =
        |value: fn(Distance) -> f64| format::or_dash(pair.distance, |distance| format::signed_decades(value(distance)));
    [
        pair.first.clone(),
        pair.second.clone(),
        value(|distance| distance.median),
        value(|distance| distance.lower),
        value(|distance| distance.upper),
        pair.n.to_string(),
    ]
}

/// The rules in four columns, the median with its quantiles as `shown`.
fn short_table(summary: &Summary, config: &ConfigSummary, shown: fn(&Spread) -> String) -> Table {
    let columns = vec![
        Column::words("rule"),
        Column::value(format!("median ({})", format::percent_range(summary.quantiles))),
        Column::number("decades"),
        Column::number("seeds"),
    ];
    let rows = by_median(config).into_iter().map(|rule| {
        [
            rule.name.clone(),
            shown(&rule.spread),
            format::or_dash(rule.spread.estimate, |estimate| format::decades(estimate.decades)),
            format!("{} of {}", rule.spread.n, rule.answers.len()),
        ]
    });
    Table::new(columns).rows(rows)
}
