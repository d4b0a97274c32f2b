//! Do two seeds agree on any learning rate? The overlap of the ranges of every two.

mod color_scale;
mod figure;
mod words;

use super::content::Section;
use super::data::ConfigData;
use super::partial;

/// The figure of a config with two ranges or more, and not more than can be shown.
pub(crate) fn sections(data: &ConfigData<'_>) -> Vec<Section> {
    let scene = || figure::scene(data.config);
    let caption = || partial::of_config(data.config, words::finding(data.config).unwrap_or_default());
    vec![Section {
        figure: data.figure("overlap", scene, caption),
        ..Section::default()
    }]
}
