//! The loss of one config over its seeds: every curve, the band, the median, the range, and how many seeds diverged.
//! The figure of "The Learning Rate Finder Technique: How Reliable Is It?", drawn better.

use super::{key, range_mark, words};
use crate::draw::font::{self, Weight};
use crate::draw::panel::{Frame, Panel};
use crate::draw::scene::{Align, Scene};
use crate::draw::theme::{AXIS, BAND_ALPHA, CONSENSUS, CURVE, LABEL, MARGIN, MUTED, SMALL, TEXT, TITLE, WIDTH};
use crate::format;
use crate::section::answer;
use crate::section::data::ConfigData;
use crate::section::divergence_risk::figure as strip;
use crate::section::loss_plot;
use seedband_core::summary::ConfigSummary;

const HEIGHT: f64 = 588.0;
const FRAME: Frame = Frame {
    left: 86.0,
    top: 92.0,
    right: 846.0,
    bottom: 442.0,
};
const STRIP: [f64; 2] = [458.0, 514.0];
const SEED_TINT: f64 = 0.28;

/// The figure.
pub(crate) fn scene(data: &ConfigData<'_>) -> Scene {
    let (summary, config) = (data.summary, data.config);
    let (title, description) = (words::title(config), words::description(summary, config));
    let mut scene = Scene::new(WIDTH, HEIGHT, title, description);
    let panel = loss_plot::panel([config], FRAME);
    let key_left = key::draw(&mut scene, summary);
    header(&mut scene, config, key_left);
    panel.y_title(&mut scene, 8.0, "smoothed loss");
    suggestion(&mut scene, &panel, config);
    panel.grid(&mut scene, None);
    for (_, curve) in data.smoothed() {
        panel.draw_curve(&mut scene, &config.lrs, curve, CURVE.tint(SEED_TINT), 0.9);
    }
    panel.draw_band(&mut scene, &config.lrs, &config.smoothed, CURVE, BAND_ALPHA);
    panel.draw_curve(&mut scene, &config.lrs, &config.smoothed.median, CURVE, 2.6);
    if let Some(reason) = empty(&panel, data) {
        let (x, y) = (
            f64::midpoint(FRAME.left, FRAME.right),
            f64::midpoint(FRAME.top, FRAME.bottom),
        );
        scene.text((x, y), reason, TITLE, Align::Center, MUTED);
    }
    range_mark::range(&mut scene, &panel, config);
    strip::draw(&mut scene, &panel, config, STRIP[0], STRIP[1]);
    columns(&mut scene, &panel, config);
    scene
}

/// Why no curve is to be seen, where none is.
fn empty(panel: &Panel, data: &ConfigData<'_>) -> Option<&'static str> {
    if data.config.seeds.is_empty() {
        return Some("no seed has finished yet");
    }
    let mut curves = data.smoothed();
    let none = curves.all(|(_, curve)| panel.curve(&data.config.lrs, curve).is_empty());
    none.then_some("no curve to show")
}

/// Name and numbers of seeds, left of the key.
fn header(scene: &mut Scene, config: &ConfigSummary, key_left: f64) {
    let name = font::fit(&config.name, TITLE, Weight::SemiBold, key_left - 2.0 * MARGIN);
    scene.bold((MARGIN, 36.0), name, TITLE, Align::Left, TEXT);
    let all = format::count(config.counts.wanted, "seed");
    let seeds = if config.smoothed.n == config.counts.wanted {
        all
    } else {
        format!("{} of {all}", config.smoothed.n)
    };
    let seeds = format!("{seeds}, {} diverged", config.counts.diverged);
    scene.text((MARGIN, 58.0), seeds, LABEL, Align::Left, MUTED);
}

/// The suggested rate as a line over the whole height, and the range of most seeds shaded around it.
fn suggestion(scene: &mut Scene, panel: &Panel, config: &ConfigSummary) {
    let Some(answer) = &config.answer else {
        return;
    };
    let suggestion = &answer.suggestion;
    if let Some(range) = suggestion.range {
        let (left, right) = (panel.x.at(range.min_lr), panel.x.at(range.max_lr));
        scene.rect((left, FRAME.top), (right, FRAME.bottom), CONSENSUS.alpha(0.1));
    }
    let Some(lr) = suggestion.lr else {
        return;
    };
    let x = panel.x.at(lr);
    scene.dashed(&[(x, FRAME.top), (x, FRAME.bottom)], &[4.0, 3.0], CONSENSUS, 1.4);
    let label = format!(
        "LR {}, {} {} of {}",
        answer::suggested_lr(config).unwrap_or_default(),
        if suggestion.tolerance.is_some() {
            "near the suggestion of"
        } else {
            "in the range of"
        },
        suggestion.support,
        format::count(suggestion.seeds, "seed")
    );
    let half = font::width(&label, SMALL, Weight::SemiBold) / 2.0;
    let x = x.clamp(FRAME.left + 110.0 + half, FRAME.right - half);
    scene.bold((x, FRAME.top - 8.0), label, SMALL, Align::Center, CONSENSUS.shade());
}

/// Ticks and title of the learning rate, below the strip.
fn columns(scene: &mut Scene, panel: &Panel, config: &ConfigSummary) {
    for tick in panel.x.ticks(50.0) {
        let x = panel.x.at(tick.value);
        let length = if tick.label.is_some() { 6.0 } else { 3.0 };
        scene.line(&[(x, STRIP[1]), (x, STRIP[1] + length)], AXIS, 1.0);
        if let Some(label) = tick.label {
            scene.text((x, STRIP[1] + 22.0), label, SMALL, Align::Center, MUTED);
        }
    }
    let middle = f64::midpoint(FRAME.left, FRAME.right);
    let title = loss_plot::axis_title([config]);
    scene.text((middle, STRIP[1] + 48.0), title, LABEL, Align::Center, MUTED);
}
