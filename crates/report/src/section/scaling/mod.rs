//! How suggested learning rates grow with the batch size.

#[cfg(test)]
pub(crate) mod example;
mod figure;
mod plot;
mod rule;
#[cfg(test)]
mod tests;
mod words;

use super::content::{Section, Sentence};
use super::data::StudyData;
use super::partial;
use seedband_core::summary::ScalingSummary;

/// A figure for each sweep over batch size.
pub(crate) fn sections(data: &StudyData<'_>) -> Vec<Section> {
    data.summary.scalings.iter().map(|sweep| section(data, sweep)).collect()
}

fn section(data: &StudyData<'_>, sweep: &ScalingSummary) -> Section {
    let finding = words::finding(data.summary, sweep);
    let scene = || Some(figure::scene(data.summary, sweep));
    let caption = || partial::of_study(data.summary, finding.clone());
    Section {
        figure: data.figure("scaling", scene, caption),
        terminal: Some(Sentence::Paragraph(finding)),
        definitions: &[words::DEFINITION],
        data: &["scaling.csv", "local_slopes.csv", "seed_slopes.csv"],
        ..Section::default()
    }
}
