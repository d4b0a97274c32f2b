//! The curves of one config in groups by the decade of their least loss.

mod figure;
mod words;

use super::content::{Section, Tables};
use super::data::ConfigData;
use super::partial;
use super::table::{Column, Table};
use crate::format;

/// A figure of several groups, and a table of all; nothing without a curve.
pub(crate) fn sections(data: &ConfigData<'_>) -> Vec<Section> {
    if data.config.decades.is_empty() {
        return Vec::new();
    }
    let scene = || figure::scene(data);
    let caption = || partial::of_config(data.config, words::finding(data.config).unwrap_or_default());
    vec![Section {
        figure: data.figure("groups", scene, caption),
        tables: Tables {
            page: vec![table(data)],
            ..Tables::default()
        },
        ..Section::default()
    }]
}

fn table(data: &ConfigData<'_>) -> Table {
    let columns = vec![
        Column::value("least loss within"),
        Column::number("seeds"),
        Column::value("min LR"),
        Column::value("max LR"),
    ];
    let rows = data.config.decades.iter().map(|group| {
        [
            words::bounds(group),
            group.seeds.to_string(),
            format::spread(&group.min_lr),
            format::spread(&group.max_lr),
        ]
    });
    let caption = format!(
        "Seeds by the decades in which their smoothed loss is least; decades between whose seeds there is no gap of half a \
         decade stand together. Min LR and max LR as median and {} \
         quantiles over these seeds.",
        format::percent_range(data.summary.quantiles)
    );
    let label = format!("groups of {}", data.config.name);
    Table::new(columns).rows(rows).described(label, caption)
}
