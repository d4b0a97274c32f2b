//! Trainings after the range test.

#[cfg(test)]
pub(crate) mod example;
mod figure;
mod tables;
#[cfg(test)]
mod tests;
mod values;
mod words;

use super::content::{Section, Sentence};
use super::data::ConfigData;
use super::partial;

pub(crate) use values::schedule;

/// Figure and tables of the trainings that belong to no grid of learning rates; nothing without one.
pub(crate) fn sections(data: &ConfigData<'_>) -> Vec<Section> {
    let Some(finding) = words::finding(data.config) else {
        return Vec::new();
    };
    let (summary, config) = (data.summary, data.config);
    let scene = || figure::scene(summary, config);
    let caption = || partial::of_trainings(config, finding.clone());
    vec![Section {
        heading: Some("Training after the range test"),
        figure: data.figure("trainings", scene, caption),
        tables: tables::tables(summary, config),
        notes: words::without_lr(config),
        terminal: Some(Sentence::Paragraph(finding)),
        data: &["trainings.csv", "training_curves.csv"],
        ..Section::default()
    }]
}
