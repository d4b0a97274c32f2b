//! The loss of one config over its seeds, as a band.

mod figure;
mod key;
mod range_mark;
#[cfg(test)]
mod tests;
mod words;

use super::content::Section;
use super::data::ConfigData;
use super::partial;

/// The figure that every config has.
pub(crate) fn sections(data: &ConfigData<'_>) -> Vec<Section> {
    let scene = || Some(figure::scene(data));
    let caption = || partial::of_config(data.config, words::finding(data.config));
    vec![Section {
        figure: data.figure("bands", scene, caption),
        ..Section::default()
    }]
}
