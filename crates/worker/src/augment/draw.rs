//! What is drawn for an image.

use seedband_core::seeds::Stream;
use seedband_core::settings::Augment;

/// How one image is cropped, flipped and shifted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Draw {
    /// Top left corner of the crop in the padded image, in pixels from 0 to twice the padding.
    pub(super) crop: [u32; 2],
    pub(super) flip: bool,
    /// Shift down and right, in pixels: output (i, j) is taken from (i + dy, j + dx).
    pub(super) shift: [f64; 2],
}

impl Draw {
    /// Crop down and right, flip, shift down and right, in this order, for an image of `height` by `width` pixels. All
    /// five are drawn whatever is on, so that switching one on or off does not change the others.
    pub(super) fn new(settings: &Augment, stream: &mut Stream, height: usize, width: usize) -> Self {
        let crop = [(); 2].map(|()| stream.below(2 * settings.crop_padding + 1));
        let flip = stream.below(2) == 1;
        let shift = [height, width].map(|side| settings.shift * side as f64 * (2.0 * stream.unit_f64() - 1.0));
        Self {
            crop,
            flip: flip && settings.flip,
            shift,
        }
    }
}
