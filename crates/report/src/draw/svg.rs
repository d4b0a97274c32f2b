//! A scene as SVG.

use super::font;
use super::paint::{Medium, paint, size};
use super::scene::Scene;
use crate::error::ReportError;
use plotters::prelude::SVGBackend;
use seedband_core::printable;

/// plotters places everything on whole units, so the canvas has ten to a logical pixel and its view box shrinks them.
const SCALE: f64 = 10.0;

/// The figure as SVG: text as text, with title and description for screen readers.
///
/// # Errors
/// The drawing library fails; the error names the figure.
pub(crate) fn svg(scene: &Scene, name: &str) -> Result<String, ReportError> {
    font::register().map_err(ReportError::draw(name))?;
    let (width, height) = size(scene, SCALE);
    let mut drawn = String::new();
    let canvas = SVGBackend::with_string(&mut drawn, (width, height));
    paint(scene, canvas, SCALE, Medium::Vector).map_err(ReportError::draw(name))?;
    // The first tag is plotters' own; it knows neither logical sizes nor accessibility.
    let body = drawn.split_once('\n').map_or("", |(_, body)| body);
    let sizes = format!(
        "width=\"{}\" height=\"{}\" viewBox=\"0 0 {width} {height}\"",
        scene.width, scene.height
    );
    let style = "stroke-linejoin=\"round\" stroke-linecap=\"round\"";
    let (title, description) = (escape(&scene.title), escape(&scene.description));
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" {sizes} role=\"img\" {style}>\n<title>{title}</title>\n\
         <desc>{description}</desc>\n{body}"
    );
    // Titles and names are somebody's, and XML allows few control characters.
    Ok(printable(&svg).into_owned())
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
