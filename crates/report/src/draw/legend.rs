//! What stands above a plot: a title, a line below it, and what its lines are.

use super::font::{self, Weight};
use super::scene::{Align, Scene};
use super::theme::{LABEL, LineStyle, MARGIN, MUTED, TEXT, TITLE, WIDTH};

/// From one line of the legend to the next.
pub(crate) const LINE: f64 = 20.0;
/// Middle of the first line of the legend.
const FIRST: f64 = 82.0;
/// Length of the sample of a line.
const SAMPLE: f64 = 44.0;
/// Where the text of a legend begins.
const TEXT_AT: f64 = MARGIN + SAMPLE + 10.0;

/// A title and a subtitle at the upper left, cut where the figure is too narrow for them.
pub(crate) fn header(scene: &mut Scene, title: &str, subtitle: &str) {
    let room = WIDTH - 2.0 * MARGIN;
    let title = font::fit(title, TITLE, Weight::SemiBold, room);
    scene.bold((MARGIN, 36.0), title, TITLE, Align::Left, TEXT);
    let subtitle = font::fit(subtitle, LABEL, Weight::Regular, room);
    scene.text((MARGIN, 58.0), subtitle, LABEL, Align::Left, MUTED);
}

/// Upper edge of a plot below a header and a legend of so many lines, with room for what the plot shows.
pub(crate) fn plot_below(lines: usize) -> f64 {
    78.0 + lines as f64 * LINE + 26.0
}

/// The line at `index` of a legend: how it is drawn, `width` wide, and what it is; behind it, how its band covers the
/// plot.
pub(crate) fn line(scene: &mut Scene, index: usize, style: LineStyle, width: f64, band: Option<f64>, text: &str) {
    let y = FIRST + index as f64 * LINE;
    if let Some(alpha) = band {
        let corners = [(MARGIN, y - 7.0), (MARGIN + SAMPLE, y + 7.0)];
        scene.rect(corners[0], corners[1], style.color.alpha(alpha));
    }
    scene.dashed(&[(MARGIN, y), (MARGIN + SAMPLE, y)], style.dash, style.color, width);
    let text = font::fit(text, LABEL, Weight::Regular, WIDTH - MARGIN - TEXT_AT);
    scene.text((TEXT_AT, y + LABEL * 0.36), text, LABEL, Align::Left, TEXT);
}
