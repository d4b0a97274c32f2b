//! A plot: its axes, grid, curves and bands. Shared by all figures that have one.

use super::axis::Axis;
use super::clip;
use super::color::Color;
use super::limits::Limits;
use super::scene::{Align, Point, Scene};
use super::theme::{AXIS, GRID, LABEL, LineStyle, MUTED, SMALL};
use seedband_core::summary::Band;

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
    /// A plot that shows losses between `limits`.
    pub(crate) fn new(x: Axis, limits: Limits, frame: Frame) -> Self {
        let y = limits.axis(frame.bottom, frame.top);
        Self { x, y }
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

    /// Vertical grid lines, and labels below `labels`, the height of their ticks.
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

    /// What the horizontal axis shows, `below` its line.
    pub(crate) fn x_title(&self, scene: &mut Scene, below: f64, title: &str) {
        let at = (f64::midpoint(self.x.from, self.x.to), self.y.from + below);
        scene.text(at, title, LABEL, Align::Center, MUTED);
    }

    /// What the vertical axis shows, `above` the plot.
    pub(crate) fn y_title(&self, scene: &mut Scene, above: f64, title: &str) {
        scene.text((self.x.from, self.y.to - above), title, SMALL, Align::Left, MUTED);
    }

    /// Where a value lies; none where it lies above or below the plot or is no number.
    pub(crate) fn point(&self, x: f64, y: f64) -> Option<Point> {
        (0.0..=1.0)
            .contains(&self.y.share(y))
            .then(|| (self.x.at(x), self.y.at(y)))
    }

    /// The visible pieces of a curve.
    pub(crate) fn curve(&self, xs: &[f64], ys: &[f64]) -> Vec<Vec<Point>> {
        self.place(clip::line(&self.columns_of(xs), &self.heights_of(ys)))
    }

    /// The visible polygons between two curves.
    pub(crate) fn band(&self, xs: &[f64], lower: &[f64], upper: &[f64]) -> Vec<Vec<Point>> {
        self.place(clip::band(
            &self.columns_of(xs),
            &self.heights_of(lower),
            &self.heights_of(upper),
        ))
    }

    /// Draws the visible pieces of a curve.
    pub(crate) fn draw_curve(&self, scene: &mut Scene, xs: &[f64], ys: &[f64], color: Color, width: f64) {
        for piece in self.curve(xs, ys) {
            scene.line(&piece, color, width);
        }
    }

    /// The same in a style that tells it from other curves.
    pub(crate) fn draw_styled(&self, scene: &mut Scene, xs: &[f64], ys: &[f64], style: LineStyle, width: f64) {
        for piece in self.curve(xs, ys) {
            scene.dashed(&piece, style.dash, style.color, width);
        }
    }

    /// Fills a band with a value at each of `xs` and draws its two edges.
    pub(crate) fn draw_band(&self, scene: &mut Scene, xs: &[f64], band: &Band, color: Color, alpha: f64) {
        self.fill_and_edges(scene, xs, [&band.lower, &band.upper], color, alpha);
    }

    /// The same, filled only until its upper edge leaves the plot for good: several such fills on top of each other
    /// would hide the rest.
    pub(crate) fn draw_band_until_it_leaves(
        &self,
        scene: &mut Scene,
        xs: &[f64],
        band: &Band,
        color: Color,
        alpha: f64,
    ) {
        let mut upper = band.upper.clone();
        let inside = upper.iter().rposition(|&y| self.y.share(y) <= 1.0);
        // One more step shows the edge on its way out.
        for y in upper.iter_mut().skip(inside.map_or(0, |index| index + 2)) {
            *y = f64::NAN;
        }
        self.fill_and_edges(scene, xs, [&band.lower, &upper], color, alpha);
    }

    fn fill_and_edges(&self, scene: &mut Scene, xs: &[f64], [lower, upper]: [&[f64]; 2], color: Color, alpha: f64) {
        for polygon in self.band(xs, lower, upper) {
            scene.polygon(polygon, color.alpha(alpha));
        }
        for edge in [lower, upper] {
            self.draw_curve(scene, xs, edge, color.tint(0.5), 1.0);
        }
    }

    /// Height of a curve at `x`, as drawn; between steps along the straight line. None where the curve is not in the
    /// plot.
    pub(crate) fn height_at(&self, xs: &[f64], ys: &[f64], x: f64) -> Option<f64> {
        let x = self.x.at(x);
        self.curve(xs, ys)
            .iter()
            .flat_map(|piece| piece.windows(2))
            .find(|pair| pair[0].0 <= x && x <= pair[1].0)
            .map(|pair| {
                let width = pair[1].0 - pair[0].0;
                let share = if width > 0.0 { (x - pair[0].0) / width } else { 0.0 };
                pair[0].1 + (pair[1].1 - pair[0].1) * share
            })
    }

    fn columns_of(&self, xs: &[f64]) -> Vec<f64> {
        xs.iter().map(|&x| self.x.share(x)).collect()
    }

    fn heights_of(&self, ys: &[f64]) -> Vec<f64> {
        ys.iter().map(|&y| self.y.share(y)).collect()
    }

    fn place(&self, pieces: Vec<Vec<Point>>) -> Vec<Vec<Point>> {
        let place = |(x, y): Point| (self.x.place(x), self.y.place(y));
        pieces
            .into_iter()
            .map(|piece| piece.into_iter().map(place).collect())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::Shape;
    use super::super::theme::CURVE;
    use super::*;

    const FRAME: Frame = Frame {
        left: 0.0,
        top: 0.0,
        right: 900.0,
        bottom: 300.0,
    };

    /// A band that is one curve, and a plot of it over nine decades of learning rates.
    fn plot(losses: &[f64]) -> (Vec<f64>, Band, Panel) {
        let last = (losses.len() - 1) as f64;
        let lrs: Vec<f64> = (0..losses.len())
            .map(|step| 10f64.powf(-7.0 + 9.0 * step as f64 / last))
            .collect();
        let band = Band {
            n: 1,
            ended: vec![0; losses.len()],
            median: losses.to_vec(),
            lower: losses.to_vec(),
            upper: losses.to_vec(),
        };
        let x = Axis::rates(lrs.iter().copied(), FRAME.left, FRAME.right);
        let panel = Panel::new(x, Limits::of([&band]), FRAME);
        (lrs, band, panel)
    }

    #[test]
    fn heights_lie_on_the_line_between_steps() {
        // Learning rates 1e-7, 10^-2.5 and 100; the axis shows 1.4 to 4.7 over 300 pixels.
        let (lrs, band, panel) = plot(&[4.0, 2.0, f64::INFINITY]);
        let middle = 10f64.powf((-7.0 - 2.5) / 2.0);
        let height = panel.height_at(&lrs, &band.median, middle).unwrap();
        assert!((height - 300.0 * (4.7 - 3.0) / 3.3).abs() < 1e-6, "{height}");
        let at_the_end = panel.height_at(&lrs, &band.median, 100.0).unwrap();
        assert!(at_the_end.abs() < 1e-9, "infinite: drawn up to the upper edge");
        assert_eq!(panel.height_at(&lrs, &[f64::NAN; 3], middle), None);
    }

    #[test]
    fn a_fill_ends_where_the_band_leaves() {
        let (lrs, mut band, panel) = plot(&[4.0, 3.0, 2.0, 2.0, 2.0]);
        band.upper = vec![5.0, 4.0, 50.0, 60.0, 70.0];
        let right_edge = |scene: &Scene| {
            let fill = scene.shapes.iter().find_map(|shape| match shape {
                Shape::Polygon { points, color } if color.alpha < 1.0 => Some(points.clone()),
                _ => None,
            });
            fill.unwrap().iter().map(|point| point.0).fold(0.0, f64::max)
        };
        let mut cut = Scene::new(900.0, 300.0, "", "");
        panel.draw_band_until_it_leaves(&mut cut, &lrs, &band, CURVE, 0.5);
        assert!((right_edge(&cut) - 450.0).abs() < 1e-6, "to the third of five steps");
        let mut whole = Scene::new(900.0, 300.0, "", "");
        panel.draw_band(&mut whole, &lrs, &band, CURVE, 0.5);
        assert!((right_edge(&whole) - 900.0).abs() < 1e-6);
    }
}
