//! Colours.

/// A colour and how much of it covers what lies below, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Color {
    pub(crate) rgb: [u8; 3],
    pub(crate) alpha: f64,
}

impl Color {
    pub(crate) const fn new(rgb: u32) -> Self {
        Self {
            rgb: [(rgb >> 16) as u8, (rgb >> 8) as u8, rgb as u8],
            alpha: 1.0,
        }
    }

    pub(crate) const fn alpha(self, alpha: f64) -> Self {
        Self { alpha, ..self }
    }

    /// The opaque colour that this colour at `alpha` gives on white. Lines that cross each other stay even with it.
    pub(crate) fn tint(self, alpha: f64) -> Self {
        let mixed = self
            .rgb
            .map(|channel| (255.0 - (255.0 - f64::from(channel)) * alpha).round() as u8);
        Self { rgb: mixed, alpha: 1.0 }
    }

    /// A darker tone of the same colour, for small text on white.
    pub(crate) fn shade(self) -> Self {
        Self {
            rgb: self.rgb.map(|channel| (f64::from(channel) * 0.78).round() as u8),
            alpha: 1.0,
        }
    }
}
