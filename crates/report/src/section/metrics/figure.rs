//! The metrics of one config, one plot below the other, over the same learning rates.

use super::words;
use crate::draw::axis::Axis;
use crate::draw::color::Color;
use crate::draw::font::{self, Weight};
use crate::draw::legend;
use crate::draw::panel::{Frame, Panel};
use crate::draw::scene::{Align, Point, Scene};
use crate::draw::theme::{BAND_ALPHA, CURVE, LABEL, MARGIN, MARK, MOST_MARKS, MUTED, SMALL, WIDTH};
use crate::format;
use crate::section::data::ConfigData;
use crate::section::loss_plot;
use seedband_core::summary::{Band, ConfigSummary, MetricSummary};

/// With more plots than this the figure would be longer than a page.
pub(crate) const MOST: usize = 6;
const LEFT: f64 = 76.0;
const RIGHT: f64 = WIDTH - MARGIN;
const TOP: f64 = 106.0;
/// Height of one plot.
const PLOT: f64 = 150.0;
/// From the upper edge of one plot to that of the next.
const ROW: f64 = PLOT + 40.0;
const SEED_TINT: f64 = 0.28;

/// The figure; none where the script logged nothing beside the loss.
pub(crate) fn scene(data: &ConfigData<'_>) -> Option<Scene> {
    let config = data.config;
    let shown = &config.metrics[..config.metrics.len().min(MOST)];
    let last = shown.len().checked_sub(1)?;
    let bottom = TOP + ROW * last as f64 + PLOT;
    let title = format!("Metrics of {} by learning rate", config.name);
    let mut scene = Scene::new(WIDTH, bottom + 62.0, title, words::caption(data.summary, config));
    let subtitle = format!(
        "metrics that the script logged; thin: each seed, thick: median, band: {}",
        format::percent_range(data.summary.quantiles)
    );
    legend::header(&mut scene, &config.name, &subtitle);
    let x = Axis::rates(config.lrs.iter().copied(), LEFT, RIGHT);
    for (index, metric) in shown.iter().enumerate() {
        let top = TOP + ROW * index as f64;
        let frame = Frame {
            left: LEFT,
            top,
            right: RIGHT,
            bottom: top + PLOT,
        };
        plot(&mut scene, config, metric, x, frame, index == last);
    }
    let middle = f64::midpoint(LEFT, RIGHT);
    let rates = loss_plot::axis_title([config]);
    scene.text((middle, bottom + 46.0), rates, LABEL, Align::Center, MUTED);
    Some(scene)
}

fn plot(scene: &mut Scene, config: &ConfigSummary, metric: &MetricSummary, x: Axis, frame: Frame, is_last: bool) {
    let lrs = loss_plot::rates_at(config, &metric.steps);
    let band = of_half_the_seeds(&metric.band);
    let values = band.lower.iter().chain(&band.upper).copied();
    let panel = Panel {
        x,
        y: Axis::values(values, frame.bottom, frame.top),
    };
    panel.grid(scene, is_last.then_some(frame.bottom));
    for (_, values) in &metric.seeds {
        // A script may log a metric every tenth step: the line goes on over those between.
        let logged = lrs.iter().zip(values).filter(|(_, value)| !value.is_nan());
        let (lrs, values): (Vec<f64>, Vec<f64>) = logged.unzip();
        panel.draw_curve(scene, &lrs, &values, CURVE.tint(SEED_TINT), 0.9);
        if let ([lr], [value]) = (&lrs[..], &values[..]) {
            mark(scene, panel.point(*lr, *value), CURVE.tint(SEED_TINT));
        }
    }
    panel.draw_band(scene, &lrs, &band, CURVE, BAND_ALPHA);
    panel.draw_curve(scene, &lrs, &band.median, CURVE, 2.2);
    if lrs.len() <= MOST_MARKS {
        for (lr, median) in lrs.iter().zip(&band.median) {
            mark(scene, panel.point(*lr, *median), CURVE);
        }
    }
    if !band.median.iter().any(|median| median.is_finite()) {
        let middle = (
            f64::midpoint(frame.left, frame.right),
            f64::midpoint(frame.top, frame.bottom),
        );
        let words = "nowhere a finite median of half of the seeds or more";
        scene.text(middle, words, LABEL, Align::Center, MUTED);
    }
    heading(scene, metric, frame);
}

/// A value that no line may lead to.
fn mark(scene: &mut Scene, at: Option<Point>, color: Color) {
    if let Some(at) = at {
        scene.disc(at, MARK, color);
    }
}

/// The metric's name above its plot, and how many seeds logged it.
fn heading(scene: &mut Scene, metric: &MetricSummary, frame: Frame) {
    let seeds = format::count(metric.band.n, "seed");
    let room = frame.right - frame.left - font::width(&seeds, SMALL, Weight::Regular) - 24.0;
    let name = font::fit(&metric.name, LABEL, Weight::SemiBold, room);
    let above = frame.top - 9.0;
    scene.bold((frame.left, above), name, LABEL, Align::Left, CURVE.shade());
    scene.text((frame.right, above), seeds, SMALL, Align::Right, MUTED);
}

/// The band where half of its seeds or more have a number; NaN where fewer have.
fn of_half_the_seeds(band: &Band) -> Band {
    let is_shown = |index: usize| band.ended.get(index).is_some_and(|without| 2 * without <= band.n);
    let shown = |values: &[f64]| -> Vec<f64> {
        let at = |(index, value): (usize, &f64)| if is_shown(index) { *value } else { f64::NAN };
        values.iter().enumerate().map(at).collect()
    };
    Band {
        median: shown(&band.median),
        lower: shown(&band.lower),
        upper: shown(&band.upper),
        ..band.clone()
    }
}
