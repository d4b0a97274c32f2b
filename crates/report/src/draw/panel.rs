//! A plot of loss by learning rate or by step: limits, grid, axes, curves and bands. Shared by all figures that have one.

use crate::draw::axis::{Axis, Scale};
use crate::draw::clip;
use crate::draw::scene::{Align, Point, Scene};
use crate::draw::theme::{AXIS, GRID, Ink, MUTED, SMALL};
use seedband_core::summary::{Band, ConfigSummary};

/// A plot's axes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Panel {
    pub(crate) x: Axis,
    pub(crate) y: Axis,
}

/// Where a plot lies, in logical pixels.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
}

impl Panel {
    /// Axes that fit the given configs. Learning rates take the whole width; heights show the curves from the start to the least loss, and
    /// leave out how high they rise when they diverge.
    pub(crate) fn new<'a>(configs: impl IntoIterator<Item = &'a ConfigSummary> + Clone, frame: Frame) -> Self {
        let rates = configs
            .clone()
            .into_iter()
            .flat_map(|config| config.lrs.iter().copied());
        Self::fit(rates, configs.into_iter().map(|config| &config.smoothed), frame)
    }

    /// Axes that fit `rates` and, as [`Panel::new`] does, the given bands.
    pub(crate) fn fit<'a>(
        rates: impl IntoIterator<Item = f64>,
        bands: impl IntoIterator<Item = &'a Band>,
        frame: Frame,
    ) -> Self {
        let (scale, low, high) = heights(bands.into_iter().filter_map(Level::of));
        Self {
            x: Axis::rates(rates, frame.left, frame.right),
            y: Axis {
                scale,
                low,
                high,
                from: frame.bottom,
                to: frame.top,
            },
        }
    }

    /// Axes over `x` that fit the given bands as [`Panel::fit`] does, without room for losses below zero that no band has.
    pub(crate) fn over<'a>(x: Axis, bands: impl IntoIterator<Item = &'a Band>, frame: Frame) -> Self {
        let levels: Vec<Level> = bands.into_iter().filter_map(Level::of).collect();
        let positive = levels.iter().all(|level| level.least >= 0.0);
        let (scale, low, high) = heights(levels.into_iter());
        Self {
            x,
            y: Axis {
                scale,
                low: if positive { low.max(0.0) } else { low },
                high,
                from: frame.bottom,
                to: frame.top,
            },
        }
    }

    /// Axes over `x` for one band that falls and rises again: they show both of its slopes, up to three times as far above the least value
    /// of the median as its middle value lies.
    pub(crate) fn valley(x: Axis, band: &Band, frame: Frame) -> Self {
        let mut finite: Vec<f64> = band.median.iter().copied().filter(|loss| loss.is_finite()).collect();
        finite.sort_by(f64::total_cmp);
        let middle = finite.get(finite.len() / 2);
        let slopes = middle.zip(Level::of(band)).map(|(middle, level)| {
            let most = middle + 2.0 * (middle - level.least);
            let shown = finite.iter().copied().take_while(|loss| *loss <= most);
            let median = shown.fold(level.median, f64::max);
            Level {
                upper: level.upper.max(median),
                median,
                ..level
            }
        });
        let (scale, low, high) = heights(slopes.into_iter());
        Self {
            x,
            y: Axis {
                scale,
                low: if low < 0.0 && finite.iter().all(|loss| *loss >= 0.0) {
                    0.0
                } else {
                    low
                },
                high,
                from: frame.bottom,
                to: frame.top,
            },
        }
    }

    /// Grid lines, tick labels and the line at the bottom.
    pub(crate) fn grid(&self, scene: &mut Scene, labels_x: Option<f64>) {
        for tick in self.y.ticks(46.0) {
            let y = self.y.at(tick.value);
            let Some(label) = tick.label else { continue };
            scene.line(&[(self.x.from, y), (self.x.to, y)], GRID, 1.0);
            scene.text((self.x.from - 9.0, y + SMALL * 0.36), label, SMALL, Align::Right, MUTED);
        }
        self.columns(scene, labels_x);
        scene.line(&[(self.x.from, self.y.from), (self.x.to, self.y.from)], AXIS, 1.2);
    }

    /// Vertical grid lines, and labels of learning rates or steps below `labels`, the height of their ticks.
    fn columns(&self, scene: &mut Scene, labels: Option<f64>) {
        for tick in self.x.ticks(50.0) {
            let x = self.x.at(tick.value);
            if tick.label.is_some() {
                scene.line(&[(x, self.y.from), (x, self.y.to)], GRID, 1.0);
            }
            if let Some(y) = labels {
                let length = if tick.label.is_some() { 6.0 } else { 3.0 };
                scene.line(&[(x, y), (x, y + length)], AXIS, 1.0);
                if let Some(label) = tick.label {
                    scene.text((x, y + 21.0), label, SMALL, Align::Center, MUTED);
                }
            }
        }
    }

    /// The visible pieces of a curve.
    pub(crate) fn curve(&self, lrs: &[f64], losses: &[f64]) -> Vec<Vec<Point>> {
        self.place(clip::line(&self.columns_of(lrs), &self.heights_of(losses)))
    }

    /// The visible polygons between two curves.
    pub(crate) fn band(&self, lrs: &[f64], lower: &[f64], upper: &[f64]) -> Vec<Vec<Point>> {
        self.place(clip::band(
            &self.columns_of(lrs),
            &self.heights_of(lower),
            &self.heights_of(upper),
        ))
    }

    /// Fills a band and draws its two edges.
    pub(crate) fn draw_band(&self, scene: &mut Scene, config: &ConfigSummary, ink: Ink, alpha: f64) {
        self.draw_band_of(scene, &config.lrs, &config.smoothed, ink, alpha);
    }

    /// The same for a band with a value at each of `lrs`.
    pub(crate) fn draw_band_of(&self, scene: &mut Scene, lrs: &[f64], band: &Band, ink: Ink, alpha: f64) {
        self.fill_and_edges(scene, lrs, [&band.lower, &band.upper], ink, alpha);
    }

    /// The same, filled only until its upper edge leaves the plot for good: several such fills on top of each other would hide the rest.
    pub(crate) fn draw_band_until_it_leaves(&self, scene: &mut Scene, xs: &[f64], band: &Band, ink: Ink, alpha: f64) {
        let mut upper = band.upper.clone();
        let inside = upper.iter().rposition(|&loss| self.y.share(loss) <= 1.0);
        // One more step shows the edge on its way out.
        for loss in upper.iter_mut().skip(inside.map_or(0, |index| index + 2)) {
            *loss = f64::NAN;
        }
        self.fill_and_edges(scene, xs, [&band.lower, &upper], ink, alpha);
    }

    fn fill_and_edges(&self, scene: &mut Scene, lrs: &[f64], [lower, upper]: [&[f64]; 2], ink: Ink, alpha: f64) {
        for polygon in self.band(lrs, lower, upper) {
            scene.polygon(polygon, ink.alpha(alpha));
        }
        for edge in [lower, upper] {
            for piece in self.curve(lrs, edge) {
                scene.line(&piece, ink.tint(0.5), 1.0);
            }
        }
    }

    /// Height of a curve at a learning rate, as drawn; between steps along the straight line. None where the curve is not in the plot.
    pub(crate) fn height_at(&self, lrs: &[f64], losses: &[f64], lr: f64) -> Option<f64> {
        let x = self.x.at(lr);
        self.curve(lrs, losses)
            .iter()
            .flat_map(|piece| piece.windows(2))
            .find(|pair| pair[0].0 <= x && x <= pair[1].0)
            .map(|pair| {
                let width = pair[1].0 - pair[0].0;
                let share = if width > 0.0 { (x - pair[0].0) / width } else { 0.0 };
                pair[0].1 + (pair[1].1 - pair[0].1) * share
            })
    }

    fn columns_of(&self, lrs: &[f64]) -> Vec<f64> {
        lrs.iter().map(|&lr| self.x.share(lr)).collect()
    }

    fn heights_of(&self, losses: &[f64]) -> Vec<f64> {
        losses.iter().map(|&loss| self.y.share(loss)).collect()
    }

    fn place(&self, pieces: Vec<Vec<Point>>) -> Vec<Vec<Point>> {
        let place = |(x, y): Point| (self.x.place(x), self.y.place(y));
        pieces
            .into_iter()
            .map(|piece| piece.into_iter().map(place).collect())
            .collect()
    }
}

/// Losses of a band that a plot has to show.
struct Level {
    /// Least value of the lower quantile.
    least: f64,
    /// Largest median before the curves rise.
    median: f64,
    /// Largest upper quantile before it rises.
    upper: f64,
}

impl Level {
    /// None when no median is finite.
    fn of(band: &Band) -> Option<Self> {
        let median = before_the_rise(&band.median)?;
        let least = band
            .median
            .iter()
            .chain(&band.lower)
            .copied()
            .filter(|loss| loss.is_finite())
            .fold(median, f64::min);
        let upper = before_the_rise(&band.upper).map_or(median, |upper| upper.max(median));
        Some(Self { least, median, upper })
    }
}

/// The largest loss up to the least one; none when no loss is finite.
fn before_the_rise(losses: &[f64]) -> Option<f64> {
    let finite = || losses.iter().copied().enumerate().filter(|(_, loss)| loss.is_finite());
    let (turn, _) = finite().min_by(|a, b| a.1.total_cmp(&b.1))?;
    finite()
        .take_while(|(index, _)| *index <= turn)
        .map(|(_, loss)| loss)
        .max_by(f64::total_cmp)
}

/// Least and largest height. A logarithmic scale where losses fall to less than a fiftieth of where they began.
fn heights(levels: impl Iterator<Item = Level>) -> (Scale, f64, f64) {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for level in levels {
        low = low.min(level.least);
        // A few wild seeds do not make the other curves flat.
        high = high.max(level.upper.min(level.median + 3.0 * (level.median - level.least)));
    }
    if low > high {
        return (Scale::Linear, 0.0, 1.0);
    }
    if low > 0.0 && high / low > 50.0 {
        let margin = (high / low).powf(0.2);
        return (Scale::Log, low / margin, high * margin);
    }
    // Flat curves still get a plot that is not all noise. Below, there is room for the labels of the range.
    let span = match (high - low).max(0.1 * high.abs()) {
        0.0 => 1.0,
        span => span,
    };
    (Scale::Linear, low - 0.3 * span, high + 0.35 * span)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;

    const FRAME: Frame = Frame {
        left: 0.0,
        top: 0.0,
        right: 900.0,
        bottom: 300.0,
    };

    /// A config of one seed with the given losses.
    fn config(losses: &[f64]) -> ConfigSummary {
        let lrs = example::lrs(losses.len());
        let seed = example::answer(0, &lrs, losses.to_vec());
        example::from_seeds("one", lrs, vec![seed])
    }

    #[test]
    fn limits_leave_out_the_rise() {
        for (losses, scale, low, high) in [
            // From 4 to 2 and up; a span of 2, with 0.3 of it below and 0.35 above.
            (vec![4.0, 3.0, 2.0, 90.0], Scale::Linear, 1.4_f64, 4.7_f64),
            // A tenth of the loss where nothing falls.
            (vec![2.0, 2.0, 2.0], Scale::Linear, 1.94, 2.07),
            (vec![2.0, 3.0, 50.0], Scale::Linear, 1.94, 2.07),
            (vec![0.0, 0.0], Scale::Linear, -0.3, 0.35),
            (vec![-1.0, -2.0], Scale::Linear, -2.3, -0.65),
            // Five decades, and one more at both ends.
            (vec![1e3, 1e-2], Scale::Log, 1e-3, 1e4),
            (vec![f64::INFINITY, f64::NAN], Scale::Linear, 0.0, 1.0),
        ] {
            let y = Panel::new([&config(&losses)], FRAME).y;
            assert_eq!(y.scale, scale, "{losses:?}");
            // Sums and powers of a few numbers.
            assert!(
                (y.low - low).abs() < 1e-9 * high.abs().max(1.0),
                "{losses:?}: {}",
                y.low
            );
            assert!(
                (y.high - high).abs() < 1e-9 * high.abs().max(1.0),
                "{losses:?}: {}",
                y.high
            );
        }
    }

    #[test]
    fn heights_lie_on_the_line_between_steps() {
        // Learning rates 1e-7, 10^-2.5 and 100; the axis shows 1.4 to 4.7 over 300 pixels.
        let config = config(&[4.0, 2.0, f64::INFINITY]);
        let panel = Panel::new([&config], FRAME);
        let middle = 10f64.powf((-7.0 - 2.5) / 2.0);
        let height = panel.height_at(&config.lrs, &config.smoothed.median, middle).unwrap();
        assert!((height - 300.0 * (4.7 - 3.0) / 3.3).abs() < 1e-6, "{height}");
        let at_the_end = panel.height_at(&config.lrs, &config.smoothed.median, 100.0).unwrap();
        assert!(at_the_end.abs() < 1e-9, "infinite: drawn up to the upper edge");
        assert_eq!(panel.height_at(&config.lrs, &[f64::NAN; 3], middle), None);
    }

    #[test]
    fn a_valley_shows_both_slopes_and_no_peak() {
        let band = |median: &[f64]| Band {
            n: 1,
            ended: vec![0; median.len()],
            median: median.to_vec(),
            lower: median.to_vec(),
            upper: median.to_vec(),
        };
        for (median, low, high) in [
            // Half of the losses are at most 3; up to 2 + 3 (3 - 2) are shown, a span of 2.5, with 0.3 of it below and 0.35 above.
            (vec![2.5, 2.0, 3.0, 4.5, 40.0], 1.25, 5.375),
            (vec![2.0, 3.0, 4.0, f64::INFINITY], 1.4, 4.7),
            // No room below zero.
            (vec![1.0, 0.1, 1.0], 0.0, 1.315),
            (vec![f64::INFINITY, f64::NAN], 0.0, 1.0),
        ] {
            let y = Panel::valley(Axis::steps(9, 0.0, 900.0), &band(&median), FRAME).y;
            assert!(
                (y.low - low).abs() < 1e-9 && (y.high - high).abs() < 1e-9,
                "{median:?}: {y:?}"
            );
        }
    }

    #[test]
    fn a_fill_ends_where_the_band_leaves() {
        let mut config = config(&[4.0, 3.0, 2.0, 2.0, 2.0]);
        config.smoothed.upper = vec![5.0, 4.0, 50.0, 60.0, 70.0];
        let panel = Panel::new([&config], FRAME);
        let mut scene = Scene::new(900.0, 300.0, "", "");
        let fills = |scene: &Scene| {
            let last = scene.shapes.iter().find_map(|shape| match shape {
                crate::draw::scene::Shape::Polygon { points, ink } if ink.alpha < 1.0 => Some(points.clone()),
                _ => None,
            });
            last.unwrap().iter().map(|point| point.0).fold(0.0, f64::max)
        };
        let ink = crate::draw::theme::CURVE;
        panel.draw_band_until_it_leaves(&mut scene, &config.lrs, &config.smoothed, ink, 0.5);
        assert!((fills(&scene) - 450.0).abs() < 1e-6, "to the third of five steps");
        let mut whole = Scene::new(900.0, 300.0, "", "");
        panel.draw_band(&mut whole, &config, crate::draw::theme::CURVE, 0.5);
        assert!((fills(&whole) - 900.0).abs() < 1e-6);
    }
}
