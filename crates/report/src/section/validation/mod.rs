//! What the smoothing hides: the raw training loss and the validation loss beside the smoothed training loss.

#[cfg(test)]
pub(crate) mod example;
mod figure;
mod layer;
#[cfg(test)]
mod tests;
mod words;

use super::content::Section;
use super::data::ConfigData;
use super::partial;

/// The figure of a config with a validation.
pub(crate) fn sections(data: &ConfigData<'_>) -> Vec<Section> {
    let scene = || figure::scene(data);
    let caption = || partial::of_config(data.config, words::finding(data.summary, data.config));
    vec![Section {
        figure: data.figure("losses", scene, caption),
        ..Section::default()
    }]
}
