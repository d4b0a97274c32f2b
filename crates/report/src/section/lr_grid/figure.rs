//! Trainings at each learning rate of a grid, and where suggestions lie on it: best validation loss above, a row for each way to choose below.

use crate::draw::axis::Axis;
use crate::draw::font::{self, Weight};
use crate::draw::panel::{Frame, Panel};
use crate::draw::rows::{self, MARGIN};
use crate::draw::scene::{Align, Scene};
use crate::draw::theme::{
    AXIS, BACKGROUND, BAND_ALPHA, CONSENSUS, LABEL, MUTED, RANGE, SMALL, TEXT, TITLE, VALIDATION, WHITE, WIDTH,
};
use crate::format;
use crate::section::lr_grid;
use seedband_core::summary::{Calibration, ConfigSummary, Estimate, Quantiles, Regret, Summary};

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
const SEED_INK: f64 = 0.3;
/// How far beyond the grid the axis goes for suggestions outside, in decades.
const BEYOND: f64 = 1.0;

/// The figure; none where no seed has a loss at every learning rate.
pub(crate) fn scene(summary: &Summary, config: &ConfigSummary, calibration: &Calibration) -> Option<Scene> {
    if calibration.seeds.is_empty() {
        return None;
    }
    let shown = &calibration.regrets[..calibration.regrets.len().min(MOST_ROWS)];
    let left = rows::left(shown.iter().map(|regret| &regret.rule), 150.0, 210.0);
    let frame = Frame {
        left,
        top: TOP,
        right: WIDTH - MARGIN - NUMBERS,
        bottom: TOP + PLOT,
    };
    let (first, bottom) = (frame.bottom + GAP, frame.bottom + GAP + ROW * shown.len() as f64);
    let title = format!("Best validation loss by learning rate of {}", config.name);
    let mut scene = Scene::new(WIDTH, bottom + 66.0, title, lr_grid::finding(calibration));
    header(&mut scene, summary, config, calibration);
    let axis = axis(calibration, shown, frame);
    outside(&mut scene, &axis, calibration, [frame.top, bottom]);
    rows::grid(&mut scene, &axis, first, bottom, "learning rate");
    let panel = Panel::valley(axis, &calibration.best_loss, frame);
    panel.grid(&mut scene, None);
    best(&mut scene, &axis, calibration, [frame.top, first, bottom]);
    losses(&mut scene, &panel, calibration);
    scene.text((left, TOP - 10.0), "best validation loss", SMALL, Align::Left, MUTED);
    if !shown.is_empty() {
        let head = "regret, nats";
        scene.text((WIDTH - MARGIN, first - 10.0), head, SMALL, Align::Right, MUTED);
    }
    for (index, regret) in shown.iter().enumerate() {
        let top = first + ROW * index as f64;
        rows::separator(&mut scene, top);
        row(&mut scene, &axis, regret, top + ROW / 2.0);
    }
    Some(scene)
}

fn header(scene: &mut Scene, summary: &Summary, config: &ConfigSummary, calibration: &Calibration) {
    let name = font::fit(&config.name, TITLE, Weight::SemiBold, WIDTH - 2.0 * MARGIN);
    scene.bold((MARGIN, 36.0), name, TITLE, Align::Left, TEXT);
    let subtitle = format!(
        "{}: {} at each of {} learning rates; thin: each seed, thick: median, bars and band: {}",
        crate::section::lr_grid::manner(calibration),
        format::count(calibration.seeds.len() as u32, "seed"),
        calibration.lrs.len(),
        format::percent_range(summary.quantiles)
    );
    let subtitle = font::fit(&subtitle, LABEL, Weight::Regular, WIDTH - 2.0 * MARGIN);
    scene.text((MARGIN, 58.0), subtitle, LABEL, Align::Left, MUTED);
}

/// The grid, and suggestions outside it as far as [`BEYOND`].
fn axis(calibration: &Calibration, shown: &[Regret], frame: Frame) -> Axis {
    let grid = Axis::rates(calibration.lrs.iter().copied(), frame.left, frame.right);
    let far = 10f64.powf(BEYOND);
    let suggestions = shown
        .iter()
        .filter_map(|regret| regret.suggestion)
        .flat_map(|of| [of.lower, of.median, of.upper])
        .filter(|lr| lr.is_finite())
        .map(|lr| lr.clamp(grid.low / far, grid.high * far));
    Axis::rates(
        [grid.low, grid.high].into_iter().chain(suggestions),
        frame.left,
        frame.right,
    )
}

/// Grey where nothing was trained.
fn outside(scene: &mut Scene, axis: &Axis, calibration: &Calibration, [top, bottom]: [f64; 2]) {
    let (Some(least), Some(most)) = (calibration.lrs.first(), calibration.lrs.last()) else {
        return;
    };
    for (from, to) in [(axis.from, axis.at(*least)), (axis.at(*most), axis.to)] {
        if to - from > 0.5 {
            scene.rect((from, top), (to, bottom), BACKGROUND);
        }
    }
}

/// The median of the seeds' best learning rates, through plot and rows; named between them.
fn best(scene: &mut Scene, axis: &Axis, calibration: &Calibration, [top, first, bottom]: [f64; 3]) {
    let Some(best) = calibration.best_lr else { return };
    let x = axis.at(best.median);
    scene.dashed(&[(x, top), (x, bottom)], &[4.0, 3.0], CONSENSUS, 1.2);
    let label = format!("best {}", format::lr(best.median));
    let half = font::width(&label, SMALL, Weight::SemiBold) / 2.0 + 4.0;
    scene.rect((x - half, first - 23.0), (x + half, first - 5.0), WHITE);
    scene.bold((x, first - 10.0), label, SMALL, Align::Center, CONSENSUS.shade());
}

fn losses(scene: &mut Scene, panel: &Panel, calibration: &Calibration) {
    for seed in &calibration.seeds {
        for piece in panel.curve(&calibration.lrs, &seed.best_loss) {
            scene.line(&piece, VALIDATION.tint(SEED_INK), 0.9);
        }
    }
    panel.draw_band_of(scene, &calibration.lrs, &calibration.best_loss, VALIDATION, BAND_ALPHA);
    for piece in panel.curve(&calibration.lrs, &calibration.best_loss.median) {
        scene.line(&piece, VALIDATION, 2.2);
    }
    for (lr, loss) in calibration.lrs.iter().zip(&calibration.best_loss.median) {
        if (0.0..=1.0).contains(&panel.y.share(*loss)) {
            scene.disc((panel.x.at(*lr), panel.y.at(*loss)), 3.4, VALIDATION);
        }
    }
}

fn row(scene: &mut Scene, axis: &Axis, regret: &Regret, middle: f64) {
    rows::name(scene, axis, middle, &regret.rule, lr_grid::note(regret));
    let counts = lr_grid::counts(regret);
    if let Some(suggestion) = regret.suggestion {
        suggested(scene, axis, suggestion, counts, middle);
    }
    let right = WIDTH - MARGIN;
    let Some(Quantiles { median, lower, upper }) = regret.regret else {
        scene.text((right, middle + 5.0), "unknown", LABEL, Align::Right, MUTED);
        return;
    };
    let range = format!("({} – {})", format::loss(lower), format::loss(upper));
    let width = font::width(&range, SMALL, Weight::Regular);
    scene.text((right, middle + 5.0), range, SMALL, Align::Right, MUTED);
    // What stands for few seeds only must not look like a result.
    let (value, at) = (format::loss(median), (right - width - 8.0, middle + 5.0));
    if counts {
        scene.bold(at, value, LABEL, Align::Right, TEXT);
    } else {
        scene.text(at, value, LABEL, Align::Right, MUTED);
    }
}

/// Median and quantiles of the suggestions; grey where most have no regret, an arrowhead at the edge for a median that lies further out.
fn suggested(scene: &mut Scene, axis: &Axis, suggestion: Estimate, counts: bool, middle: f64) {
    let ink = if counts { RANGE } else { AXIS };
    let [left, x, right] = [suggestion.lower, suggestion.median, suggestion.upper].map(|lr| axis.at(lr));
    scene.line(&[(left, middle), (right, middle)], ink, 3.0);
    let beyond = match axis.share(suggestion.median) {
        share if share < -1e-9 => 1.0,
        share if share > 1.0 + 1e-9 => -1.0,
        _ => {
            scene.disc((x, middle), 6.0, WHITE);
            scene.disc((x, middle), 4.6, ink);
            return;
        }
    };
    let tip = vec![
        (x, middle),
        (x + 9.0 * beyond, middle - 5.5),
        (x + 9.0 * beyond, middle + 5.5),
    ];
    scene.polygon(tip, ink);
    let align = if beyond > 0.0 { Align::Left } else { Align::Right };
    let value = format::lr(suggestion.median);
    scene.text((x + 4.0 * beyond, middle - 8.0), value, SMALL, align, MUTED);
}
