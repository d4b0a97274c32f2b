//! The ranges of all configs in one figure.

mod figure;
mod words;

use super::content::Section;
use super::data::StudyData;
use super::partial;

/// The figure.
pub(crate) fn sections(data: &StudyData<'_>) -> Vec<Section> {
    let summary = data.summary;
    let scene = || figure::scene(summary);
    let caption = || partial::of_study(summary, words::finding(summary));
    vec![Section {
        figure: data.figure("ranges", scene, caption),
        ..Section::default()
    }]
}
