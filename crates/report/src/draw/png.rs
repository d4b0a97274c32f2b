//! A scene as PNG.

use super::font;
use super::paint::{Medium, paint, size};
use super::scene::Scene;
use crate::error::ReportError;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};
use plotters::prelude::BitMapBackend;

/// Pixels for a logical pixel in the finished image.
const SCALE: f64 = 2.0;
/// Most pixels of the bitmap that is drawn large and then made smaller: 75 MB.
const MOST_PIXELS: f64 = 25e6;

/// The figure as PNG, twice the logical size.
///
/// # Errors
/// The drawing or the image library fails; the error names the figure.
pub(crate) fn png(scene: &Scene, name: &str) -> Result<Vec<u8>, ReportError> {
    font::register().map_err(ReportError::draw(name))?;
    let logical = scene.width * scene.height;
    // Drawn larger and made smaller again, lines are even and glyphs stand where they should.
    let factor = (MOST_PIXELS / (logical * SCALE * SCALE)).sqrt().floor().clamp(1.0, 3.0) as u32;
    let (width, height) = size(scene, SCALE);
    let drawn = (width * factor, height * factor);
    let mut pixels = vec![0; drawn.0 as usize * drawn.1 as usize * 3];
    let canvas = BitMapBackend::with_buffer(&mut pixels, drawn);
    paint(scene, canvas, SCALE * f64::from(factor), Medium::Bitmap).map_err(ReportError::draw(name))?;
    let small = reduce(&pixels, width as usize, factor as usize);
    let mut bytes = Vec::new();
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Default, FilterType::Adaptive)
        .write_image(&small, width, height, ExtendedColorType::Rgb8)
        .map_err(ReportError::draw(name))?;
    Ok(bytes)
}

/// An RGB image with the mean of each block of `factor` x `factor` pixels as one pixel, `width` of them to a row. The
/// resizing of the `image` crate would take most of the time of a figure.
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
