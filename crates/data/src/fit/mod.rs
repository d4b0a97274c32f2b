//! Whether settings and data go together: asked before anything is trained, and again by the trainer.

mod mismatch;

pub use mismatch::DataMismatch;

use crate::Moments;
use seedband_core::settings::{Architecture, Augment, Group, Model, Normalize, PaddingMode, Pixels, fits};
use seedband_core::trainer::BuiltIn;
use seedband_core::{Shape, listed};

/// What settings are held against.
#[derive(Debug, Clone, Copy)]
pub struct Fit<'a> {
    /// Training examples.
    pub examples: usize,
    /// What one of them is.
    pub shape: Shape,
    /// Of their channels; none where they have not been decoded.
    pub moments: Option<&'a Moments>,
}

impl Fit<'_> {
    /// Whether `settings` can be trained on them.
    ///
    /// # Errors
    /// What every trial of these settings would fail with.
    pub fn check(&self, settings: &BuiltIn) -> Result<(), DataMismatch> {
        network(&settings.model, self.shape)?;
        batch(self.examples, settings.batches.batch_size, settings.batches.drop_last)?;
        augmentation(&settings.augment, self.shape)?;
        normalization(&settings.pixels, self.shape, self.moments)?;
        groups(&settings.optimizer.group, &settings.model.parameter_names())
    }
}

/// Whether a network can be made for examples of `shape`.
///
/// # Errors
/// Features, of a network for images; images that pooling would leave nothing of.
pub fn network(model: &Model, shape: Shape) -> Result<(), DataMismatch> {
    if matches!(shape, Shape::Features(_)) && model.architecture != Architecture::Mlp {
        return Err(DataMismatch::Features("the network"));
    }
    let (height, width) = (shape.height(), shape.width());
    if model.architecture == Architecture::Cnn && height.min(width) < 8 {
        return Err(DataMismatch::Small { height, width });
    }
    Ok(())
}

/// Whether batches of `batch` can be drawn from so many `images`; `drop_last` leaves out smaller ones.
///
/// # Errors
/// No batch would be left.
pub fn batch(images: usize, batch: u32, drop_last: bool) -> Result<(), DataMismatch> {
    if images == 0 || (drop_last && images < batch as usize) {
        return Err(DataMismatch::Batch { batch, images });
    }
    Ok(())
}

/// Whether examples of `shape` can be augmented so.
///
/// # Errors
/// A reflected padding that is not smaller than the image; features, of which nothing can be augmented.
pub fn augmentation(settings: &Augment, shape: Shape) -> Result<(), DataMismatch> {
    if settings.is_on() && matches!(shape, Shape::Features(_)) {
        return Err(DataMismatch::Features("`[augment]`"));
    }
    let (padding, height, width) = (settings.crop_padding, shape.height(), shape.width());
    if settings.padding_mode == PaddingMode::Reflect && padding as usize >= height.min(width).max(1) {
        return Err(DataMismatch::Padding { padding, height, width });
    }
    Ok(())
}

/// Whether examples can be normalised so, as far as their `moments` are known.
///
/// # Errors
/// Means for another number of channels; a channel of images that has one value throughout.
pub fn normalization(pixels: &Pixels, shape: Shape, moments: Option<&Moments>) -> Result<(), DataMismatch> {
    if pixels.normalize == Normalize::None {
        return Ok(());
    }
    let [channels, ..] = shape.sides();
    let given = pixels.mean.as_ref().map_or(channels, Vec::len);
    if given != channels {
        return Err(DataMismatch::Channels { given, channels });
    }
    let is_constant = |deviation: &f64| *deviation == 0.0;
    let deviation = pixels.std.as_ref().or(moments.map(|moments| &moments.deviation));
    let constant = deviation.and_then(|deviation| deviation.iter().position(is_constant));
    match (shape, constant) {
        (Shape::Image { .. }, Some(channel)) => Err(DataMismatch::Constant(channel_name(channel, channels))),
        _ => Ok(()),
    }
}

/// What people call a channel of images.
fn channel_name(channel: usize, channels: usize) -> &'static str {
    match (channels, channel) {
        (1, _) => "grey",
        (_, 0) => "red",
        (_, 1) => "green",
        _ => "blue",
    }
}

/// Whether every pattern fits one of the parameters called `names`, and one is left to train.
///
/// # Errors
/// A pattern that fits none, or all are frozen.
pub fn groups(groups: &[Group], names: &[String]) -> Result<(), DataMismatch> {
    /// Most names that an error lists.
    const LISTED: usize = 100;
    let patterns = groups.iter().flat_map(|group| &group.parameters);
    if let Some(pattern) = patterns
        .into_iter()
        .find(|pattern| !names.iter().any(|name| fits(pattern, name)))
    {
        let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        return Err(DataMismatch::Pattern {
            pattern: pattern.clone(),
            names: listed(&quoted, LISTED),
        });
    }
    let is_frozen = |name: &String| {
        let group = groups.iter().find(|group| group.has(name));
        group.is_some_and(|group| group.multiplier() == 0.0)
    };
    if names.iter().all(is_frozen) {
        return Err(DataMismatch::Frozen);
    }
    Ok(())
}
