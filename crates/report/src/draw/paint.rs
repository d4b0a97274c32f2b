//! Draws a scene on any canvas of plotters; what differs between a vector and a bitmap is in [`Medium`].

use super::color::Color;
use super::font::{self, FAMILY, HEIGHT_PER_EM};
use super::scene::{Align, Point, Scene, Shape, Text};
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea};
use plotters::element::{Circle, PathElement, Polygon};
use plotters::prelude::DrawingBackend;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontDesc, FontFamily, RGBAColor, ShapeStyle};

/// What a canvas is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Medium {
    Vector,
    Bitmap,
}

type Outcome<DB> = Result<(), DrawingAreaErrorKind<<DB as DrawingBackend>::ErrorType>>;

/// Whole units of a canvas with `scale` of them to a logical pixel.
pub(crate) fn size(scene: &Scene, scale: f64) -> (u32, u32) {
    (
        (scene.width * scale).round() as u32,
        (scene.height * scale).round() as u32,
    )
}

/// Draws all shapes of a scene, `scale` units of the canvas to a logical pixel.
pub(crate) fn paint<DB: DrawingBackend>(scene: &Scene, backend: DB, scale: f64, medium: Medium) -> Outcome<DB> {
    let area = backend.into_drawing_area();
    let brush = Brush { area, scale, medium };
    for shape in &scene.shapes {
        match shape {
            Shape::Polygon { points, color } => brush.polygon(points, *color)?,
            Shape::Line { points, color, width } => brush.line(points, *color, *width)?,
            Shape::Disc { at, radius, color } => brush.disc(*at, *radius, *color)?,
            Shape::Text(text) => brush.text(text)?,
        }
    }
    brush.area.present()
}

struct Brush<DB: DrawingBackend> {
    area: DrawingArea<DB, Shift>,
    scale: f64,
    medium: Medium,
}

impl<DB: DrawingBackend> Brush<DB> {
    fn polygon(&self, points: &[Point], color: Color) -> Outcome<DB> {
        let points: Vec<_> = points.iter().map(|&point| self.pixel(point)).collect();
        self.area.draw(&Polygon::new(points, fill(color)))
    }

    fn line(&self, points: &[Point], color: Color, width: f64) -> Outcome<DB> {
        if self.medium == Medium::Vector {
            let points: Vec<_> = points.iter().map(|&point| self.pixel(point)).collect();
            let style = ShapeStyle {
                color: rgba(color),
                filled: false,
                stroke_width: (width * self.scale).round() as u32,
            };
            return self.area.draw(&PathElement::new(points, style));
        }
        // plotters makes one polygon of a thick line, which turns inside out where the line turns within its own width.
        let half = width / 2.0;
        for (index, pair) in points.windows(2).enumerate() {
            let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
            let length = (x1 - x0).hypot(y1 - y0);
            if length > 0.0 {
                let (nx, ny) = (-(y1 - y0) / length * half, (x1 - x0) / length * half);
                let corners = [
                    (x0 + nx, y0 + ny),
                    (x1 + nx, y1 + ny),
                    (x1 - nx, y1 - ny),
                    (x0 - nx, y0 - ny),
                ];
                self.polygon(&corners, color)?;
            }
            if index > 0 {
                self.disc(pair[0], half, color)?;
            }
        }
        Ok(())
    }

    fn disc(&self, at: Point, radius: f64, color: Color) -> Outcome<DB> {
        self.area.draw(&Circle::new(
            self.pixel(at),
            (radius * self.scale).round() as i32,
            fill(color),
        ))
    }

    fn text(&self, text: &Text) -> Outcome<DB> {
        let em = text.em * self.scale;
        // Both backends take the upper edge of the text, but mean other sizes by a font's size and other heights by its
        // upper edge: the SVG backend divides the size by 1.24 and starts 0.76 em above the baseline, `ab_glyph` draws
        // the baseline at half the size.
        let (size, ascent) = match self.medium {
            Medium::Vector => (em * 1.24, em * 0.76),
            Medium::Bitmap => (em * HEIGHT_PER_EM, em * HEIGHT_PER_EM / 2.0),
        };
        let align = match text.align {
            Align::Left => HPos::Left,
            Align::Center => HPos::Center,
            Align::Right => HPos::Right,
        };
        let style = FontDesc::new(FontFamily::Name(FAMILY), size, text.weight.style())
            .color(&rgba(text.color))
            .pos(Pos::new(align, VPos::Top));
        let (x, y) = self.pixel(text.at);
        // Whoever shows an SVG has fonts of their own for what ours lack.
        let line = match self.medium {
            Medium::Vector => text.line.clone(),
            Medium::Bitmap => font::shown(&text.line),
        };
        self.area.draw_text(&line, &style, (x, y - ascent.round() as i32))
    }

    /// Whole units of the canvas. Figures clip their data; the clamp only keeps a mistake from becoming an endless loop
    /// in plotters.
    fn pixel(&self, (x, y): Point) -> (i32, i32) {
        let whole = |value: f64| (value * self.scale).round().clamp(-1e5, 1e6) as i32;
        (whole(x), whole(y))
    }
}

fn rgba(color: Color) -> RGBAColor {
    RGBAColor(color.rgb[0], color.rgb[1], color.rgb[2], color.alpha)
}

fn fill(color: Color) -> ShapeStyle {
    ShapeStyle {
        color: rgba(color),
        filled: true,
        stroke_width: 0,
    }
}
