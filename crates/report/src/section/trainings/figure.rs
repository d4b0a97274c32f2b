//! Trainings of one config: smoothed training loss and validation accuracy by step, a line and a band each. The
//! validation loss is in the place of an accuracy that nobody knows.

use super::values::shown;
use super::words;
use crate::draw::axis::Axis;
use crate::draw::legend;
use crate::draw::limits::Limits;
use crate::draw::panel::{Frame, Panel};
use crate::draw::scene::Scene;
use crate::draw::theme::{self, LineStyle, MARGIN, MARK, MOST_MARKS, WHITE, WIDTH};
use seedband_core::summary::{Band, ConfigSummary, Summary, TrainingSummary};

/// There are no more line styles that can be told apart.
const MOST: usize = 6;
const LEFT: f64 = 76.0;
const RIGHT: f64 = WIDTH - MARGIN;
/// Height of one plot.
const PLOT: f64 = 230.0;
const GAP: f64 = 44.0;
const BAND: f64 = 0.1;

/// The figure; none without a curve of a training that belongs to no grid.
pub(crate) fn scene(summary: &Summary, config: &ConfigSummary) -> Option<Scene> {
    let mut all = shown(config);
    all.retain(|training| !training.at.is_empty());
    let drawn = &all[..all.len().min(MOST)];
    let last = drawn.iter().filter_map(|training| training.at.iter().max()).max()?;
    let plots = Plots::new(drawn, *last);
    let title = format!("Trainings of {}", config.name);
    let finding = words::finding(config).unwrap_or_default();
    let mut scene = Scene::new(WIDTH, plots.validation.y.from + 62.0, title, finding);
    legend::header(
        &mut scene,
        &config.name,
        &words::subtitle(summary, drawn.len(), all.len()),
    );
    plots.loss.y_title(&mut scene, 10.0, "smoothed training loss");
    plots.loss.grid(&mut scene, None);
    plots.validation.y_title(&mut scene, 10.0, plots.shown.name());
    plots.validation.grid(&mut scene, Some(plots.validation.y.from));
    for (index, training) in drawn.iter().enumerate() {
        plots.bands(&mut scene, training, theme::line_style(index));
    }
    for (index, training) in drawn.iter().enumerate() {
        let style = theme::line_style(index);
        plots.medians(&mut scene, training, style);
        plots.marks(&mut scene, training, style);
        legend::line(&mut scene, index, style, 2.2, Some(BAND), &words::legend(training));
    }
    plots.validation.x_title(&mut scene, 46.0, "step");
    Some(scene)
}

/// What the lower plot shows of the validations.
#[derive(Clone, Copy)]
enum Validation {
    Accuracy,
    Loss,
}

impl Validation {
    /// The accuracy where every training has one.
    fn of(drawn: &[&TrainingSummary]) -> Self {
        let has_accuracy =
            |training: &&TrainingSummary| training.validated.is_empty() || !training.accuracy.median.is_empty();
        if drawn.iter().all(has_accuracy) {
            Self::Accuracy
        } else {
            Self::Loss
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Accuracy => "validation accuracy",
            Self::Loss => "validation loss",
        }
    }

    fn band(self, training: &TrainingSummary) -> &Band {
        match self {
            Self::Accuracy => &training.accuracy,
            Self::Loss => &training.validation_loss,
        }
    }
}

/// Training loss above, validation below, over the same steps.
struct Plots {
    loss: Panel,
    validation: Panel,
    shown: Validation,
}

impl Plots {
    fn new(drawn: &[&TrainingSummary], last: u32) -> Self {
        let top = legend::plot_below(drawn.len());
        let [upper, lower] = [top, top + PLOT + GAP].map(|top| Frame {
            left: LEFT,
            top,
            right: RIGHT,
            bottom: top + PLOT,
        });
        let steps = Axis::steps(last, LEFT, RIGHT);
        let limits = Limits::of_positive(drawn.iter().map(|training| &training.loss));
        let shown = Validation::of(drawn);
        let validation = match shown {
            Validation::Accuracy => {
                let shares = drawn.iter().flat_map(|training| &training.accuracy.upper);
                Panel {
                    x: steps,
                    y: Axis::shares(shares, lower.bottom, lower.top),
                }
            }
            Validation::Loss => {
                let bands = drawn.iter().map(|training| &training.validation_loss);
                Panel::new(steps, Limits::of_positive(bands), lower)
            }
        };
        Self {
            loss: Panel::new(steps, limits, upper),
            validation,
            shown,
        }
    }

    fn bands(&self, scene: &mut Scene, training: &TrainingSummary, style: LineStyle) {
        let color = style.color;
        let (at, validated) = (places(&training.at), places(&training.validated));
        self.loss
            .draw_band_until_it_leaves(scene, &at, &training.loss, color, BAND);
        self.validation
            .draw_band_until_it_leaves(scene, &validated, self.shown.band(training), color, BAND);
    }

    fn medians(&self, scene: &mut Scene, training: &TrainingSummary, style: LineStyle) {
        let (at, validated) = (places(&training.at), places(&training.validated));
        self.loss.draw_styled(scene, &at, &training.loss.median, style, 2.2);
        self.validation
            .draw_styled(scene, &validated, &self.shown.band(training).median, style, 2.2);
    }

    /// Where there was a validation, where that is not nearly everywhere.
    fn marks(&self, scene: &mut Scene, training: &TrainingSummary, style: LineStyle) {
        if training.validated.len() > MOST_MARKS {
            return;
        }
        let measured = training.validated.iter().zip(&self.shown.band(training).median);
        let point = |(step, value): (&u32, &f64)| self.validation.point(f64::from(*step), *value);
        for at in measured.filter_map(point) {
            scene.disc(at, MARK + 1.0, WHITE);
            scene.disc(at, MARK, style.color);
        }
    }
}

fn places(steps: &[u32]) -> Vec<f64> {
    steps.iter().map(|step| f64::from(*step)).collect()
}
