use crate::{Invalid, check};
use serde::{Deserialize, Serialize};

/// Random changes to each training image each time it is drawn, table `[augment]`. All off by default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Augment {
    /// Pixels added on each side before a random crop back to the image's size. Default 0: no crop.
    pub crop_padding: u32,
    /// What the added pixels hold. Default `reflect`.
    pub padding_mode: PaddingMode,
    /// Largest shift each way as a share of the side, uniform and continuous, with bilinear interpolation and the
    /// nearest edge pixel beyond the border (Keras `width_shift_range` and `height_shift_range` with
    /// `fill_mode="nearest"`). Default 0: no shift.
    pub shift: f64,
    /// Mirror left to right with probability 1/2. Default false.
    pub flip: bool,
}

/// How an image continues beyond its border.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum PaddingMode {
    /// Mirrored without repeating the edge pixel (PyTorch `reflect`; fastai's default).
    #[default]
    Reflect,
    /// Zero before normalisation: black.
    Zero,
}

impl Augment {
    /// Checks ranges.
    pub fn validate(&self) -> Result<(), Invalid> {
        if self.crop_padding > 256 {
            return Err(Invalid::new(
                "crop-padding",
                self.crop_padding,
                "has to be from 0 to 256 pixels",
                "crop-padding = 4",
            ));
        }
        check::within("shift", self.shift, 0.0, 1.0, "shift = 0.1")
    }

    /// Whether anything is drawn from the augmentation stream.
    pub fn is_on(&self) -> bool {
        self.crop_padding > 0 || self.shift > 0.0 || self.flip
    }
}
