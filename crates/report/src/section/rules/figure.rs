//! The named rules of one config, a row each: what each seed's curve gives, and the median with its quantiles.

use super::words::{self, by_median};
use crate::draw::axis::Axis;
use crate::draw::scene::{Align, Scene};
use crate::draw::theme::{CURVE, LABEL, MARGIN, MUTED, RANGE, SMALL, TEXT, WHITE, WIDTH};
use crate::draw::{legend, rows};
use crate::format;
use seedband_core::summary::{ConfigSummary, RuleSummary, Summary};

/// More rows than this make no figure; the tables have them all.
const MOST_ROWS: usize = 60;
const TOP: f64 = 104.0;
const ROW: f64 = 50.0;
/// Room for the numbers at the right.
const NUMBERS: f64 = 128.0;
/// Height of the bar below the upper edge of its row; the seeds' marks are above it.
const LANE: f64 = 40.0;

/// The figure; none without a rule.
pub(crate) fn scene(summary: &Summary, config: &ConfigSummary) -> Option<Scene> {
    let sorted = by_median(config);
    let shown = &sorted[..sorted.len().min(MOST_ROWS)];
    if shown.is_empty() {
        return None;
    }
    let left = rows::left(shown.iter().map(|rule| &rule.name), 110.0, 210.0);
    let bottom = TOP + ROW * shown.len() as f64;
    let title = format!(
        "Suggestions of {} for {}",
        format::count(sorted.len() as u32, "rule"),
        config.name
    );
    let description = shown
        .iter()
        .map(|rule| words::headline(rule))
        .collect::<Vec<_>>()
        .join(" ");
    let mut scene = Scene::new(WIDTH, bottom + 66.0, title, description);
    header(&mut scene, summary, config, shown.len());
    let right = WIDTH - MARGIN - NUMBERS;
    let axis = Axis::rates(shown.iter().flat_map(|rule| rates(rule)), left, right);
    rows::grid(&mut scene, &axis, TOP, bottom, "suggested learning rate");
    for (index, rule) in shown.iter().enumerate() {
        let top = TOP + ROW * index as f64;
        if index > 0 {
            rows::separator(&mut scene, top);
        }
        draw_row(&mut scene, &axis, rule, top);
    }
    Some(scene)
}

fn rates(rule: &RuleSummary) -> impl Iterator<Item = f64> {
    let quantiles = rule.spread.estimate.map(|estimate| [estimate.lower, estimate.upper]);
    let seeds = rule.answers.iter().filter_map(|of| of.answer.lr());
    quantiles.into_iter().flatten().chain(seeds)
}

fn header(scene: &mut Scene, summary: &Summary, config: &ConfigSummary, shown: usize) {
    let title = format!(
        "One training, {}",
        format::count(config.named_rules.len() as u32, "rule")
    );
    let mut subtitle = format!(
        "{}; small marks: each seed, at the same height in every row; bars: median and {} of the seeds",
        config.name,
        format::percent_range(summary.quantiles)
    );
    if shown < config.named_rules.len() {
        subtitle = format!("first {shown} rules of {subtitle}");
    }
    legend::header(scene, &title, &subtitle);
    let heads = [("median", WIDTH - MARGIN - 62.0), ("decades", WIDTH - MARGIN)];
    for (head, right) in heads {
        scene.text((right, TOP - 10.0), head, SMALL, Align::Right, MUTED);
    }
}

fn draw_row(scene: &mut Scene, axis: &Axis, rule: &RuleSummary, top: f64) {
    let middle = top + ROW / 2.0;
    rows::name(scene, axis, middle, &rule.name, words::seeds(rule));
    let step = (LANE - 14.0) / rule.answers.len().max(1) as f64;
    for (index, of) in rule.answers.iter().enumerate() {
        if let Some(lr) = of.answer.lr().filter(|lr| *lr > 0.0) {
            let y = top + 6.0 + step * (index as f64 + 0.5);
            scene.disc((axis.at(lr), y), 1.9, CURVE.alpha(0.5));
        }
    }
    let Some(estimate) = rule.spread.estimate else {
        return;
    };
    let lane = top + LANE;
    let [left, x, right] = [estimate.lower, estimate.median, estimate.upper].map(|lr| axis.at(lr));
    scene.line(&[(left, lane), (right, lane)], RANGE, 3.0);
    scene.disc((x, lane), 6.0, WHITE);
    scene.disc((x, lane), 4.6, RANGE);
    let (numbers, baseline) = (WIDTH - MARGIN, middle + 5.0);
    let median = format::lr(estimate.median);
    scene.bold((numbers - 62.0, baseline), median, LABEL, Align::Right, RANGE.shade());
    let decades = format::distance(estimate);
    scene.text((numbers, baseline), decades, LABEL, Align::Right, TEXT);
}
