//! Figures of rows over one axis of learning rates: what their rows have in common.

use super::axis::Axis;
use super::font::{self, Weight};
use super::scene::{Align, Scene};
use super::theme::{AXIS, GRID, LABEL, MARGIN, MUTED, SMALL, TEXT, WIDTH};

/// Where the axis begins, so that names from `least` to `most` wide have room left of it.
pub(crate) fn left<'a>(names: impl Iterator<Item = &'a String>, least: f64, most: f64) -> f64 {
    let widest = names
        .map(|name| font::width(name, LABEL, Weight::SemiBold))
        .fold(least, f64::max);
    MARGIN + widest.min(most) + 18.0
}

/// Vertical lines from `top` to `bottom`, ticks and labels below them, and what the axis shows.
pub(crate) fn grid(scene: &mut Scene, axis: &Axis, top: f64, bottom: f64, shows: &str) {
    for tick in axis.ticks(54.0) {
        let x = axis.at(tick.value);
        let length = if tick.label.is_some() { 6.0 } else { 3.0 };
        scene.line(&[(x, bottom), (x, bottom + length)], AXIS, 1.0);
        if let Some(label) = tick.label {
            scene.line(&[(x, top), (x, bottom)], GRID, 1.0);
            scene.text((x, bottom + 22.0), label, SMALL, Align::Center, MUTED);
        }
    }
    scene.line(&[(axis.from, bottom), (axis.to, bottom)], AXIS, 1.2);
    scene.text(
        (f64::midpoint(axis.from, axis.to), bottom + 48.0),
        shows,
        LABEL,
        Align::Center,
        MUTED,
    );
}

/// The line above a row that is not the first.
pub(crate) fn separator(scene: &mut Scene, top: f64) {
    scene.line(&[(MARGIN, top), (WIDTH - MARGIN, top)], GRID, 1.0);
}

/// Name of a row around height `middle`, cut to fit left of the axis, and a note under it.
pub(crate) fn name(scene: &mut Scene, axis: &Axis, middle: f64, name: &str, note: String) {
    let name = font::fit(name, LABEL, Weight::SemiBold, axis.from - MARGIN - 14.0);
    scene.bold((MARGIN, middle - 1.0), name, LABEL, Align::Left, TEXT);
    scene.text((MARGIN, middle + 15.0), note, SMALL, Align::Left, MUTED);
}
