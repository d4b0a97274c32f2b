//! What the lines of the figure mean.

use super::range_mark;
use crate::draw::font::{self, Weight};
use crate::draw::scene::{Align, Scene};
use crate::draw::theme::{BAND_ALPHA, CURVE, MARGIN, MUTED, SMALL, WIDTH};
use crate::format;
use seedband_core::summary::Summary;

/// Draws the key in the upper right corner and gives its left edge.
pub(crate) fn draw(scene: &mut Scene, summary: &Summary) -> f64 {
    let quantiles = format::percent_range(summary.quantiles);
    let entries = [
        "one seed".to_owned(),
        format!("median, {quantiles}"),
        format!("range, {quantiles}"),
    ];
    let y = 31.0;
    let mut x = WIDTH - MARGIN;
    for (index, text) in entries.iter().enumerate().rev() {
        x -= font::width(text, SMALL, Weight::Regular);
        scene.text((x, y + SMALL * 0.36), text, SMALL, Align::Left, MUTED);
        let (from, to) = (x - 34.0, x - 8.0);
        match index {
            0 => scene.line(&[(from, y), (to, y)], CURVE.tint(0.45), 1.0),
            1 => {
                scene.rect((from, y - 7.0), (to, y + 7.0), CURVE.alpha(BAND_ALPHA));
                scene.line(&[(from, y), (to, y)], CURVE, 2.6);
            }
            _ => range_mark::mark(scene, (f64::midpoint(from, to), y), from, to),
        }
        x -= 34.0 + 20.0;
    }
    x + 20.0
}
