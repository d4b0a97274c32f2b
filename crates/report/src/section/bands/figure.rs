//! The loss of one config over its seeds: every curve, the band, the median, the range, and how many seeds diverged. The figure of "The
//! Learning Rate Finder Technique: How Reliable Is It?", drawn better.

use crate::draw::axis;
use crate::draw::font::{self, Weight};
use crate::draw::panel::{Frame, Panel};
use crate::draw::scene::{Align, Scene};
use crate::draw::theme::{AXIS, BAND_ALPHA, CONSENSUS, CURVE, LABEL, MUTED, SMALL, TEXT, TITLE, WIDTH};
use crate::format;
use crate::section::bands::range_mark;
use crate::section::divergence_risk::strip;
use seedband_core::summary::{ConfigSummary, Estimate, Summary};

const HEIGHT: f64 = 588.0;
const FRAME: Frame = Frame {
    left: 86.0,
    top: 92.0,
    right: 846.0,
    bottom: 442.0,
};
const STRIP: [f64; 2] = [458.0, 514.0];
const SEED_INK: f64 = 0.28;

/// The figure.
pub(crate) fn scene(summary: &Summary, config: &ConfigSummary) -> Scene {
    let mut scene = Scene::new(WIDTH, HEIGHT, title(config), description(summary, config));
    let panel = Panel::new([config], FRAME);
    header(&mut scene, summary, config);
    consensus(&mut scene, &panel, config);
    panel.grid(&mut scene, None);
    for seed in &config.seeds {
        for piece in panel.curve(&config.lrs, &seed.smoothed) {
            scene.line(&piece, CURVE.tint(SEED_INK), 0.9);
        }
    }
    panel.draw_band(&mut scene, config, CURVE, BAND_ALPHA);
    for piece in panel.curve(&config.lrs, &config.smoothed.median) {
        scene.line(&piece, CURVE, 2.6);
    }
    let nothing = match config.seeds.as_slice() {
        [] => Some("no seed has finished yet"),
        seeds
            if seeds
                .iter()
                .all(|seed| panel.curve(&config.lrs, &seed.smoothed).is_empty()) =>
        {
            Some("no curve to show")
        }
        _ => None,
    };
    if let Some(nothing) = nothing {
        let middle = (
            f64::midpoint(FRAME.left, FRAME.right),
            f64::midpoint(FRAME.top, FRAME.bottom),
        );
        scene.text(middle, nothing, TITLE, Align::Center, MUTED);
    }
    range_mark::range(&mut scene, &panel, config);
    strip::draw(&mut scene, &panel, config, STRIP[0], STRIP[1]);
    columns(&mut scene, &panel, config);
    scene
}

fn title(config: &ConfigSummary) -> String {
    format!(
        "Loss by learning rate over {} of {}",
        format::count(config.smoothed.n, "seed"),
        config.name
    )
}

fn description(summary: &Summary, config: &ConfigSummary) -> String {
    let end = |name: &str, estimate: Option<Estimate>| match estimate {
        Some(estimate) => format!(
            "{name}: median {}, {} quantiles {}.",
            format::lr(estimate.median),
            format::percent_range(summary.quantiles),
            format::lr_range(estimate.lower, estimate.upper)
        ),
        None => format!("{name}: none."),
    };
    format!(
        "Smoothed training loss against learning rate: each seed, the median and the {} band. {} {} {} of {} diverged.",
        format::percent_range(summary.quantiles),
        end("Min LR", config.min_lr.estimate),
        end("Max LR", config.max_lr.estimate),
        config.counts.diverged,
        format::count(config.counts.finished, "seed"),
    )
}

fn header(scene: &mut Scene, summary: &Summary, config: &ConfigSummary) {
    let key_left = key(scene, summary);
    let name = font::fit(&config.name, TITLE, Weight::SemiBold, key_left - 48.0);
    scene.bold((24.0, 36.0), name, TITLE, Align::Left, TEXT);
    let seeds = if config.smoothed.n == config.counts.wanted {
        format::count(config.smoothed.n, "seed")
    } else {
        format!(
            "{} of {}",
            config.smoothed.n,
            format::count(config.counts.wanted, "seed")
        )
    };
    scene.text(
        (24.0, 58.0),
        format!("{seeds}, {} diverged", config.counts.diverged),
        LABEL,
        Align::Left,
        MUTED,
    );
    scene.text(
        (FRAME.left, FRAME.top - 8.0),
        "smoothed loss",
        SMALL,
        Align::Left,
        MUTED,
    );
}

/// What the lines mean, in the upper right corner. Gives the left end of the key.
fn key(scene: &mut Scene, summary: &Summary) -> f64 {
    let quantiles = format::percent_range(summary.quantiles);
    let entries = [
        "one seed".to_owned(),
        format!("median, {quantiles}"),
        format!("range, {quantiles}"),
    ];
    let y = 31.0;
    let mut x = WIDTH - 24.0;
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

/// Learning rates that hold for enough seeds, shaded over the whole height.
fn consensus(scene: &mut Scene, panel: &Panel, config: &ConfigSummary) {
    let (Some(min), Some(max)) = (config.consensus.min_lr, config.consensus.max_lr) else {
        return;
    };
    let (left, right) = (panel.x.at(min), panel.x.at(max));
    scene.rect((left, FRAME.top), (right, FRAME.bottom), CONSENSUS.alpha(0.1));
    for x in [left, right] {
        scene.dashed(
            &[(x, FRAME.top), (x, FRAME.bottom)],
            &[4.0, 3.0],
            CONSENSUS.tint(0.7),
            1.0,
        );
    }
    let label = format!(
        "holds for {} of seeds: {}",
        format::percent(config.consensus.share),
        format::lr_range(min, max)
    );
    let half = font::width(&label, SMALL, Weight::SemiBold) / 2.0;
    let x = f64::midpoint(left, right).clamp(FRAME.left + 110.0 + half, FRAME.right - half);
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
    let shows = axis::shows([config]);
    scene.text((middle, STRIP[1] + 48.0), shows, LABEL, Align::Center, MUTED);
}
