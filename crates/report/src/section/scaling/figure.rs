//! Suggested learning rates against batch size: every seed, the fit, and the two rules of thumb.

use super::plot::{BOTTOM, Plot, RATES};
use super::rule::RULES;
use super::words;
use crate::draw::font::{self, Weight};
use crate::draw::legend;
use crate::draw::scene::{Align, Scene};
use crate::draw::theme::{MARGIN, MUTED, SMALL, WIDTH};
use crate::format;
use seedband_core::summary::{ConfigSummary, ScalingSummary, Summary};

const TITLE: &str = "Learning rate by batch size";
const HEIGHT: f64 = BOTTOM + 62.0;
/// Left edges of the two plots.
const LEFTS: [f64; 2] = [72.0, 512.0];

/// The figure of a sweep.
pub(crate) fn scene(summary: &Summary, sweep: &ScalingSummary) -> Scene {
    let mut scene = Scene::new(WIDTH, HEIGHT, TITLE, words::finding(summary, sweep));
    header(&mut scene, summary, sweep);
    let configs: Vec<&ConfigSummary> = sweep
        .configs
        .iter()
        .filter_map(|name| summary.configs.iter().find(|config| config.name == *name))
        .collect();
    for (rate, left) in RATES.iter().zip(LEFTS) {
        Plot::new(sweep, &configs, rate, left).draw(&mut scene);
    }
    scene
}

fn header(scene: &mut Scene, summary: &Summary, sweep: &ScalingSummary) {
    let shared: Vec<String> = sweep
        .shared
        .iter()
        .map(|(key, value)| format!("{key} = {value}; "))
        .collect();
    let subtitle = format!(
        "{}dots: each seed; bars: median and {} of the seeds; thick line: the fit",
        shared.concat(),
        format::percent_range(summary.quantiles)
    );
    legend::header(scene, TITLE, &subtitle);
    key(scene);
}

/// What the two thin lines mean, below the subtitle.
fn key(scene: &mut Scene) {
    let mut x = MARGIN;
    for rule in &RULES {
        scene.dashed(&[(x, 78.0), (x + 36.0, 78.0)], rule.dash, MUTED, 1.2);
        let text = format!("{}, slope {}", rule.name, rule.slope);
        scene.text((x + 44.0, 78.0 + SMALL * 0.36), &text, SMALL, Align::Left, MUTED);
        x += 44.0 + font::width(&text, SMALL, Weight::Regular) + 28.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::scene::Shape;
    use crate::example;

    #[test]
    fn every_seed_is_a_dot_and_every_size_a_bar() {
        let mut summary = example::sweep();
        let dots = |summary: &Summary, radius: f64| {
            let scene = scene(summary, &summary.scalings[0]);
            let is_dot = |shape: &&Shape| matches!(shape, Shape::Disc { radius: r, .. } if (r - radius).abs() < 1e-9);
            scene.shapes.iter().filter(is_dot).count()
        };
        assert_eq!((dots(&summary, 2.6), dots(&summary, 5.0)), (2 * 3 * 20, 2 * 3));
        summary.configs[0] = example::config("batch-size=32", 0, 0.3, 5.0);
        summary.scalings[0].max_lr.exponent = None;
        assert_eq!((dots(&summary, 2.6), dots(&summary, 5.0)), (2 * 2 * 20, 2 * 2));
    }
}
