//! What the script logged beside the loss: a plot of each metric over the learning rates.

#[cfg(test)]
pub(crate) mod example;
mod figure;
#[cfg(test)]
mod tests;
mod words;

use super::content::Section;
use super::data::ConfigData;
use super::partial;

/// The figure of a config whose script logged more than losses.
pub(crate) fn sections(data: &ConfigData<'_>) -> Vec<Section> {
    if data.config.metrics.is_empty() {
        return Vec::new();
    }
    let scene = || figure::scene(data);
    let caption = || partial::of_config(data.config, words::caption(data.summary, data.config));
    vec![Section {
        figure: data.figure("metrics", scene, caption),
        data: &["metrics", "metric_bands"],
        ..Section::default()
    }]
}
