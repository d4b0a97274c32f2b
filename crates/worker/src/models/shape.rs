//! What the data asks of a network.

use crate::dataset::Dataset;
use seedband_data::Shape;

/// What one example is, and the number of classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DataShape {
    /// What one example is.
    pub example: Shape,
    /// Number of classes.
    pub classes: usize,
}

impl DataShape {
    /// That of `dataset`.
    pub fn of(dataset: &Dataset) -> Self {
        Self {
            example: dataset.shape,
            classes: dataset.classes,
        }
    }
}
