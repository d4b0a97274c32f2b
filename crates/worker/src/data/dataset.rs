//! Images on a device.

use super::{DataError, Images};
use tch::{Device, Kind, TchError, Tensor};

/// Images on a device.
#[derive(Debug)]
pub struct Dataset {
    /// Bytes `[n, 3, height, width]`: red, green, blue.
    pub pixels: Tensor,
    /// Class of each image, `[n]`, 64-bit integers.
    pub labels: Tensor,
    /// Number of images.
    pub count: usize,
    /// Height in pixels.
    pub height: usize,
    /// Width in pixels.
    pub width: usize,
    /// Number of classes.
    pub classes: usize,
    /// SHA-256 of images and labels, see [`Images::fingerprint`].
    pub fingerprint: String,
    /// Mean of each channel in units of 0 to 1.
    pub mean: [f64; 3],
    /// Population standard deviation of each channel in units of 0 to 1.
    pub deviation: [f64; 3],
}

impl Dataset {
    /// Moves images to `device`.
    pub fn new(images: &Images, device: Device) -> Result<Self, DataError> {
        let shape = [images.count(), 3, images.height, images.width].map(|side| side as i64);
        if images.pixels.len() as i64 != shape.iter().product::<i64>() {
            // The call below trusts the shape and would read beyond the bytes.
            return Err(TchError::Shape(format!("{} bytes are no images of {shape:?}", images.pixels.len())).into());
        }
        let labels: Vec<i64> = images.labels.iter().map(|label| i64::from(*label)).collect();
        let (mean, deviation) = images.moments();
        Ok(Self {
            pixels: Tensor::f_from_data_size(&images.pixels, &shape, Kind::Uint8)?.f_to(device)?,
            labels: Tensor::f_from_slice(&labels)?.f_to(device)?,
            count: images.count(),
            height: images.height,
            width: images.width,
            classes: images.classes,
            fingerprint: images.fingerprint(),
            mean,
            deviation,
        })
    }
}
