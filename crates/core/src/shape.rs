//! What one example of a data set is.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What one example is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// An image.
    Image {
        /// 1 for grey, 3 for red, green and blue.
        channels: usize,
        /// Height in pixels.
        height: usize,
        /// Width in pixels.
        width: usize,
    },
    /// So many numbers without rows and columns.
    Features(usize),
}

impl Shape {
    /// Channels, height and width; features are channels of one pixel.
    pub fn sides(self) -> [usize; 3] {
        match self {
            Self::Image {
                channels,
                height,
                width,
            } => [channels, height, width],
            Self::Features(count) => [count, 1, 1],
        }
    }

    /// Height in pixels.
    pub fn height(self) -> usize {
        self.sides()[1]
    }

    /// Width in pixels.
    pub fn width(self) -> usize {
        self.sides()[2]
    }

    /// Numbers of one example.
    pub fn len(self) -> usize {
        self.sides().iter().product()
    }

    /// Whether an example has no number at all.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Image {
                channels,
                height,
                width,
            } => {
                let colour = if *channels == 1 { " in grey" } else { "" };
                write!(formatter, "images of {width}x{height} pixels{colour}")
            }
            Self::Features(count) => write!(formatter, "rows of {count} features"),
        }
    }
}
