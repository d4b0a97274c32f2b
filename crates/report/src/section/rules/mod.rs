//! The named rules of a study on the same curves.

#[cfg(test)]
pub(crate) mod example;
mod figure;
mod tables;
#[cfg(test)]
mod tests;
mod words;

use super::content::{Section, Sentence};
use super::data::ConfigData;
use super::partial;

/// Figure and tables; nothing without named rules.
pub(crate) fn sections(data: &ConfigData<'_>) -> Vec<Section> {
    let (summary, config) = (data.summary, data.config);
    if config.named_rules.is_empty() {
        return Vec::new();
    }
    let finding = words::finding(config);
    let scene = || figure::scene(summary, config);
    let caption = || partial::of_config(config, finding.clone());
    vec![Section {
        heading: Some("Other rules on the same curves"),
        introduction: Some(words::INTRODUCTION),
        figure: data.figure("rules", scene, caption),
        tables: tables::tables(summary, config),
        terminal: Some(Sentence::Paragraph(finding)),
        data: &["rules.csv"],
        ..Section::default()
    }]
}
