//! From decades to colours, and the key to them.

use crate::draw::color::Color;
use crate::draw::scene::{Align, Point, Scene};
use crate::draw::theme::{AXIS, CURVE, LABEL, MUTED, RANGE, SMALL, TEXT, WHITE};
use crate::format;
use seedband_core::summary::overlap::Overlaps;

/// Shades in the key.
const PARTS: u32 = 64;
/// Width and height of the key.
const KEY: [f64; 2] = [22.0, 260.0];

/// A scale of colours: white at 0, blue for what is shared, vermilion for a gap.
pub(crate) struct ColorScale {
    /// The widest gap, as a number below 0; 0 without one.
    least: f64,
    /// The largest overlap, above 0.
    most: f64,
}

impl ColorScale {
    pub(crate) fn of(overlaps: &Overlaps) -> Self {
        let decades = || overlaps.pairs.iter().map(|pair| pair.decades);
        Self {
            least: decades().fold(0.0, f64::min),
            // A tenth of a decade, so that there is a scale even where no two ranges overlap.
            most: decades().fold(0.1, f64::max),
        }
    }

    fn share(&self, decades: f64) -> f64 {
        (decades.abs() / self.most.max(-self.least)).min(1.0)
    }

    /// The colour of a cell.
    pub(crate) fn color(&self, decades: f64) -> Color {
        if decades < 0.0 {
            // The smallest gap still is no white.
            RANGE.tint(0.35 + 0.65 * self.share(decades))
        } else {
            CURVE.tint(0.85 * self.share(decades))
        }
    }

    /// The colour of text in it.
    pub(crate) fn text(&self, decades: f64) -> Color {
        if self.share(decades) > 0.6 { WHITE } else { TEXT }
    }

    /// Draws a bar of all shades with what they mean; `(left, top)` is where its title begins.
    pub(crate) fn key(&self, scene: &mut Scene, (left, top): Point) {
        scene.text((left, top + 8.0), "decades", LABEL, Align::Left, MUTED);
        let top = top + 26.0;
        let [width, height] = KEY;
        let span = self.most - self.least;
        let part_height = height / f64::from(PARTS);
        for part in 0..PARTS {
            let value = self.most - span * (f64::from(part) + 0.5) / f64::from(PARTS);
            let y = top + height * f64::from(part) / f64::from(PARTS);
            scene.rect((left, y), (left + width, y + part_height + 0.5), self.color(value));
        }
        for (value, text) in self.marks() {
            let y = top + height * (self.most - value) / span;
            scene.line(&[(left + width, y), (left + width + 5.0, y)], AXIS, 1.0);
            scene.text((left + width + 10.0, y + SMALL * 0.36), text, SMALL, Align::Left, MUTED);
        }
    }

    /// The values that the key names.
    fn marks(&self) -> Vec<(f64, String)> {
        // A gap too small for a label of its own on this scale is told in the cells.
        let has_gap = KEY[1] * -self.least / (self.most - self.least) > 15.0;
        let zero = if self.least < 0.0 && !has_gap {
            "below 0: a gap"
        } else {
            "0: ranges touch"
        };
        let mut marks = vec![
            (self.most, format!("{} shared", format::decades(self.most))),
            (0.0, zero.to_owned()),
        ];
        if has_gap {
            marks.push((self.least, format!("gap of {}", format::decades(-self.least))));
        }
        marks
    }
}
