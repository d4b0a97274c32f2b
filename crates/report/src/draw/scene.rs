//! A figure as plain data: shapes in logical pixels, y downwards. What a figure shows is decided here, how it gets onto
//! paper in [`paint`](super::paint).

use super::color::Color;
use super::dashes::dashes;
use super::font::Weight;
use super::simplify::simplify;
use super::theme::WHITE;

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
    pub(crate) color: Color,
}

#[derive(Debug, Clone)]
pub(crate) enum Shape {
    Polygon {
        points: Vec<Point>,
        color: Color,
    },
    Line {
        points: Vec<Point>,
        color: Color,
        width: f64,
    },
    Disc {
        at: Point,
        radius: f64,
        color: Color,
    },
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

    pub(crate) fn polygon(&mut self, points: Vec<Point>, color: Color) {
        self.shapes.push(Shape::Polygon { points, color });
    }

    /// A filled rectangle between two opposite corners.
    pub(crate) fn rect(&mut self, (left, top): Point, (right, bottom): Point, color: Color) {
        self.polygon(vec![(left, top), (right, top), (right, bottom), (left, bottom)], color);
    }

    /// A line through the points, without those that nobody could see are missing.
    pub(crate) fn line(&mut self, points: &[Point], color: Color, width: f64) {
        if points.len() > 1 {
            self.shapes.push(Shape::Line {
                points: simplify(points),
                color,
                width,
            });
        }
    }

    /// A dashed line; `dash` are lengths of dashes and gaps in turn, empty for a solid line.
    pub(crate) fn dashed(&mut self, points: &[Point], dash: &[f64], color: Color, width: f64) {
        if dash.is_empty() {
            self.line(points, color, width);
            return;
        }
        for piece in dashes(&simplify(points), dash) {
            self.line(&piece, color, width);
        }
    }

    pub(crate) fn disc(&mut self, at: Point, radius: f64, color: Color) {
        self.shapes.push(Shape::Disc { at, radius, color });
    }

    /// A square standing on its corner.
    pub(crate) fn diamond(&mut self, (x, y): Point, radius: f64, color: Color) {
        self.polygon(
            vec![(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)],
            color,
        );
    }

    pub(crate) fn text(&mut self, at: Point, text: impl Into<String>, em: f64, align: Align, color: Color) {
        self.shapes.push(Shape::Text(Text {
            at,
            line: text.into(),
            em,
            weight: Weight::Regular,
            align,
            color,
        }));
    }

    pub(crate) fn bold(&mut self, at: Point, text: impl Into<String>, em: f64, align: Align, color: Color) {
        self.shapes.push(Shape::Text(Text {
            at,
            line: text.into(),
            em,
            weight: Weight::SemiBold,
            align,
            color,
        }));
    }
}
