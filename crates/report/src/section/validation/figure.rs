//! Training loss as recorded, validation loss and smoothed training loss of one config, on the same axes.

use super::layer::{Layer, layers};
use super::words;
use crate::draw::axis::Axis;
use crate::draw::font::{self, Weight};
use crate::draw::legend;
use crate::draw::limits::Limits;
use crate::draw::panel::{Frame, Panel};
use crate::draw::scene::{Align, Scene};
use crate::draw::theme::{BAND_ALPHA, LABEL, MARGIN, MUTED, RANGE, SMALL, WHITE, WIDTH};
use crate::format;
use crate::section::data::ConfigData;
use crate::section::loss_plot;
use seedband_core::summary::ConfigSummary;

const LEFT: f64 = 76.0;
const TOP: f64 = 106.0;
/// Height of one plot.
const PLOT: f64 = 158.0;
/// From the upper edge of one plot to that of the next.
const ROW: f64 = PLOT + 40.0;
const HEIGHT: f64 = TOP + 2.0 * ROW + PLOT + 62.0;
const SEED_TINT: f64 = 0.28;

/// The figure; none without a validation.
pub(crate) fn scene(data: &ConfigData<'_>) -> Option<Scene> {
    let config = data.config;
    let validation = config.validation.as_ref()?;
    let measured = loss_plot::rates_at(config, &validation.steps);
    let layers = layers(data, validation, &measured);
    let seeds = format::count(config.raw.n, "seed");
    let title = format!("Raw, validation and smoothed loss over {seeds} of {}", config.name);
    let mut scene = Scene::new(WIDTH, HEIGHT, title, words::finding(data.summary, config));
    let subtitle = format!(
        "three losses of the same {seeds} on one scale; thin: each seed, thick: median, band: {}; dashed: median range",
        format::percent_range(data.summary.quantiles)
    );
    legend::header(&mut scene, &config.name, &subtitle);
    // All plots have the limits of one, so that equal heights are equal losses.
    let limits = Limits::of(layers.iter().map(|layer| layer.band));
    let x = Axis::rates(config.lrs.iter().copied(), LEFT, WIDTH - MARGIN);
    for (index, layer) in layers.iter().enumerate() {
        let top = TOP + ROW * index as f64;
        let frame = Frame {
            left: LEFT,
            top,
            right: WIDTH - MARGIN,
            bottom: top + PLOT,
        };
        let panel = Panel::new(x, limits, frame);
        let last = index + 1 == layers.len();
        panel.grid(&mut scene, last.then_some(frame.bottom));
        draw(&mut scene, &panel, layer);
        range(&mut scene, &panel, config, index == 0);
        caption(&mut scene, frame, layer);
    }
    let middle = f64::midpoint(LEFT, WIDTH - MARGIN);
    let shows = loss_plot::axis_title([config]);
    scene.text((middle, HEIGHT - 16.0), shows, LABEL, Align::Center, MUTED);
    Some(scene)
}

fn draw(scene: &mut Scene, panel: &Panel, layer: &Layer<'_>) {
    for seed in &layer.seeds {
        panel.draw_curve(scene, layer.lrs, seed, layer.color.tint(SEED_TINT), 0.9);
    }
    panel.draw_band(scene, layer.lrs, layer.band, layer.color, BAND_ALPHA);
    panel.draw_curve(scene, layer.lrs, &layer.band.median, layer.color, 2.2);
}

/// The median min LR and max LR, through all plots; named in the first.
fn range(scene: &mut Scene, panel: &Panel, config: &ConfigSummary, named: bool) {
    for (name, estimate) in [("min LR", config.min_lr.estimate), ("max LR", config.max_lr.estimate)] {
        let Some(estimate) = estimate else { continue };
        let x = panel.x.at(estimate.median);
        scene.dashed(&[(x, panel.y.from), (x, panel.y.to)], &[4.0, 3.0], RANGE, 1.2);
        if named {
            let label = format!("{name} {}", format::lr(estimate.median));
            let half = font::width(&label, SMALL, Weight::SemiBold) / 2.0 + 4.0;
            let x = x.clamp(panel.x.from + half, panel.x.to - half);
            let y = panel.y.to + 17.0;
            scene.rect((x - half, y - 13.0), (x + half, y + 5.0), WHITE.alpha(0.8));
            scene.bold((x, y), label, SMALL, Align::Center, RANGE.shade());
        }
    }
}

/// The name of the loss above its plot, and how far it jumps.
fn caption(scene: &mut Scene, frame: Frame, layer: &Layer<'_>) {
    let y = frame.top - 9.0;
    scene.bold((frame.left, y), layer.name, LABEL, Align::Left, layer.color.shade());
    if let Some(jumps) = layer.jumps {
        let text = format!("jumps {} times as far as the smoothed loss", format::multiple(jumps));
        scene.text((frame.right, y), text, SMALL, Align::Right, MUTED);
    }
}
