//! Examples on a device.

use seedband_data::{Examples, Moments, Shape, Values};
use tch::{Device, Kind, TchError, Tensor};

/// Examples on a device.
#[derive(Debug)]
pub struct Dataset {
    /// Bytes or float32 `[n, channels, height, width]`, for features `[n, features, 1, 1]`.
    pub values: Tensor,
    /// Class of each example, `[n]`, 64-bit integers.
    pub labels: Tensor,
    /// Number of examples.
    pub count: usize,
    /// What one example is.
    pub shape: Shape,
    /// Number of classes.
    pub classes: usize,
    /// SHA-256 of examples and labels, see [`Examples::fingerprint`].
    pub fingerprint: String,
    /// Mean and population standard deviation of each channel as a network sees it.
    pub moments: Moments,
}

impl Dataset {
    /// Moves examples to `device`.
    pub fn new(examples: &Examples, device: Device) -> Result<Self, TchError> {
        let [channels, height, width] = examples.shape.sides();
        let shape = [examples.count(), channels, height, width].map(|side| side as i64);
        if examples.values.len() as i64 != shape.iter().product::<i64>() {
            // The calls below trust the shape and would read beyond the numbers.
            return Err(TchError::Shape(format!(
                "{} numbers are no examples of {shape:?}",
                examples.values.len()
            )));
        }
        let values = match &examples.values {
            Values::Bytes(bytes) => Tensor::f_from_data_size(bytes, &shape, Kind::Uint8)?,
            Values::Floats(floats) => Tensor::f_from_slice(floats)?.f_reshape(shape)?,
        };
        let labels: Vec<i64> = examples.labels.iter().map(|label| i64::from(*label)).collect();
        Ok(Self {
            values: values.f_to(device)?,
            labels: Tensor::f_from_slice(&labels)?.f_to(device)?,
            count: examples.count(),
            shape: examples.shape,
            classes: examples.classes,
            fingerprint: examples.fingerprint(),
            moments: examples.moments(),
        })
    }
}
