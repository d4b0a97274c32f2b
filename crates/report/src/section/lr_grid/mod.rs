//! Trainings at each learning rate of a grid, and what suggestions cost beside the best of them.

#[cfg(test)]
pub(crate) mod example;
mod figure;
mod row;
mod tables;
#[cfg(test)]
mod tests;
mod words;

pub(super) use words::{basis, limits};

use super::content::{Section, Sentence};
use super::data::ConfigData;
use super::partial;
use seedband_core::summary::LrGridSummary;

/// Figure and tables of each grid.
pub(crate) fn sections(data: &ConfigData<'_>) -> Vec<Section> {
    data.config.lr_grids.iter().map(|grid| section(data, grid)).collect()
}

fn section(data: &ConfigData<'_>, grid: &LrGridSummary) -> Section {
    let finding = words::finding(grid);
    let scene = || figure::scene(data.summary, data.config, grid);
    let caption = || partial::of_grid(data.config, grid, finding.clone());
    Section {
        heading: Some("What suggestions cost"),
        figure: data.figure("lr-grid", scene, caption),
        // Without a seed there is no figure below which it would stand.
        paragraph: grid.seeds.is_empty().then(caption),
        tables: tables::tables(data, grid),
        terminal: Some(Sentence::Paragraph(finding.clone())),
        data: &["trainings.csv", "training_curves.csv", "regrets.csv"],
        ..Section::default()
    }
}
