//! Decoded images in memory.

use seedband_core::files::fsio::hex;
use sha2::{Digest, Sha256};

/// Images of one size with their classes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Images {
    /// Bytes in the order `[n, 3, height, width]`: red, green, blue planes of each image.
    pub pixels: Vec<u8>,
    /// Class of each image, from 0.
    pub labels: Vec<u32>,
    /// Height in pixels.
    pub height: usize,
    /// Width in pixels.
    pub width: usize,
    /// Number of classes.
    pub classes: usize,
}

impl Images {
    /// Number of images.
    pub fn count(&self) -> usize {
        self.labels.len()
    }

    /// The images at `indices`, all below the number of images, in that order.
    pub(super) fn select(&self, indices: &[u32]) -> Self {
        let size = 3 * self.height * self.width;
        let indices = || indices.iter().map(|index| *index as usize);
        Self {
            pixels: indices()
                .flat_map(|index| &self.pixels[index * size..][..size])
                .copied()
                .collect(),
            labels: indices().map(|index| self.labels[index]).collect(),
            ..*self
        }
    }

    /// SHA-256 in hexadecimal over count, height, width and classes as 64-bit, all pixels, and all labels as 32-bit
    /// little-endian numbers.
    pub fn fingerprint(&self) -> String {
        let mut digest = Sha256::new();
        for number in [self.count(), self.height, self.width, self.classes] {
            digest.update((number as u64).to_le_bytes());
        }
        digest.update(&self.pixels);
        for label in &self.labels {
            digest.update(label.to_le_bytes());
        }
        hex(&digest.finalize())
    }

    /// Mean and population standard deviation of each channel over all images, in units of 0 to 1.
    ///
    /// Sums are whole numbers and exact, so the result does not depend on the order of images or the number of threads.
    pub fn moments(&self) -> ([f64; 3], [f64; 3]) {
        let plane = self.height * self.width;
        let mut sums = [(0_u64, 0_u64); 3];
        for (index, plane) in self.pixels.chunks_exact(plane.max(1)).enumerate() {
            let (sum, squares) = &mut sums[index % 3];
            for pixel in plane {
                *sum += u64::from(*pixel);
                *squares += u64::from(*pixel) * u64::from(*pixel);
            }
        }
        let n = (self.count() * plane) as u128;
        let mean = sums.map(|(sum, _)| sum as f64 / n as f64 / 255.0);
        // n^2 variance = n sum(x^2) - sum(x)^2, exact in 128 bits.
        let deviation = sums.map(|(sum, squares)| {
            let scaled = n * u128::from(squares) - u128::from(sum).pow(2);
            (scaled as f64).sqrt() / n as f64 / 255.0
        });
        (mean, deviation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two() -> Images {
        // Two images of 1x2: red 0, 255 and 255, 0; green 51 throughout; blue 0, 0 and 0, 255.
        let pixels = vec![0, 255, 51, 51, 0, 0, 255, 0, 51, 51, 0, 255];
        Images {
            pixels,
            labels: vec![0, 1],
            height: 1,
            width: 2,
            classes: 2,
        }
    }

    #[test]
    #[expect(
        clippy::float_cmp,
        reason = "sums are exact, and these quotients are the nearest floats"
    )]
    fn moments_are_those_of_the_population() {
        let (mean, deviation) = two().moments();
        assert_eq!(mean, [0.5, 0.2, 0.25]);
        // Blue is 1 with probability 1/4: variance 3/16.
        let expected = [0.5, 0.0, (3.0_f64 / 16.0).sqrt()];
        // Two divisions and a root, each rounded once.
        assert!(
            deviation
                .iter()
                .zip(expected)
                .all(|(value, expected)| (value - expected).abs() < 1e-15),
            "{deviation:?}"
        );
    }

    #[test]
    fn a_selection_has_its_own_order() {
        let (both, second) = (two().select(&[1, 0]), two().select(&[1]));
        assert_eq!(both.select(&[1, 0]), two());
        assert_eq!((&second.pixels[..], &second.labels[..]), (&two().pixels[6..], &[1][..]));
        assert_eq!(second, both.select(&[0]));
    }

    #[test]
    fn the_fingerprint_sees_pixels_labels_and_shape() {
        let base = two().fingerprint();
        assert_eq!((base.len(), base == two().fingerprint()), (64, true));
        let mut other = two();
        other.pixels[3] = 52;
        assert_ne!(other.fingerprint(), base);
        other = Images {
            labels: vec![1, 0],
            ..two()
        };
        assert_ne!(other.fingerprint(), base);
        other = Images {
            height: 2,
            width: 1,
            ..two()
        };
        assert_ne!(other.fingerprint(), base);
        other = Images { classes: 3, ..two() };
        assert_ne!(other.fingerprint(), base);
    }
}
