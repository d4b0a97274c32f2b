//! How many seeds had diverged by which learning rate. Its figure is the strip below the bands.

pub(crate) mod figure;
#[cfg(test)]
mod tests;
mod words;

use super::content::{Section, Sentence};
use super::data::ConfigData;

pub(crate) use words::definition;

/// The largest learning rate at which few enough seeds had diverged; nothing without a curve.
pub(crate) fn sections(data: &ConfigData<'_>) -> Vec<Section> {
    let finding = words::finding(data.summary, data.config);
    let section = finding.map(|finding| Section {
        terminal: Some(Sentence::Line(finding.clone())),
        paragraph: Some(finding),
        ..Section::default()
    });
    section.into_iter().collect()
}
