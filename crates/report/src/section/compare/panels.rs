//! Each config in a plot of its own, with the others' medians behind.

use super::figure::{marks, new_scene};
use crate::draw::font::{self, Weight};
use crate::draw::legend;
use crate::draw::panel::{Frame, Panel};
use crate::draw::scene::{Align, Scene};
use crate::draw::theme::{self, GRID, MARGIN, MUTED, SMALL, TEXT, WIDTH};
use crate::format;
use crate::section::loss_plot;
use seedband_core::summary::Summary;

/// More plots than this on one page say nothing.
const MOST: usize = 48;
const LEFT: f64 = 58.0;
const TOP: f64 = 104.0;
/// Between two plots, across and down.
const GAPS: [f64; 2] = [26.0, 58.0];

/// The figure of the first configs.
pub(crate) fn scene(summary: &Summary) -> Scene {
    let shown = summary.configs.len().min(MOST);
    let columns = if shown <= 6 { 3 } else { 4 };
    let width = (WIDTH - LEFT - MARGIN - GAPS[0] * (columns as f64 - 1.0)) / columns as f64;
    let height = width * 0.72;
    let rows = shown.div_ceil(columns) as f64;
    let mut scene = new_scene(summary, TOP + rows * (height + GAPS[1]) + 14.0, MOST);
    let mut subtitle = format!(
        "median, {} band and median min LR and max LR, the other configs' medians in grey; loss by learning rate",
        format::percent_range(summary.quantiles)
    );
    if shown < summary.configs.len() {
        subtitle = format!("first {shown} of {} configs: {subtitle}", summary.configs.len());
    }
    legend::header(&mut scene, &summary.title, &subtitle);
    for index in 0..shown {
        let (column, row) = ((index % columns) as f64, (index / columns) as f64);
        let (x, y) = (LEFT + column * (width + GAPS[0]), TOP + row * (height + GAPS[1]));
        let frame = Frame {
            left: x,
            top: y,
            right: x + width,
            bottom: y + height,
        };
        one(&mut scene, summary, index, frame, column == 0.0);
    }
    scene
}

/// One config in front of the others.
fn one(scene: &mut Scene, summary: &Summary, index: usize, frame: Frame, labels: bool) {
    let panel = loss_plot::panel(&summary.configs, frame);
    let config = &summary.configs[index];
    grid(scene, &panel, labels);
    for other in summary.configs.iter().filter(|other| other.name != config.name) {
        panel.draw_curve(scene, &other.lrs, &other.smoothed.median, MUTED.tint(0.25), 0.8);
    }
    let color = theme::line_style(0).color;
    panel.draw_band(scene, &config.lrs, &config.smoothed, color, theme::BAND_ALPHA);
    panel.draw_curve(scene, &config.lrs, &config.smoothed.median, color, 2.0);
    marks(scene, &panel, config, 1, 3.6);
    let n = format!("n = {}", config.smoothed.n);
    let room = frame.right - frame.left - font::width(&n, SMALL, Weight::Regular) - 8.0;
    let name = font::fit(&config.name, SMALL, Weight::SemiBold, room);
    scene.bold((frame.left, frame.top - 8.0), name, SMALL, Align::Left, TEXT);
    scene.text((frame.right, frame.top - 8.0), n, SMALL, Align::Right, MUTED);
}

/// Fewer and smaller labels than a plot alone has.
fn grid(scene: &mut Scene, panel: &Panel, labels: bool) {
    for tick in panel.y.ticks(38.0) {
        let Some(label) = tick.label else { continue };
        let y = panel.y.at(tick.value);
        scene.line(&[(panel.x.from, y), (panel.x.to, y)], GRID, 1.0);
        if labels {
            scene.text((panel.x.from - 7.0, y + 4.0), label, 11.0, Align::Right, MUTED);
        }
    }
    for tick in panel.x.ticks(42.0) {
        let Some(label) = tick.label else { continue };
        let x = panel.x.at(tick.value);
        scene.line(&[(x, panel.y.from), (x, panel.y.to)], GRID, 1.0);
        scene.text((x, panel.y.from + 16.0), label, 11.0, Align::Center, MUTED);
    }
    let bottom = [(panel.x.from, panel.y.from), (panel.x.to, panel.y.from)];
    scene.line(&bottom, theme::AXIS, 1.0);
}
