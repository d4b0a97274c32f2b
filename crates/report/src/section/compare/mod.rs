//! Configs side by side.

mod figure;
mod panels;
mod words;

use super::content::Section;
use super::data::StudyData;
use super::partial;

/// The figure of several configs.
pub(crate) fn sections(data: &StudyData<'_>) -> Vec<Section> {
    let summary = data.summary;
    let scene = || figure::scene(summary);
    let caption = || partial::of_study(summary, words::finding(summary));
    vec![Section {
        figure: data.figure("compare", scene, caption),
        data: if summary.differences.is_empty() {
            &[]
        } else {
            &["differences.csv"]
        },
        ..Section::default()
    }]
}
