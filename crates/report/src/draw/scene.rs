//! A figure as plain data: shapes in logical pixels, y downwards. What a figure shows is decided here, how it gets onto paper in
//! [`paint`](crate::draw::paint).

use crate::draw::font::Weight;
use crate::draw::simplify::simplify;
use crate::draw::theme::{Ink, WHITE};

/// x and y in logical pixels from the upper left corner.
pub(crate) type Point = (f64, f64);

/// What a text is placed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Center,
    Right,
}

/// A line of text.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    /// A point on the baseline.
    pub(crate) at: Point,
    pub(crate) line: String,
    /// Pixels to the em.
    pub(crate) em: f64,
    pub(crate) weight: Weight,
    pub(crate) align: Align,
    pub(crate) ink: Ink,
}

#[derive(Debug, Clone)]
pub(crate) enum Shape {
    Polygon { points: Vec<Point>, ink: Ink },
    Line { points: Vec<Point>, ink: Ink, width: f64 },
    Disc { at: Point, radius: f64, ink: Ink },
    Text(Text),
}

/// A figure.
#[derive(Debug, Clone)]
pub(crate) struct Scene {
    pub(crate) width: f64,
    pub(crate) height: f64,
    /// What it shows, in a few words.
    pub(crate) title: String,
    /// The same for those who cannot see it.
    pub(crate) description: String,
    pub(crate) shapes: Vec<Shape>,
}

impl Scene {
    /// An empty figure on white.
    pub(crate) fn new(width: f64, height: f64, title: impl Into<String>, description: impl Into<String>) -> Self {
        let mut scene = Self {
            width,
            height,
            title: title.into(),
            description: description.into(),
            shapes: Vec::new(),
        };
        scene.rect((0.0, 0.0), (width, height), WHITE);
        scene
    }

    pub(crate) fn polygon(&mut self, points: Vec<Point>, ink: Ink) {
        self.shapes.push(Shape::Polygon { points, ink });
    }

    /// A filled rectangle between two opposite corners.
    pub(crate) fn rect(&mut self, (left, top): Point, (right, bottom): Point, ink: Ink) {
        self.polygon(vec![(left, top), (right, top), (right, bottom), (left, bottom)], ink);
    }

    /// A line through the points, without those that nobody could see are missing.
    pub(crate) fn line(&mut self, points: &[Point], ink: Ink, width: f64) {
        if points.len() > 1 {
            self.shapes.push(Shape::Line {
                points: simplify(points),
                ink,
                width,
            });
        }
    }

    /// A dashed line; `dash` are lengths of dashes and gaps in turn, empty for a solid line.
    pub(crate) fn dashed(&mut self, points: &[Point], dash: &[f64], ink: Ink, width: f64) {
        if dash.is_empty() {
            self.line(points, ink, width);
            return;
        }
        for piece in dashes(&simplify(points), dash) {
            self.line(&piece, ink, width);
        }
    }

    pub(crate) fn disc(&mut self, at: Point, radius: f64, ink: Ink) {
        self.shapes.push(Shape::Disc { at, radius, ink });
    }

    /// A square standing on its corner.
    pub(crate) fn diamond(&mut self, (x, y): Point, radius: f64, ink: Ink) {
        self.polygon(
            vec![(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)],
            ink,
        );
    }

    pub(crate) fn text(&mut self, at: Point, text: impl Into<String>, em: f64, align: Align, ink: Ink) {
        self.shapes.push(Shape::Text(Text {
            at,
            line: text.into(),
            em,
            weight: Weight::Regular,
            align,
            ink,
        }));
    }

    pub(crate) fn bold(&mut self, at: Point, text: impl Into<String>, em: f64, align: Align, ink: Ink) {
        self.shapes.push(Shape::Text(Text {
            at,
            line: text.into(),
            em,
            weight: Weight::SemiBold,
            align,
            ink,
        }));
    }
}

/// Cuts a line into its dashes. SVG could do it, bitmaps could not, and plotters asks neither.
fn dashes(points: &[Point], dash: &[f64]) -> Vec<Vec<Point>> {
    let mut pieces = Vec::new();
    let mut index = 0;
    let mut left = dash[0];
    let mut piece: Vec<Point> = points.first().copied().into_iter().collect();
    for pair in points.windows(2) {
        let (mut from, to) = (pair[0], pair[1]);
        loop {
            let length = (to.0 - from.0).hypot(to.1 - from.1);
            let drawn = index % 2 == 0;
            if length <= left {
                left -= length;
                if drawn {
                    piece.push(to);
                }
                break;
            }
            let share = left / length;
            from = (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share);
            if drawn {
                piece.push(from);
                pieces.push(std::mem::take(&mut piece));
            } else {
                piece = vec![from];
            }
            index = (index + 1) % (dash.len() + dash.len() % 2);
            // A dash is never shorter than this, so the loop ends.
            left = dash[index % dash.len()].max(0.1);
        }
    }
    if piece.len() > 1 {
        pieces.push(piece);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_into_dashes() {
        let pieces = dashes(&[(0.0, 0.0), (4.0, 0.0), (10.0, 0.0)], &[3.0, 2.0]);
        assert_eq!(pieces, [vec![(0.0, 0.0), (3.0, 0.0)], vec![(5.0, 0.0), (8.0, 0.0)]]);
        let around_a_corner = dashes(&[(0.0, 0.0), (2.0, 0.0), (2.0, 9.0)], &[3.0, 20.0]);
        assert_eq!(around_a_corner, [vec![(0.0, 0.0), (2.0, 0.0), (2.0, 1.0)]]);
        assert_eq!(dashes(&[], &[3.0, 2.0]), Vec::<Vec<Point>>::new());
    }
}
