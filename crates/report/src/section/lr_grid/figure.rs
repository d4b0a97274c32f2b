//! Trainings at each learning rate of a grid, and where suggestions lie on it: best validation loss above, a row for
//! each way to choose below.

use super::{row, words};
use crate::draw::axis::Axis;
use crate::draw::font::{self, Weight};
use crate::draw::limits::Limits;
use crate::draw::panel::{Frame, Panel};
use crate::draw::scene::{Align, Scene};
use crate::draw::theme::{BACKGROUND, BAND_ALPHA, CONSENSUS, MARGIN, MUTED, SMALL, VALIDATION, WHITE, WIDTH};
use crate::draw::{legend, rows};
use crate::format;
use seedband_core::summary::{ConfigSummary, LrGridSummary, Regret, Summary};

/// More rows than this make no figure; the tables have them all.
const MOST_ROWS: usize = 60;
const TOP: f64 = 106.0;
/// Height of the plot.
const PLOT: f64 = 230.0;
/// From the plot to the first row.
const GAP: f64 = 36.0;
const ROW: f64 = 40.0;
/// Room for the numbers at the right.
const NUMBERS: f64 = 168.0;
const SEED_TINT: f64 = 0.3;
/// How far beyond the grid the axis goes for suggestions outside, in decades.
const BEYOND: f64 = 1.0;

/// The figure; none where no seed has a loss at every learning rate.
pub(crate) fn scene(summary: &Summary, config: &ConfigSummary, grid: &LrGridSummary) -> Option<Scene> {
    if grid.seeds.is_empty() {
        return None;
    }
    let shown = &grid.regrets[..grid.regrets.len().min(MOST_ROWS)];
    let left = rows::left(shown.iter().map(|regret| &regret.rule), 150.0, 210.0);
    let frame = Frame {
        left,
        top: TOP,
        right: WIDTH - MARGIN - NUMBERS,
        bottom: TOP + PLOT,
    };
    let (first, bottom) = (frame.bottom + GAP, frame.bottom + GAP + ROW * shown.len() as f64);
    let title = format!("Best validation loss by learning rate of {}", config.name);
    let mut scene = Scene::new(WIDTH, bottom + 66.0, title, words::finding(grid));
    legend::header(&mut scene, &config.name, &subtitle(summary, grid));
    let axis = axis(grid, shown, frame);
    outside(&mut scene, &axis, grid, [frame.top, bottom]);
    rows::grid(&mut scene, &axis, first, bottom, "learning rate");
    let panel = Panel::new(axis, Limits::around_minimum(&grid.best_loss), frame);
    panel.grid(&mut scene, None);
    best(&mut scene, &axis, grid, [frame.top, first, bottom]);
    losses(&mut scene, &panel, grid);
    panel.y_title(&mut scene, 10.0, "best validation loss");
    if !shown.is_empty() {
        let head = "regret, nats";
        scene.text((WIDTH - MARGIN, first - 10.0), head, SMALL, Align::Right, MUTED);
    }
    for (index, regret) in shown.iter().enumerate() {
        let top = first + ROW * index as f64;
        rows::separator(&mut scene, top);
        row::draw(&mut scene, &axis, regret, top + ROW / 2.0);
    }
    Some(scene)
}

fn subtitle(summary: &Summary, grid: &LrGridSummary) -> String {
    format!(
        "{}: {} at each of {} learning rates; thin: each seed, thick: median, bars and band: {}",
        words::schedule(grid),
        format::count(grid.seeds.len() as u32, "seed"),
        grid.lrs.len(),
        format::percent_range(summary.quantiles)
    )
}

/// The grid, and suggestions outside it as far as [`BEYOND`].
fn axis(grid: &LrGridSummary, shown: &[Regret], frame: Frame) -> Axis {
    let trained = Axis::rates(grid.lrs.iter().copied(), frame.left, frame.right);
    let far = 10f64.powf(BEYOND);
    let suggestions = shown
        .iter()
        .filter_map(|regret| regret.suggestion)
        .flat_map(|of| [of.lower, of.median, of.upper])
        .filter(|lr| lr.is_finite())
        .map(|lr| lr.clamp(trained.low / far, trained.high * far));
    let all = [trained.low, trained.high].into_iter().chain(suggestions);
    Axis::rates(all, frame.left, frame.right)
}

/// Grey where nothing was trained.
fn outside(scene: &mut Scene, axis: &Axis, grid: &LrGridSummary, [top, bottom]: [f64; 2]) {
    let (Some(least), Some(most)) = (grid.lrs.first(), grid.lrs.last()) else {
        return;
    };
    for (from, to) in [(axis.from, axis.at(*least)), (axis.at(*most), axis.to)] {
        if to - from > 0.5 {
            scene.rect((from, top), (to, bottom), BACKGROUND);
        }
    }
}

/// The median of the seeds' best learning rates, through plot and rows; named between them.
fn best(scene: &mut Scene, axis: &Axis, grid: &LrGridSummary, [top, first, bottom]: [f64; 3]) {
    let Some(best) = grid.best_lr else { return };
    let x = axis.at(best.median);
    scene.dashed(&[(x, top), (x, bottom)], &[4.0, 3.0], CONSENSUS, 1.2);
    let label = format!("best {}", format::lr(best.median));
    let half = font::width(&label, SMALL, Weight::SemiBold) / 2.0 + 4.0;
    scene.rect((x - half, first - 23.0), (x + half, first - 5.0), WHITE);
    scene.bold((x, first - 10.0), label, SMALL, Align::Center, CONSENSUS.shade());
}

fn losses(scene: &mut Scene, panel: &Panel, grid: &LrGridSummary) {
    for seed in &grid.seeds {
        panel.draw_curve(scene, &grid.lrs, &seed.best_loss, VALIDATION.tint(SEED_TINT), 0.9);
    }
    panel.draw_band(scene, &grid.lrs, &grid.best_loss, VALIDATION, BAND_ALPHA);
    panel.draw_curve(scene, &grid.lrs, &grid.best_loss.median, VALIDATION, 2.2);
    for (lr, loss) in grid.lrs.iter().zip(&grid.best_loss.median) {
        if (0.0..=1.0).contains(&panel.y.share(*loss)) {
            scene.disc((panel.x.at(*lr), panel.y.at(*loss)), 3.4, VALIDATION);
        }
    }
}
