//! Every seed of one config.

use super::content::{Section, Tables};
use super::data::ConfigData;
use super::table::{Column, Table};
use crate::format;
use seedband_core::files::curve::End;
use seedband_core::range_test::Answer;
use seedband_core::summary::{ConfigSummary, SeedSummary};

/// A table that the page shows when it is asked for; nothing without a seed.
pub(crate) fn sections(data: &ConfigData<'_>) -> Vec<Section> {
    if data.config.seeds.is_empty() {
        return Vec::new();
    }
    vec![Section {
        tables: Tables {
            page: vec![table(data.config)],
            ..Tables::default()
        },
        ..Section::default()
    }]
}

fn table(config: &ConfigSummary) -> Table {
    let columns = vec![
        Column::value("seed"),
        Column::value("curve"),
        Column::value("least loss at"),
        Column::value("min LR"),
        Column::value("max LR"),
    ];
    let rows = config.seeds.iter().map(|seed| {
        [
            seed.seed.to_string(),
            end(config, seed),
            format::or_dash(seed.least_lr, format::lr_exact),
            answer(seed.min_lr),
            answer(seed.max_lr),
        ]
    });
    Table {
        folded: Some(format!("Every seed of {}", config.name)),
        ..Table::new(columns)
            .rows(rows)
            .described(format!("every seed of {}", config.name), "")
    }
}

/// How a curve ended, and where.
fn end(config: &ConfigSummary, seed: &SeedSummary) -> String {
    let place = |step: u32| match config.lrs.get(step as usize) {
        Some(&lr) => format!("step {step}, learning rate {}", format::lr_exact(lr)),
        None => format!("step {step}"),
    };
    match (seed.diverged_step, seed.stop_step) {
        (Some(step), _) => format!("diverged by {}", place(step)),
        (None, Some(step)) => format!("stopped at {}", place(step)),
        (None, None) if seed.end == End::Completed => "all steps".to_owned(),
        (None, None) => "stopped early".to_owned(),
    }
}

fn answer(answer: Answer) -> String {
    match answer {
        Answer::Found {
            lr, fallback: false, ..
        } => format::lr_exact(lr),
        Answer::Found { lr, fallback: true, .. } => format!("{} (second choice)", format::lr_exact(lr)),
        Answer::None { reason } => format!("none: {reason}"),
    }
}
