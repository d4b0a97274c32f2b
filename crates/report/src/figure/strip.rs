//! The strip below a plot: how many seeds had diverged by each learning rate.

use super::panel::Panel;
use super::scene::{Align, Point, Scene};
use crate::theme::{AXIS, BACKGROUND, DIVERGED, MUTED, SMALL};
use seedband_core::curve::End;
use seedband_core::summary::{ConfigSummary, SeedSummary};

/// Draws the strip between two heights, across the panel.
pub(super) fn draw(scene: &mut Scene, panel: &Panel, config: &ConfigSummary, top: f64, bottom: f64) {
    let (left, right) = (panel.x.from, panel.x.to);
    let middle = f64::midpoint(top, bottom) + SMALL * 0.36;
    scene.text((left - 9.0, middle), "diverged", SMALL, Align::Right, MUTED);
    scene.rect((left, top), (right, bottom), BACKGROUND);
    let mut rates: Vec<f64> = config
        .seeds
        .iter()
        .filter_map(|seed| diverged_at(config, seed))
        .collect();
    rates.sort_by(f64::total_cmp);
    let outline = outline(panel, &rates, config.seeds.len(), top, bottom);
    if outline.len() > 2 {
        scene.polygon(outline, DIVERGED.alpha(0.6));
    }
    scene.line(&[(left, bottom), (right, bottom)], AXIS, 1.2);
    if !config.seeds.is_empty() {
        let share = format!("{}/{}", rates.len(), config.seeds.len());
        scene.text((right + 8.0, middle), share, SMALL, Align::Left, MUTED);
    }
}

/// The learning rate at which a seed's stop rule fired or its loss became infinite or NaN.
fn diverged_at(config: &ConfigSummary, seed: &SeedSummary) -> Option<f64> {
    let step = match (seed.stop_step, seed.end) {
        (Some(step), _) => step as usize,
        (None, End::NonFinite) => seed.smoothed.len().saturating_sub(1),
        (None, End::Completed | End::Halted) => return None,
    };
    config.lrs.get(step).copied().filter(|lr| !lr.is_nan())
}

/// A staircase that rises by one seed at each of the ascending `rates`, closed along the bottom; empty without rates.
fn outline(panel: &Panel, rates: &[f64], seeds: usize, top: f64, bottom: f64) -> Vec<Point> {
    let height = |count: usize| bottom - (bottom - top) * (count as f64 / seeds.max(1) as f64).min(1.0);
    // A seed that diverges at the last step is still seen.
    let mut points: Vec<Point> = rates
        .iter()
        .enumerate()
        .map(|(index, &lr)| (index, panel.x.at(lr).min(panel.x.to - 3.0)))
        .flat_map(|(index, x)| [(x, height(index)), (x, height(index + 1))])
        .collect();
    if let Some(&(_, y)) = points.last() {
        points.push((panel.x.to, y));
        points.push((panel.x.to, bottom));
    }
    points
}
