//! The min LR and the max LR on the median curve.

use crate::draw::font::{self, Weight};
use crate::draw::panel::Panel;
use crate::draw::scene::{Align, Point, Scene};
use crate::draw::theme::{LABEL, RANGE, SMALL, WHITE};
use crate::format;
use seedband_core::summary::{ConfigSummary, Estimate};

/// Both rates on the median curve, with their quantiles as bars and their values beside them.
pub(crate) fn range(scene: &mut Scene, panel: &Panel, config: &ConfigSummary) {
    let place = |estimate: Estimate| {
        let y = panel
            .height_at(&config.lrs, &config.smoothed.median, estimate.median)
            .unwrap_or(f64::midpoint(panel.y.to, panel.y.from));
        (panel.x.at(estimate.median), y)
    };
    let rates: Vec<(&str, Estimate, Point)> = [("min LR", config.min_lr.estimate), ("max LR", config.max_lr.estimate)]
        .into_iter()
        .filter_map(|(name, estimate)| estimate.map(|estimate| (name, estimate, place(estimate))))
        .collect();
    for (_, estimate, at) in &rates {
        mark(scene, *at, panel.x.at(estimate.lower), panel.x.at(estimate.upper));
    }
    let labels: Vec<Label> = rates
        .iter()
        .map(|(name, estimate, at)| Label::new(panel, name, *estimate, *at))
        .collect();
    for label in without_overlap(panel, labels) {
        label.draw(scene);
    }
}

/// A median with its quantiles.
pub(crate) fn mark(scene: &mut Scene, at: Point, left: f64, right: f64) {
    scene.line(&[(left, at.1), (right, at.1)], WHITE, 5.0);
    scene.line(&[(left, at.1), (right, at.1)], RANGE, 2.6);
    for x in [left, right] {
        scene.line(&[(x, at.1 - 5.0), (x, at.1 + 5.0)], RANGE, 2.0);
    }
    scene.disc(at, 6.5, WHITE);
    scene.disc(at, 5.0, RANGE);
}

/// Two lines of text at a mark.
struct Label {
    /// Middle of the text.
    x: f64,
    /// Upper edge.
    top: f64,
    width: f64,
    value: String,
    /// Quantiles; none where they are equal.
    spread: Option<String>,
}

impl Label {
    const HEIGHT: f64 = 34.0;

    fn new(panel: &Panel, name: &str, estimate: Estimate, (x, y): Point) -> Self {
        let value = format!("{name} {}", format::bounded(format::lr(estimate.median), estimate.bounds.median));
        let spread = (estimate.lower < estimate.upper).then(|| format::lr_range(estimate.lower, estimate.upper));
        let second = spread
            .as_ref()
            .map_or(0.0, |spread| font::width(spread, SMALL, Weight::Regular));
        let width = font::width(&value, LABEL, Weight::SemiBold).max(second) + 8.0;
        let below = y + 12.0;
        let top = if below + Self::HEIGHT > panel.y.from - 3.0 {
            y - 12.0 - Self::HEIGHT
        } else {
            below
        };
        Self {
            x: inside(panel, x, width),
            top,
            width,
            value,
            spread,
        }
    }

    fn draw(&self, scene: &mut Scene) {
        let half = self.width / 2.0;
        let height = if self.spread.is_some() {
            Self::HEIGHT
        } else {
            Self::HEIGHT / 2.0
        };
        scene.rect(
            (self.x - half, self.top),
            (self.x + half, self.top + height),
            WHITE.alpha(0.78),
        );
        scene.bold(
            (self.x, self.top + 13.0),
            &self.value,
            LABEL,
            Align::Center,
            RANGE.shade(),
        );
        if let Some(spread) = &self.spread {
            scene.text((self.x, self.top + 29.0), spread, SMALL, Align::Center, RANGE.shade());
        }
    }
}

fn inside(panel: &Panel, x: f64, width: f64) -> f64 {
    x.clamp(panel.x.from + width / 2.0 + 2.0, panel.x.to - width / 2.0 - 2.0)
}

/// Moves two labels that overlap away from each other.
fn without_overlap(panel: &Panel, mut labels: Vec<Label>) -> Vec<Label> {
    if let [min, max] = labels.as_mut_slice() {
        let overlap = f64::midpoint(min.width, max.width) + 8.0 - (max.x - min.x);
        if overlap > 0.0 && (min.top - max.top).abs() < Label::HEIGHT {
            min.x = inside(panel, min.x - overlap / 2.0, min.width);
            max.x = inside(panel, max.x + overlap / 2.0, max.width);
            let left = f64::midpoint(min.width, max.width) + 8.0 - (max.x - min.x);
            if left > 0.0 && min.x - left > panel.x.from + min.width / 2.0 {
                min.x -= left;
            } else if left > 0.0 {
                max.x += left;
            }
        }
    }
    labels
}
