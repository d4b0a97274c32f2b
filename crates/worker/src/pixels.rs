//! From bytes to what the network sees: division by 255, then perhaps (x - mean) / std by channel.

use crate::data::{DataError, Dataset};
use seedband_core::settings::{Normalize, Pixels};
use tch::{Device, Kind, TchError, Tensor};

/// The normalisation of a trial.
#[derive(Debug)]
pub struct Normalizer(Option<(Tensor, Tensor)>);

impl Normalizer {
    /// The normalisation of `pixels`; means and deviations that it leaves open are those of the training images.
    ///
    /// # Errors
    /// A channel of the training images has no deviation.
    pub fn new(pixels: &Pixels, dataset: &Dataset, kind: Kind, device: Device) -> Result<Self, DataError> {
        if pixels.normalize == Normalize::None {
            return Ok(Self(None));
        }
        let mean = pixels.mean.unwrap_or(dataset.mean);
        let deviation = pixels.std.unwrap_or(dataset.deviation);
        for (value, channel) in deviation.iter().zip(["red", "green", "blue"]) {
            if *value == 0.0 {
                return Err(DataError::Constant(channel));
            }
        }
        let tensor = |values: &[f64; 3]| {
            Tensor::f_from_slice(values)?
                .f_reshape([1, 3, 1, 1])?
                .f_to_device_(device, kind, false, false)
        };
        Ok(Self(Some((tensor(&mean)?, tensor(&deviation)?))))
    }

    /// Normalises `[n, 3, height, width]` in units of 0 to 1.
    pub fn apply(&self, images: Tensor) -> Result<Tensor, TchError> {
        match &self.0 {
            Some((mean, deviation)) => images.f_sub(mean)?.f_div(deviation),
            None => Ok(images),
        }
    }
}

/// Bytes as numbers of `kind` from 0 to 1, in the same shape.
pub fn to_unit(bytes: &Tensor, kind: Kind) -> Result<Tensor, TchError> {
    bytes.f_to_dtype(kind, false, false)?.f_div_scalar(255.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Images;

    fn dataset(green: u8) -> Dataset {
        let pixels = vec![0, 255, 51, green, 0, 255];
        let images = Images {
            pixels,
            labels: vec![0],
            height: 1,
            width: 2,
            classes: 2,
        };
        Dataset::new(&images, Device::Cpu).unwrap()
    }

    fn applied(pixels: &Pixels, dataset: &Dataset) -> Result<Vec<f64>, DataError> {
        let normalizer = Normalizer::new(pixels, dataset, Kind::Double, Device::Cpu)?;
        let images = dataset.pixels.to_kind(Kind::Double) / 255.0;
        Ok(Vec::try_from(normalizer.apply(images)?.reshape([-1]))?)
    }

    #[test]
    fn means_and_deviations_are_the_images_own_or_given() {
        let own = applied(&Pixels::default(), &dataset(153)).unwrap();
        // Red is 0 and 1, so -1 and 1; green is 0.2 and 0.6 with mean 0.4 and deviation 0.2.
        for (value, expected) in own.iter().zip([-1.0, 1.0, -1.0, 1.0, -1.0, 1.0]) {
            // 0.2 and 0.6 are not binary fractions.
            assert!((value - expected).abs() < 1e-14, "{own:?}");
        }
        let given = Pixels {
            mean: Some([0.5, 0.0, 1.0]),
            std: Some([0.5, 1.0, 2.0]),
            ..Pixels::default()
        };
        assert_eq!(applied(&given, &dataset(51)).unwrap(), [-1.0, 1.0, 0.2, 0.2, -0.5, 0.0]);
        let none = Pixels {
            normalize: Normalize::None,
            ..Pixels::default()
        };
        assert_eq!(applied(&none, &dataset(51)).unwrap(), [0.0, 1.0, 0.2, 0.2, 0.0, 1.0]);
    }

    #[test]
    fn a_channel_without_deviation_is_an_error() {
        assert!(matches!(
            applied(&Pixels::default(), &dataset(51)),
            Err(DataError::Constant("green"))
        ));
    }
}
