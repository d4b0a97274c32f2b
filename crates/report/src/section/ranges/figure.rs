//! The ranges of all configs, a row each: every seed's range, the medians of min LR and max LR with their quantiles,
//! and the learning rates in the ranges of most seeds.

use super::words;
use crate::draw::axis::Axis;
use crate::draw::color::Color;
use crate::draw::font::{self, Weight};
use crate::draw::scene::{Align, Point, Scene};
use crate::draw::theme::{CONSENSUS, CURVE, MARGIN, MUTED, RANGE, SMALL, WHITE, WIDTH};
use crate::draw::{legend, rows};
use crate::format;
use crate::section::loss_plot;
use seedband_core::summary::{Bound, ConfigSummary, Estimate, SeedSummary, Summary};

/// More rows than this make no figure; the tables have them all.
const MOST_ROWS: usize = 120;
const TOP: f64 = 84.0;
/// Height of a row that has room for the values of its medians.
const LABELLED_ROW: f64 = 104.0;

/// The figure; none without a config.
pub(crate) fn scene(summary: &Summary) -> Option<Scene> {
    let shown = &summary.configs[..summary.configs.len().min(MOST_ROWS)];
    if shown.is_empty() {
        return None;
    }
    let row = match shown.len() {
        1..=4 => LABELLED_ROW,
        5..=12 => 66.0,
        _ => 40.0,
    };
    let left = rows::left(shown.iter().map(|config| &config.name), 90.0, 230.0);
    let bottom = TOP + row * shown.len() as f64;
    let title = format!(
        "Suggested ranges of {}",
        format::count(summary.configs.len() as u32, "config")
    );
    let description = shown.iter().map(words::headline).collect::<Vec<_>>().join(" ");
    let mut scene = Scene::new(WIDTH, bottom + 66.0, title, description);
    header(&mut scene, summary, shown.len());
    let axis = Axis::rates(shown.iter().flat_map(rates), left, WIDTH - MARGIN - 12.0);
    rows::grid(&mut scene, &axis, TOP, bottom, loss_plot::axis_title(shown));
    for (index, config) in shown.iter().enumerate() {
        let top = TOP + row * index as f64;
        if index > 0 {
            rows::separator(&mut scene, top);
        }
        draw_row(&mut scene, &axis, config, top, row);
    }
    Some(scene)
}

fn rates(config: &ConfigSummary) -> impl Iterator<Item = f64> {
    let spreads = [config.min_lr.estimate, config.max_lr.estimate];
    let quantiles = spreads
        .into_iter()
        .flatten()
        .flat_map(|estimate| [estimate.lower, estimate.upper]);
    let seeds = config
        .seeds
        .iter()
        .flat_map(|seed| [seed.min_lr.lr(), seed.max_lr.lr()])
        .flatten();
    quantiles.chain(seeds)
}

fn header(scene: &mut Scene, summary: &Summary, shown: usize) {
    let mut subtitle = format!(
        "thin: each seed; bars: median and {} of both ends",
        format::percent_range(summary.quantiles)
    );
    if summary.configs.iter().any(|config| words::shared(config).is_some()) {
        subtitle = format!("{subtitle}; shaded: in the ranges of most seeds");
    }
    let has_bounds = |seed: &SeedSummary| seed.min_lr_bound.is_some() || seed.max_lr_bound.is_some();
    if summary.configs.iter().any(|config| config.seeds.iter().any(has_bounds)) {
        subtitle = format!("{subtitle}; arrow: cut off");
    }
    if shown < summary.configs.len() {
        subtitle = format!("first {shown} of {} configs; {subtitle}", summary.configs.len());
    }
    legend::header(scene, "Suggested ranges", &subtitle);
}

fn draw_row(scene: &mut Scene, axis: &Axis, config: &ConfigSummary, top: f64, height: f64) {
    let middle = top + height / 2.0;
    let seeds = format::count(config.smoothed.n, "seed");
    rows::name(scene, axis, middle, &config.name, seeds);
    if let Some(range) = words::shared(config) {
        let corners = [
            (axis.at(range.min_lr), top + 3.0),
            (axis.at(range.max_lr), top + height - 3.0),
        ];
        scene.rect(corners[0], corners[1], CONSENSUS.alpha(0.16));
    }
    if rates(config).next().is_none() {
        let at = (f64::midpoint(axis.from, axis.to), middle + 4.0);
        scene.text(at, "no seed gave a range", SMALL, Align::Center, MUTED);
        return;
    }
    let labelled = height >= LABELLED_ROW;
    let lane = top + height - if labelled { 33.0 } else { 10.0 };
    draw_seeds(scene, axis, &config.seeds, top + 6.0, lane - 10.0);
    for estimate in [config.min_lr.estimate, config.max_lr.estimate].into_iter().flatten() {
        draw_bar(scene, axis, estimate, lane, labelled);
    }
}

/// A median with its quantiles at height `y`, and its value below.
fn draw_bar(scene: &mut Scene, axis: &Axis, estimate: Estimate, y: f64, labelled: bool) {
    let [left, x, right] = [estimate.lower, estimate.median, estimate.upper].map(|lr| axis.at(lr));
    scene.line(&[(left, y), (right, y)], RANGE, 3.0);
    for (x, bound) in [(left, estimate.bounds.lower), (right, estimate.bounds.upper)] {
        if let Some(bound) = bound {
            arrow(scene, (x, y), bound, 5.0, RANGE);
        }
    }
    scene.disc((x, y), 6.5, WHITE);
    scene.disc((x, y), 5.0, RANGE);
    if labelled {
        let label = format::bounded(format::lr(estimate.median), estimate.bounds.median);
        let half = font::width(&label, SMALL, Weight::SemiBold) / 2.0;
        let at = x.clamp(axis.from + half, axis.to - half);
        scene.bold((at, y + 21.0), label, SMALL, Align::Center, RANGE.shade());
    }
}

/// One thin line a seed from its min LR to its max LR, sorted by the min LR, so that ranges can be told apart. An end
/// that the schedule cut off is an arrow.
fn draw_seeds(scene: &mut Scene, axis: &Axis, seeds: &[SeedSummary], top: f64, bottom: f64) {
    let mut sorted: Vec<&SeedSummary> = seeds.iter().collect();
    sorted.sort_by(|a, b| {
        let key = |seed: &SeedSummary| seed.min_lr.lr().or(seed.max_lr.lr()).unwrap_or(f64::INFINITY);
        key(a).total_cmp(&key(b))
    });
    let step = (bottom - top) / sorted.len().max(1) as f64;
    let width = (step * 0.45).clamp(0.5, 1.2);
    for (index, seed) in sorted.into_iter().enumerate() {
        let y = top + step * (index as f64 + 0.5);
        if let (Some(min), Some(max)) = (seed.min_lr.lr(), seed.max_lr.lr()) {
            scene.line(&[(axis.at(min), y), (axis.at(max), y)], CURVE.tint(0.42), width);
        }
        for (answer, bound) in [(seed.min_lr, seed.min_lr_bound), (seed.max_lr, seed.max_lr_bound)] {
            let Some(lr) = answer.lr() else {
                continue;
            };
            match bound {
                None => scene.disc((axis.at(lr), y), width.max(0.9) + 0.5, CURVE.tint(0.75)),
                Some(bound) => arrow(scene, (axis.at(lr), y), bound, width.max(0.9) + 1.6, CURVE),
            }
        }
    }
}

/// The head of an arrow in the direction in which the value lies.
fn arrow(scene: &mut Scene, (x, y): Point, bound: Bound, size: f64, color: Color) {
    let tip = match bound {
        Bound::AtLeast => x + 1.8 * size,
        Bound::AtMost => x - 1.8 * size,
    };
    scene.polygon(vec![(x, y - size), (tip, y), (x, y + size)], color);
}
