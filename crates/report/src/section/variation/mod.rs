//! Sources of variation: configs that differ only in which random streams follow the seed.

#[cfg(test)]
pub(crate) mod example;
mod tables;

use super::content::{Section, Sentence, Tables};
use super::data::StudyData;
use seedband_core::summary::variation;

/// A table for each group of such configs.
pub(crate) fn sections(data: &StudyData<'_>) -> Vec<Section> {
    let groups = variation::groups(data.summary).into_iter();
    groups
        .map(|group| Section {
            tables: Tables {
                page: vec![tables::page(&group)],
                markdown: Some(tables::markdown(&group)),
                terminal: Some(tables::terminal(&group)),
            },
            terminal: Some(Sentence::Paragraph(tables::SENTENCE.to_owned())),
            data: &["variation.csv"],
            ..Section::default()
        })
        .collect()
}
