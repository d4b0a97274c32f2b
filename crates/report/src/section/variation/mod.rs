//! Sources of variation: configs that differ only in which random streams follow the seed.

#[cfg(test)]
pub(crate) mod example;
mod tables;
mod words;

use super::content::{Section, Sentence, Tables};
use super::data::StudyData;

/// A table for each group of such configs.
pub(crate) fn sections(data: &StudyData<'_>) -> Vec<Section> {
    let groups = data.summary.variation.iter();
    groups
        .map(|group| {
            let finding = words::finding(group, data.summary.confidence);
            let terminal = [Some(tables::SENTENCE), finding.as_deref()];
            Section {
                paragraph: finding.clone(),
                tables: Tables {
                    page: vec![tables::page(group)],
                    markdown: Some(tables::markdown(group)),
                    terminal: Some(tables::terminal(group)),
                },
                terminal: Some(Sentence::Paragraph(
                    terminal.into_iter().flatten().collect::<Vec<_>>().join(". "),
                )),
                data: &["variation.csv"],
                ..Section::default()
            }
        })
        .collect()
}
