//! The strip below a plot: the share of seeds that had diverged by each learning rate, with its confidence interval.

use crate::draw::font::{self, Weight};
use crate::draw::panel::Panel;
use crate::draw::scene::{Align, Point, Scene};
use crate::draw::theme::{AXIS, BACKGROUND, DIVERGED, GRID, MUTED, SMALL, TEXT, WHITE};
use crate::format;
use seedband_core::summary::{ConfigSummary, DivergenceRisk, LargestLr, RiskStep};

/// Draws the strip between two heights, across the panel.
pub(crate) fn draw(scene: &mut Scene, panel: &Panel, config: &ConfigSummary, top: f64, bottom: f64) {
    let (left, right) = (panel.x.from, panel.x.to);
    let middle = f64::midpoint(top, bottom) + SMALL * 0.36;
    scene.text((left - 9.0, middle), "diverged", SMALL, Align::Right, MUTED);
    scene.rect((left, top), (right, bottom), BACKGROUND);
    if let Some(risk) = config.risk.as_ref().filter(|risk| !risk.steps.is_empty()) {
        let strip = Strip { panel, top, bottom };
        strip.estimate(scene, risk);
        scene.line(&[(left, bottom), (right, bottom)], AXIS, 1.2);
        if let Some(largest) = &risk.largest {
            strip.mark(scene, risk, largest);
        }
        let share = format!("{}/{}", config.counts.diverged, risk.n);
        scene.text((right + 8.0, middle), share, SMALL, Align::Left, MUTED);
    } else {
        scene.line(&[(left, bottom), (right, bottom)], AXIS, 1.2);
    }
}

/// A plot of shares from 0 at the bottom to 1 at the top.
struct Strip<'a> {
    panel: &'a Panel,
    top: f64,
    bottom: f64,
}

impl Strip<'_> {
    fn height(&self, share: f64) -> f64 {
        self.bottom - (self.bottom - self.top) * share.clamp(0.0, 1.0)
    }

    /// The share as a line and its interval as a band, both in steps.
    fn estimate(&self, scene: &mut Scene, risk: &DivergenceRisk) {
        let until = risk.until.map_or(self.panel.x.to, |lr| self.panel.x.at(lr));
        let mut band = self.stairs(risk, until, |step| step.upper);
        band.extend(self.stairs(risk, until, |step| step.lower).into_iter().rev());
        scene.polygon(band, DIVERGED.alpha(0.3));
        let half = self.height(0.5);
        scene.dashed(
            &[(self.panel.x.from, half), (self.panel.x.to, half)],
            &[2.0, 4.0],
            GRID.shade(),
            1.0,
        );
        scene.line(&self.stairs(risk, until, |step| step.share), DIVERGED.shade(), 2.2);
    }

    /// A staircase that has the given height from each step's learning rate to the next one's, and from the last one's
    /// to `until`.
    fn stairs(&self, risk: &DivergenceRisk, until: f64, share: fn(&RiskStep) -> f64) -> Vec<Point> {
        // What happens at the last rate is still seen.
        let at = |lr: f64| self.panel.x.at(lr).min(self.panel.x.to - 3.0);
        let ends = risk.steps.iter().skip(1).map(|step| at(step.lr)).chain([until]);
        risk.steps
            .iter()
            .zip(ends)
            .flat_map(|(step, end)| [at(step.lr), end].map(|x| (x, self.height(share(step)))))
            .collect()
    }

    /// The largest rate at which few enough seeds had diverged.
    fn mark(&self, scene: &mut Scene, risk: &DivergenceRisk, largest: &LargestLr) {
        let x = self.panel.x.at(largest.lr);
        scene.line(&[(x, self.top), (x, self.bottom)], TEXT, 1.4);
        scene.polygon(
            vec![
                (x - 5.0, self.top - 7.0),
                (x + 5.0, self.top - 7.0),
                (x, self.top + 1.0),
            ],
            TEXT,
        );
        let label = format!(
            "at most {} up to {}",
            format::percent(risk.accepted),
            format::lr_exact(largest.lr)
        );
        let width = font::width(&label, SMALL, Weight::SemiBold);
        let baseline = self.top + 15.0;
        // The band rises to the right of the mark, so the label stands left of it where there is room.
        let left = if x - width - 10.0 > self.panel.x.from {
            x - width - 7.0
        } else {
            x + 7.0
        };
        scene.rect(
            (left - 2.0, baseline - 11.0),
            (left + width + 2.0, baseline + 4.0),
            WHITE.alpha(0.6),
        );
        scene.bold((left, baseline), label, SMALL, Align::Left, TEXT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::panel::Frame;
    use crate::example;
    use crate::section::loss_plot;

    /// A strip from 0 to 900 wide over nine decades, and 100 high: one of four diverges at 1e-4, two more at the last
    /// rate.
    #[test]
    fn shares_are_stairs_up_to_the_last_rate_known() {
        let mut config = example::config("a", 4, 0.3, 5.0);
        let step = |lr, share| RiskStep {
            lr,
            diverged: 0,
            at_risk: 4,
            share,
            lower: 0.0,
            upper: 2.0,
        };
        let risk = config.risk.as_mut().unwrap();
        risk.steps = vec![step(1e-7, 0.0), step(1e-4, 0.25), step(100.0, 0.75)];
        let risk = config.risk.clone().unwrap();
        let frame = Frame {
            left: 0.0,
            top: 0.0,
            right: 900.0,
            bottom: 50.0,
        };
        let panel = loss_plot::panel([&config], frame);
        let strip = Strip {
            panel: &panel,
            top: 100.0,
            bottom: 200.0,
        };
        let near = |points: Vec<Point>, expected: &[Point]| {
            assert_eq!(points.len(), expected.len());
            for (point, expected) in points.iter().zip(expected) {
                // Places are a few roundings of logarithms away.
                assert!((point.0 - expected.0).abs() < 1e-9, "{points:?}");
                assert!((point.1 - expected.1).abs() < 1e-9, "{points:?}");
            }
        };
        let shares = [
            (0.0, 200.0),
            (300.0, 200.0),
            (300.0, 175.0),
            (897.0, 175.0),
            (897.0, 125.0),
            (900.0, 125.0),
        ];
        near(strip.stairs(&risk, 900.0, |step| step.share), &shares);
        // What is above 1 stays in the strip.
        near(
            strip.stairs(&risk, 900.0, |step| step.upper)[..1].to_vec(),
            &[(0.0, 100.0)],
        );
    }
}
