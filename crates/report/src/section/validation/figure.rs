//! What the smoothing hides: training loss as recorded, validation loss and smoothed training loss of one config, on the same axes.

use crate::draw::axis;
use crate::draw::font::{self, Weight};
use crate::draw::panel::{Frame, Panel};
use crate::draw::rows::MARGIN;
use crate::draw::scene::{Align, Scene};
use crate::draw::theme::{BAND_ALPHA, CURVE, Ink, LABEL, MUTED, RANGE, SMALL, TEXT, TITLE, VALIDATION, WHITE, WIDTH};
use crate::format;
use crate::section::verdict;
use seedband_core::summary::{Band, ConfigSummary, Quantiles, Summary, ValidationSummary};

const LEFT: f64 = 76.0;
const TOP: f64 = 106.0;
/// Height of one plot.
const PLOT: f64 = 158.0;
/// From the upper edge of one plot to that of the next.
const ROW: f64 = PLOT + 40.0;
const HEIGHT: f64 = TOP + 2.0 * ROW + PLOT + 62.0;
const SEED_INK: f64 = 0.28;

/// One loss in its plot.
struct Layer<'a> {
    name: String,
    /// How far it jumps beside the smoothed loss.
    jumps: Option<Quantiles>,
    lrs: &'a [f64],
    band: &'a Band,
    seeds: Vec<&'a [f64]>,
    ink: Ink,
}

/// The figure; none without a validation.
pub(crate) fn scene(summary: &Summary, config: &ConfigSummary) -> Option<Scene> {
    let validation = config.validation.as_ref()?;
    let lrs = measured_rates(config, validation);
    let layers = layers(config, validation, &lrs);
    let title = format!(
        "Raw, validation and smoothed loss over {} of {}",
        format::count(config.raw.n, "seed"),
        config.name
    );
    let mut scene = Scene::new(WIDTH, HEIGHT, title, verdict::losses(summary, config));
    header(&mut scene, summary, config);
    for (index, layer) in layers.iter().enumerate() {
        let top = TOP + ROW * index as f64;
        let frame = Frame {
            left: LEFT,
            top,
            right: WIDTH - MARGIN,
            bottom: top + PLOT,
        };
        // All plots have the limits of one, so that equal heights are equal losses.
        let panel = Panel::fit(config.lrs.iter().copied(), layers.iter().map(|layer| layer.band), frame);
        let last = index + 1 == layers.len();
        panel.grid(&mut scene, last.then_some(frame.bottom));
        draw(&mut scene, &panel, layer);
        ends(&mut scene, &panel, config, index == 0);
        caption(&mut scene, frame, layer);
    }
    let middle = f64::midpoint(LEFT, WIDTH - MARGIN);
    let shows = axis::shows([config]);
    scene.text((middle, HEIGHT - 16.0), shows, LABEL, Align::Center, MUTED);
    Some(scene)
}

/// The learning rates of the steps after which there was a validation.
fn measured_rates(config: &ConfigSummary, validation: &ValidationSummary) -> Vec<f64> {
    let rate = |step: &u32| config.lrs.get(*step as usize).copied().unwrap_or(f64::NAN);
    validation.steps.iter().map(rate).collect()
}

fn layers<'a>(config: &'a ConfigSummary, validation: &'a ValidationSummary, lrs: &'a [f64]) -> [Layer<'a>; 3] {
    let jitter = validation.jitter.as_ref();
    [
        Layer {
            name: "training loss of each batch".into(),
            jumps: jitter.map(|jitter| jitter.raw),
            lrs: &config.lrs,
            band: &config.raw,
            seeds: validation.seeds.iter().map(|seed| &seed.raw[..]).collect(),
            ink: CURVE,
        },
        Layer {
            name: "validation loss".into(),
            jumps: jitter.map(|jitter| jitter.validation),
            lrs,
            band: &validation.loss,
            seeds: validation.seeds.iter().map(|seed| &seed.validation[..]).collect(),
            ink: VALIDATION,
        },
        Layer {
            name: "smoothed training loss".into(),
            jumps: None,
            lrs: &config.lrs,
            band: &config.smoothed,
            seeds: config.seeds.iter().map(|seed| &seed.smoothed[..]).collect(),
            ink: CURVE,
        },
    ]
}

fn header(scene: &mut Scene, summary: &Summary, config: &ConfigSummary) {
    let name = font::fit(&config.name, TITLE, Weight::SemiBold, WIDTH - 2.0 * MARGIN);
    scene.bold((MARGIN, 36.0), name, TITLE, Align::Left, TEXT);
    let subtitle = format!(
        "three losses of the same {} on one scale; thin: each seed, thick: median, band: {}; dashed: median range",
        format::count(config.raw.n, "seed"),
        format::percent_range(summary.quantiles)
    );
    let subtitle = font::fit(&subtitle, LABEL, Weight::Regular, WIDTH - 2.0 * MARGIN);
    scene.text((MARGIN, 58.0), subtitle, LABEL, Align::Left, MUTED);
}

fn draw(scene: &mut Scene, panel: &Panel, layer: &Layer) {
    for seed in &layer.seeds {
        for piece in panel.curve(layer.lrs, seed) {
            scene.line(&piece, layer.ink.tint(SEED_INK), 0.9);
        }
    }
    panel.draw_band_of(scene, layer.lrs, layer.band, layer.ink, BAND_ALPHA);
    for piece in panel.curve(layer.lrs, &layer.band.median) {
        scene.line(&piece, layer.ink, 2.2);
    }
}

/// The median min LR and max LR, through all plots; named in the first.
fn ends(scene: &mut Scene, panel: &Panel, config: &ConfigSummary, named: bool) {
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
fn caption(scene: &mut Scene, frame: Frame, layer: &Layer) {
    let y = frame.top - 9.0;
    scene.bold((frame.left, y), &layer.name, LABEL, Align::Left, layer.ink.shade());
    if let Some(jumps) = layer.jumps {
        let text = format!("jumps {} times as far as the smoothed loss", verdict::multiple(jumps));
        scene.text((frame.right, y), text, SMALL, Align::Right, MUTED);
    }
}
