//! What the data asks of a network.

use crate::data::Dataset;

/// Size of the images and number of the classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DataShape {
    /// Height of the images in pixels.
    pub height: usize,
    /// Width of the images in pixels.
    pub width: usize,
    /// Number of classes.
    pub classes: usize,
}

impl DataShape {
    /// That of `dataset`.
    pub fn of(dataset: &Dataset) -> Self {
        Self {
            height: dataset.height,
            width: dataset.width,
            classes: dataset.classes,
        }
    }
}
