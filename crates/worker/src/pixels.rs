//! From numbers in memory to what the network sees: bytes are divided by 255, then perhaps (x - mean) / std by channel.

use crate::dataset::Dataset;
use crate::failure::TrialError;
use seedband_core::settings::{Normalize, Pixels};
use seedband_data::fit;
use tch::{Device, Kind, TchError, Tensor};

/// The normalisation of a trial.
#[derive(Debug)]
pub struct Normalizer(Option<(Tensor, Tensor)>);

impl Normalizer {
    /// The normalisation of `pixels`; means and deviations that it leaves open are those of the training data.
    ///
    /// A feature without deviation is only centred, as by scikit-learn's `StandardScaler`.
    ///
    /// # Errors
    /// A channel of the training images has no deviation; means are given for another number of channels.
    pub fn new(pixels: &Pixels, dataset: &Dataset, kind: Kind, device: Device) -> Result<Self, TrialError> {
        if pixels.normalize == Normalize::None {
            return Ok(Self(None));
        }
        fit::normalization(pixels, dataset.shape, Some(&dataset.moments))?;
        let mean = pixels.mean.as_ref().unwrap_or(&dataset.moments.mean);
        let mut deviation = pixels.std.as_ref().unwrap_or(&dataset.moments.deviation).clone();
        // Of features: images without deviation have just been refused.
        let without = deviation.iter_mut().filter(|value| **value == 0.0);
        without.for_each(|value| *value = 1.0);
        let tensor = |values: &[f64]| {
            Tensor::f_from_slice(values)?
                .f_reshape([1, -1, 1, 1])?
                .f_to_device_(device, kind, false, false)
        };
        Ok(Self(Some((tensor(mean)?, tensor(&deviation)?))))
    }

    /// Normalises `[n, channels, height, width]`.
    pub fn apply(&self, images: Tensor) -> Result<Tensor, TchError> {
        match &self.0 {
            Some((mean, deviation)) => images.f_sub(mean)?.f_div(deviation),
            None => Ok(images),
        }
    }
}

/// As numbers of `kind`, bytes from 0 to 1, in the same shape.
pub fn to_unit(values: &Tensor, kind: Kind) -> Result<Tensor, TchError> {
    let numbers = values.f_to_dtype(kind, false, false)?;
    if values.kind() == Kind::Uint8 {
        numbers.f_div_scalar(255.0)
    } else {
        Ok(numbers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::DataMismatch;
    use seedband_data::{Examples, Shape, Values};

    fn dataset(green: u8) -> Dataset {
        let examples = Examples::rgb(vec![0, 255, 51, green, 0, 255], vec![0], 1, 2, 2);
        Dataset::new(&examples, Device::Cpu).unwrap()
    }

    fn applied(pixels: &Pixels, dataset: &Dataset) -> Result<Vec<f64>, TrialError> {
        let normalizer = Normalizer::new(pixels, dataset, Kind::Double, Device::Cpu)?;
        let images = to_unit(&dataset.values, Kind::Double)?;
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
            mean: Some(vec![0.5, 0.0, 1.0]),
            std: Some(vec![0.5, 1.0, 2.0]),
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
            Err(TrialError::Mismatch(DataMismatch::Constant("green")))
        ));
    }
    #[test]
    fn features_are_taken_as_they_are_and_normalised_one_by_one() {
        // Two examples of two features: 1 and 3, and 7 throughout.
        let examples = Examples {
            values: Values::Floats(vec![1.0, 7.0, 3.0, 7.0]),
            labels: vec![0, 1],
            shape: Shape::Features(2),
            classes: 2,
        };
        let dataset = Dataset::new(&examples, Device::Cpu).unwrap();
        assert_eq!(applied(&Pixels::default(), &dataset).unwrap(), [-1.0, 0.0, 1.0, 0.0]);
        let grey = Pixels {
            mean: Some(vec![0.5]),
            std: Some(vec![0.5]),
            ..Pixels::default()
        };
        let message = applied(&grey, &dataset).unwrap_err().to_string();
        assert!(
            message.contains("have 1 numbers, and the data has 2 channels"),
            "{message}"
        );
    }
}
