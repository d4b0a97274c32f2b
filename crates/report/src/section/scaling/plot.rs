//! Min LR or max LR against batch size.

use super::rule::RULES;
use super::words;
use crate::draw::axis::{Axis, Scale};
use crate::draw::font::{self, Weight};
use crate::draw::scene::{Align, Point, Scene};
use crate::draw::theme::{AXIS, CURVE, GRID, LABEL, MUTED, RANGE, SMALL, TEXT, WHITE};
use seedband_core::range_test::Answer;
use seedband_core::summary::{ConfigSummary, Exponent, Scaling, ScalingSummary, SeedSummary, Spread};

const TOP: f64 = 124.0;
pub(crate) const BOTTOM: f64 = 464.0;
/// Width of a plot.
const PLOT: f64 = 364.0;
/// Where the seeds' dots stand right of the bar of their batch size, from the first to the last.
const DOTS: [f64; 2] = [11.0, 35.0];

/// The min LR or the max LR: its name, and how to find it in a config and in a seed.
pub(crate) struct Rate {
    name: &'static str,
    spread: fn(&ConfigSummary) -> &Spread,
    answer: fn(&SeedSummary) -> &Answer,
    scaling: fn(&ScalingSummary) -> &Scaling,
}

pub(crate) const RATES: [Rate; 2] = [
    Rate {
        name: "min LR",
        spread: |config| &config.min_lr,
        answer: |seed| &seed.min_lr,
        scaling: |sweep| &sweep.min_lr,
    },
    Rate {
        name: "max LR",
        spread: |config| &config.max_lr,
        answer: |seed| &seed.max_lr,
        scaling: |sweep| &sweep.max_lr,
    },
];

/// A plot of one of them.
pub(crate) struct Plot<'a> {
    sweep: &'a ScalingSummary,
    configs: &'a [&'a ConfigSummary],
    rate: &'a Rate,
    x: Axis,
    y: Axis,
}

impl<'a> Plot<'a> {
    pub(crate) fn new(sweep: &'a ScalingSummary, configs: &'a [&'a ConfigSummary], rate: &'a Rate, left: f64) -> Self {
        let sizes = || sweep.batch_sizes.iter().map(|size| f64::from(*size));
        let (least, most) = (sizes().fold(f64::INFINITY, f64::min), sizes().fold(0.0, f64::max));
        // A fifth of the width on either side for the dots.
        let margin = (most / least).powf(0.2);
        let seeds = configs.iter().flat_map(|config| &config.seeds);
        let rates = seeds.filter_map(|seed| (rate.answer)(seed).lr());
        let y = Axis::rates(rates, BOTTOM, TOP);
        let space = (y.high / y.low).powf(0.06);
        Self {
            sweep,
            configs,
            rate,
            x: Axis {
                scale: Scale::Log,
                low: least / margin,
                high: most * margin,
                from: left,
                to: left + PLOT,
            },
            y: Axis {
                low: y.low / space,
                high: y.high * space,
                ..y
            },
        }
    }

    /// Grid, seeds, fit, rules of thumb and bars.
    pub(crate) fn draw(&self, scene: &mut Scene) {
        self.grid(scene);
        let scaling = (self.rate.scaling)(self.sweep);
        if let Some(exponent) = &scaling.exponent {
            for rule in &RULES {
                scene.dashed(&self.line(exponent, rule.slope), rule.dash, MUTED, 1.2);
            }
        }
        let title = words::plot_title(self.rate.name, scaling);
        scene.bold((self.x.from, TOP - 12.0), title, LABEL, Align::Left, TEXT);
        for (config, size) in self.configs.iter().zip(&self.sweep.batch_sizes) {
            self.seeds(scene, config, f64::from(*size));
        }
        if let Some(exponent) = words::one_power(scaling) {
            scene.line(&self.line(exponent, exponent.median), CURVE, 2.4);
        }
        for (config, size) in self.configs.iter().zip(&self.sweep.batch_sizes) {
            self.bar(scene, config, f64::from(*size));
        }
    }

    fn grid(&self, scene: &mut Scene) {
        for tick in self.y.ticks(46.0) {
            let y = self.y.at(tick.value);
            let Some(label) = tick.label else { continue };
            scene.line(&[(self.x.from, y), (self.x.to, y)], GRID, 1.0);
            scene.text((self.x.from - 9.0, y + SMALL * 0.36), label, SMALL, Align::Right, MUTED);
        }
        let mut free = f64::NEG_INFINITY;
        for size in &self.sweep.batch_sizes {
            let x = self.x.at(f64::from(*size));
            let label = size.to_string();
            let half = font::width(&label, SMALL, Weight::Regular) / 2.0;
            scene.line(&[(x, BOTTOM), (x, BOTTOM + 6.0)], AXIS, 1.0);
            if x - half >= free {
                scene.text((x, BOTTOM + 22.0), label, SMALL, Align::Center, MUTED);
                free = x + half + 6.0;
            }
        }
        scene.line(&[(self.x.from, BOTTOM), (self.x.to, BOTTOM)], AXIS, 1.2);
        let middle = f64::midpoint(self.x.from, self.x.to);
        scene.text((middle, BOTTOM + 48.0), "batch size", LABEL, Align::Center, MUTED);
    }

    /// A power of the batch size through the middle of the fit, as far as it is in the plot.
    fn line(&self, exponent: &Exponent, power: f64) -> Vec<Point> {
        const PARTS: i32 = 200;
        let place = |part: i32| {
            let share = f64::from(part) / f64::from(PARTS);
            let size = self.x.low * (self.x.high / self.x.low).powf(share);
            (share, words::at(exponent, power, &self.sweep.batch_sizes, size))
        };
        (0..=PARTS)
            .map(place)
            .filter(|(_, lr)| (0.0..=1.0).contains(&self.y.share(*lr)))
            .map(|(share, lr)| (self.x.place(share), self.y.at(lr)))
            .collect()
    }

    /// A dot for each seed, the same seed at the same place beside every batch size.
    fn seeds(&self, scene: &mut Scene, config: &ConfigSummary, size: f64) {
        let last = config.seeds.len().max(2) as f64 - 1.0;
        for (index, seed) in config.seeds.iter().enumerate() {
            let Some(lr) = (self.rate.answer)(seed).lr().filter(|lr| *lr > 0.0) else {
                continue;
            };
            let aside = DOTS[0] + (DOTS[1] - DOTS[0]) * index as f64 / last;
            scene.disc((self.x.at(size) + aside, self.y.at(lr)), 2.6, CURVE.alpha(0.45));
        }
    }

    /// The median and the quantiles of the seeds.
    fn bar(&self, scene: &mut Scene, config: &ConfigSummary, size: f64) {
        let Some(estimate) = (self.rate.spread)(config).estimate else {
            return;
        };
        let x = self.x.at(size);
        let [lower, median, upper] = [estimate.lower, estimate.median, estimate.upper].map(|lr| self.y.at(lr));
        scene.line(&[(x, lower), (x, upper)], WHITE, 5.0);
        scene.line(&[(x, lower), (x, upper)], RANGE, 2.6);
        for y in [lower, upper] {
            scene.line(&[(x - 5.0, y), (x + 5.0, y)], RANGE, 2.0);
        }
        scene.disc((x, median), 6.5, WHITE);
        scene.disc((x, median), 5.0, RANGE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;

    /// Over a factor of 16 in batch size the linear rule rises by a factor of 16 and its root by 4, in the same plot.
    #[test]
    fn lines_have_the_slopes_they_are_named_for() {
        let summary = example::sweep();
        let sweep = &summary.scalings[0];
        let configs: Vec<&ConfigSummary> = summary.configs.iter().collect();
        let plot = Plot::new(sweep, &configs, &RATES[1], 0.0);
        let exponent = sweep.max_lr.exponent.unwrap();
        let slope = |power: f64| {
            let line = plot.line(&exponent, power);
            let (first, last) = (line[0], line[line.len() - 1]);
            let decades = |axis: &Axis| (axis.high / axis.low).log10() / (axis.to - axis.from);
            ((last.1 - first.1) * decades(&plot.y)) / ((last.0 - first.0) * decades(&plot.x))
        };
        for power in [RULES[0].slope, RULES[1].slope, 0.6, 0.0] {
            // Places are rounded to far less than a pixel.
            assert!((slope(power) - power).abs() < 1e-9, "{power}: {}", slope(power));
        }
    }
}
