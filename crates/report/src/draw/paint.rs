//! From a scene to SVG and PNG. [`paint`] is one drawing function for every plotters backend; what differs between a vector and a bitmap
//! is in [`Medium`].

use crate::draw::font::{self, FAMILY, HEIGHT_PER_EM};
use crate::draw::scene::{Align, Point, Scene, Shape, Text};
use crate::draw::theme::Ink;
use crate::error::ReportError;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea};
use plotters::element::{Circle, PathElement, Polygon};
use plotters::prelude::{BitMapBackend, DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontDesc, FontFamily, RGBAColor, ShapeStyle};

/// plotters places everything on whole units, so the SVG canvas has ten to a logical pixel and its view box shrinks them.
const VECTOR_SCALE: f64 = 10.0;
/// Bitmap pixels for a logical pixel in the finished PNG.
const PNG_SCALE: f64 = 2.0;
/// Most pixels of the bitmap that is drawn large and then made smaller: 75 MB.
const MOST_PIXELS: f64 = 25e6;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Medium {
    Vector,
    Bitmap,
}

type Outcome<DB> = Result<(), DrawingAreaErrorKind<<DB as DrawingBackend>::ErrorType>>;

/// The figure as SVG: text as text, with title and description for screen readers.
pub(crate) fn svg(scene: &Scene, name: &str) -> Result<String, ReportError> {
    let failed = |source| ReportError::Draw {
        figure: name.to_owned(),
        source,
    };
    font::register().map_err(|error| failed(error.into()))?;
    let (width, height) = size(scene, VECTOR_SCALE);
    let mut drawn = String::new();
    paint(
        scene,
        SVGBackend::with_string(&mut drawn, (width, height)),
        VECTOR_SCALE,
        Medium::Vector,
    )
    .map_err(|error| failed(error.into()))?;
    // The first tag is plotters' own; it knows neither logical sizes nor accessibility.
    let body = drawn.split_once('\n').map_or("", |(_, body)| body);
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
         stroke-linejoin=\"round\" stroke-linecap=\"round\">\n<title>{}</title>\n<desc>{}</desc>\n{body}",
        scene.width,
        scene.height,
        escape(&scene.title),
        escape(&scene.description),
    ))
}

/// The figure as PNG, twice the logical size.
pub(crate) fn png(scene: &Scene, name: &str) -> Result<Vec<u8>, ReportError> {
    let failed = |source| ReportError::Draw {
        figure: name.to_owned(),
        source,
    };
    font::register().map_err(|error| failed(error.into()))?;
    let logical = scene.width * scene.height;
    // Drawn larger and made smaller again, lines are even and glyphs stand where they should.
    let larger = (MOST_PIXELS / (logical * PNG_SCALE * PNG_SCALE))
        .sqrt()
        .floor()
        .clamp(1.0, 3.0) as u32;
    let (width, height) = size(scene, PNG_SCALE);
    let drawn = (width * larger, height * larger);
    let mut pixels = vec![0; drawn.0 as usize * drawn.1 as usize * 3];
    paint(
        scene,
        BitMapBackend::with_buffer(&mut pixels, drawn),
        PNG_SCALE * f64::from(larger),
        Medium::Bitmap,
    )
    .map_err(|error| failed(error.into()))?;
    let small = reduce(&pixels, width as usize, larger as usize);
    let mut bytes = Vec::new();
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Default, FilterType::Adaptive)
        .write_image(&small, width, height, ExtendedColorType::Rgb8)
        .map_err(|error| failed(error.into()))?;
    Ok(bytes)
}

/// An RGB image with the mean of each block of `factor` x `factor` pixels as one pixel, `width` of them to a row. The resizing of the
/// `image` crate would take most of the time of a figure.
fn reduce(pixels: &[u8], width: usize, factor: usize) -> Vec<u8> {
    let area = (factor * factor) as u32;
    let mut reduced = Vec::with_capacity(pixels.len() / (factor * factor));
    let mut sums = vec![0_u32; width * 3];
    for rows in pixels.chunks_exact(width * factor * 3 * factor) {
        sums.fill(0);
        for row in rows.chunks_exact(width * factor * 3) {
            for (block, sum) in row.chunks_exact(factor * 3).zip(sums.chunks_exact_mut(3)) {
                for pixel in block.chunks_exact(3) {
                    sum[0] += u32::from(pixel[0]);
                    sum[1] += u32::from(pixel[1]);
                    sum[2] += u32::from(pixel[2]);
                }
            }
        }
        reduced.extend(sums.iter().map(|sum| ((sum + area / 2) / area) as u8));
    }
    reduced
}

fn size(scene: &Scene, scale: f64) -> (u32, u32) {
    (
        (scene.width * scale).round() as u32,
        (scene.height * scale).round() as u32,
    )
}

fn paint<DB: DrawingBackend>(scene: &Scene, backend: DB, scale: f64, medium: Medium) -> Outcome<DB> {
    let area = backend.into_drawing_area();
    let brush = Brush { area, scale, medium };
    for shape in &scene.shapes {
        match shape {
            Shape::Polygon { points, ink } => brush.polygon(points, *ink)?,
            Shape::Line { points, ink, width } => brush.line(points, *ink, *width)?,
            Shape::Disc { at, radius, ink } => brush.disc(*at, *radius, *ink)?,
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
    fn polygon(&self, points: &[Point], ink: Ink) -> Outcome<DB> {
        let points: Vec<_> = points.iter().map(|&point| self.pixel(point)).collect();
        self.area.draw(&Polygon::new(points, fill(ink)))
    }

    fn line(&self, points: &[Point], ink: Ink, width: f64) -> Outcome<DB> {
        if self.medium == Medium::Vector {
            let points: Vec<_> = points.iter().map(|&point| self.pixel(point)).collect();
            let style = ShapeStyle {
                color: color(ink),
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
                self.polygon(&corners, ink)?;
            }
            if index > 0 {
                self.disc(pair[0], half, ink)?;
            }
        }
        Ok(())
    }

    fn disc(&self, at: Point, radius: f64, ink: Ink) -> Outcome<DB> {
        self.area.draw(&Circle::new(
            self.pixel(at),
            (radius * self.scale).round() as i32,
            fill(ink),
        ))
    }

    fn text(&self, text: &Text) -> Outcome<DB> {
        let em = text.em * self.scale;
        // Both backends take the upper edge of the text, but mean other sizes by a font's size and other heights by its upper edge: the SVG
        // backend divides the size by 1.24 and starts 0.76 em above the baseline, `ab_glyph` draws the baseline at half the size.
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
            .color(&color(text.ink))
            .pos(Pos::new(align, VPos::Top));
        let (x, y) = self.pixel(text.at);
        self.area.draw_text(&text.line, &style, (x, y - ascent.round() as i32))
    }

    /// Whole backend units. Figures clip their data; the clamp only keeps a mistake from becoming an endless loop in plotters.
    fn pixel(&self, (x, y): Point) -> (i32, i32) {
        let whole = |value: f64| (value * self.scale).round().clamp(-1e5, 1e6) as i32;
        (whole(x), whole(y))
    }
}

fn color(ink: Ink) -> RGBAColor {
    RGBAColor(ink.rgb[0], ink.rgb[1], ink.rgb[2], ink.alpha)
}

fn fill(ink: Ink) -> ShapeStyle {
    ShapeStyle {
        color: color(ink),
        filled: true,
        stroke_width: 0,
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_become_their_mean() {
        // Two blocks of 2 x 2 pixels side by side; red 1, 2, 3, 6 gives 3, green and blue stay.
        let row = |reds: [u8; 4]| reds.into_iter().flat_map(|red| [red, 7, 9]).collect::<Vec<u8>>();
        let pixels = [row([1, 2, 0, 0]), row([3, 6, 0, 255])].concat();
        assert_eq!(reduce(&pixels, 2, 2), [3, 7, 9, 64, 7, 9]);
        assert_eq!(reduce(&pixels, 4, 1), pixels);
    }
}
