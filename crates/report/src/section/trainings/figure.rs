//! Trainings of one config: smoothed training loss and validation accuracy by step, a line and a band each.

use crate::draw::axis::Axis;
use crate::draw::font::{self, Weight};
use crate::draw::panel::{Frame, Panel};
use crate::draw::rows::MARGIN;
use crate::draw::scene::{Align, Scene};
use crate::draw::theme::{self, LABEL, Look, MUTED, SMALL, TEXT, TITLE, WHITE, WIDTH};
use crate::format;
use crate::section::trainings;
use seedband_core::summary::{Band, ConfigSummary, Summary, TrainingSummary};

/// There are no more looks that can be told apart.
const MOST: usize = 6;
/// With more validations than this a mark for each would hide the line.
const MOST_MARKS: usize = 24;
const LEFT: f64 = 76.0;
/// Height of one plot.
const PLOT: f64 = 230.0;
const GAP: f64 = 44.0;
const BAND: f64 = 0.1;

/// The figure; none without a curve of a training that belongs to no grid.
pub(crate) fn scene(summary: &Summary, config: &ConfigSummary) -> Option<Scene> {
    let mut all = trainings::shown(config);
    all.retain(|training| !training.at.is_empty());
    let shown = &all[..all.len().min(MOST)];
    let last = shown.iter().filter_map(|training| training.at.iter().max()).max()?;
    let top = 78.0 + shown.len() as f64 * 20.0 + 26.0;
    let [upper, lower] = [top, top + PLOT + GAP].map(|top| Frame {
        left: LEFT,
        top,
        right: WIDTH - MARGIN,
        bottom: top + PLOT,
    });
    let title = format!("Trainings of {}", config.name);
    let finding = trainings::finding(config).unwrap_or_default();
    let mut scene = Scene::new(WIDTH, lower.bottom + 62.0, title, finding);
    header(&mut scene, summary, config, [shown.len(), all.len()]);
    let steps = Axis::steps(*last, LEFT, WIDTH - MARGIN);
    let losses = Panel::over(steps, shown.iter().map(|training| &training.loss), upper);
    let accuracies = Panel {
        x: steps,
        y: Axis::shares(
            shown.iter().flat_map(|training| &training.accuracy.upper),
            lower.bottom,
            lower.top,
        ),
    };
    for (panel, frame, about) in [
        (&losses, upper, "smoothed training loss"),
        (&accuracies, lower, "validation accuracy"),
    ] {
        scene.text((LEFT, frame.top - 10.0), about, SMALL, Align::Left, MUTED);
        panel.grid(&mut scene, Some(frame.bottom).filter(|bottom| *bottom > upper.bottom));
    }
    let curves = |training: &TrainingSummary| {
        [
            (losses, places(&training.at), training.loss.clone()),
            (accuracies, places(&training.validated), training.accuracy.clone()),
        ]
    };
    for (index, training) in shown.iter().enumerate() {
        for (panel, at, band) in curves(training) {
            panel.draw_band_until_it_leaves(&mut scene, &at, &band, theme::look(index).ink, BAND);
        }
    }
    for (index, training) in shown.iter().enumerate() {
        let look = theme::look(index);
        for (panel, at, band) in curves(training) {
            for piece in panel.curve(&at, &band.median) {
                scene.dashed(&piece, look.dash, look.ink, 2.2);
            }
        }
        marks(&mut scene, &accuracies, training, look);
        key(&mut scene, training, look, 82.0 + index as f64 * 20.0);
    }
    let middle = f64::midpoint(LEFT, WIDTH - MARGIN);
    scene.text((middle, lower.bottom + 46.0), "step", LABEL, Align::Center, MUTED);
    Some(scene)
}

fn header(scene: &mut Scene, summary: &Summary, config: &ConfigSummary, [shown, all]: [usize; 2]) {
    let name = font::fit(&config.name, TITLE, Weight::SemiBold, WIDTH - 2.0 * MARGIN);
    scene.bold((MARGIN, 36.0), name, TITLE, Align::Left, TEXT);
    let quantiles = format::percent_range(summary.quantiles);
    let mut subtitle = format!(
        "training after the range test; line: median over the seeds, band: {quantiles}, until it leaves the plot"
    );
    if shown < all {
        subtitle = format!("first {shown} of {all}: {subtitle}");
    }
    scene.text((MARGIN, 58.0), subtitle, LABEL, Align::Left, MUTED);
}

/// What a line is: the training, its learning rate, and how many seeds of it there are.
fn key(scene: &mut Scene, training: &TrainingSummary, look: Look, y: f64) {
    scene.rect((MARGIN, y - 7.0), (MARGIN + 44.0, y + 7.0), look.ink.alpha(BAND));
    scene.dashed(&[(MARGIN, y), (MARGIN + 44.0, y)], look.dash, look.ink, 2.2);
    let counts = training.counts;
    let text = format!(
        "{}: {} ({}, {} diverged)",
        trainings::name(training),
        trainings::source(training),
        format::count(counts.finished, "seed"),
        counts.diverged
    );
    let text = font::fit(&text, LABEL, Weight::Regular, WIDTH - 2.0 * MARGIN - 54.0);
    scene.text((MARGIN + 54.0, y + LABEL * 0.36), text, LABEL, Align::Left, TEXT);
}

/// Where the accuracy was measured, where that is not nearly everywhere.
fn marks(scene: &mut Scene, panel: &Panel, training: &TrainingSummary, look: Look) {
    let Band { median, .. } = &training.accuracy;
    if training.validated.len() > MOST_MARKS {
        return;
    }
    let measured = training.validated.iter().zip(median);
    for (step, accuracy) in measured.filter(|(_, accuracy)| accuracy.is_finite()) {
        let at = (panel.x.at(f64::from(*step)), panel.y.at(*accuracy));
        scene.disc(at, 4.2, WHITE);
        scene.disc(at, 3.2, look.ink);
    }
}

fn places(steps: &[u32]) -> Vec<f64> {
    steps.iter().map(|step| f64::from(*step)).collect()
}
