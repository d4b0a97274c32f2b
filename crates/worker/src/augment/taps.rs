//! Which source pixels feed each output pixel along one side of an image, and by what weight.

use super::draw::Draw;
use seedband_core::settings::{Augment, PaddingMode};

/// For each output row (or column) of one or several images, one after the other, one source row and its weight.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tap {
    pub(super) index: Vec<i64>,
    pub(super) weight: Vec<f64>,
}

impl Tap {
    /// Whether every weight is 1.
    #[expect(clippy::float_cmp, reason = "a weight that is not exactly 1 counts")]
    pub(super) fn is_plain(&self) -> bool {
        self.weight.iter().all(|weight| *weight == 1.0)
    }
}

/// What is drawn for one side of an image: top or left of the crop in the padded image, shift in pixels, and whether it
/// is flipped.
type Along = (u32, f64, bool);

/// The taps of all images along one side of `side` pixels: one where nothing is shifted, else two.
pub(super) fn taps(settings: &Augment, draws: &[Draw], side: usize, along: impl Fn(&Draw) -> Along) -> Vec<Tap> {
    let count = if settings.shift > 0.0 { 2 } else { 1 };
    let empty = Tap {
        index: Vec::new(),
        weight: Vec::new(),
    };
    let mut taps = vec![empty; count];
    let last = side as i64 - 1;
    for draw in draws {
        let (crop, shift, flip) = along(draw);
        for output in 0..=last {
            // Beyond the border the nearest edge pixel stands.
            let position = (output as f64 + shift).clamp(0.0, last as f64);
            let (near, fraction) = (position.floor(), position.fract());
            let parts = [(near as i64, 1.0 - fraction), ((near as i64 + 1).min(last), fraction)];
            for (tap, (pixel, weight)) in taps.iter_mut().zip(parts) {
                let pixel = if flip { last - pixel } else { pixel };
                let (index, is_inside) = source(settings, pixel, crop, last);
                tap.index.push(index);
                tap.weight.push(if is_inside { weight } else { 0.0 });
            }
        }
    }
    taps
}

/// The source pixel of a pixel of the crop, and whether there is one; where there is none some pixel is named and not
/// to be looked at.
fn source(settings: &Augment, pixel: i64, crop: u32, last: i64) -> (i64, bool) {
    let source = pixel + i64::from(crop) - i64::from(settings.crop_padding);
    match settings.padding_mode {
        PaddingMode::Reflect if source < 0 => (-source, true),
        PaddingMode::Reflect if source > last => (2 * last - source, true),
        PaddingMode::Reflect => (source, true),
        PaddingMode::Zero => (source.clamp(0, last), (0..=last).contains(&source)),
    }
}
