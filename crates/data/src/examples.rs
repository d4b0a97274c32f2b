//! Examples in memory: images or features of one shape with their classes.

use crate::moments::{Moments, moments};
use seedband_core::Shape;
use seedband_core::files::fsio::hex;
use sha2::{Digest, Sha256};

/// Examples of one shape with their classes.
#[derive(Debug, Clone, PartialEq)]
pub struct Examples {
    /// Values in the order `[n, channels, height, width]`, or `[n, features]`.
    pub values: Values,
    /// Class of each example, from 0.
    pub labels: Vec<u32>,
    /// What one example is.
    pub shape: Shape,
    /// Number of classes.
    pub classes: usize,
}

/// The numbers of examples, one after the other.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Of images: 0 to 255, which a network sees as 0 to 1.
    Bytes(Vec<u8>),
    /// As a network sees them; all finite.
    Floats(Vec<f32>),
}

impl Values {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Bytes(values) => values.len(),
            Self::Floats(values) => values.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Examples {
    /// Colour images: bytes in the order `[n, 3, height, width]`.
    pub fn rgb(pixels: Vec<u8>, labels: Vec<u32>, height: usize, width: usize, classes: usize) -> Self {
        Self {
            values: Values::Bytes(pixels),
            labels,
            shape: Shape::Image {
                channels: 3,
                height,
                width,
            },
            classes,
        }
    }

    /// Number of examples.
    pub fn count(&self) -> usize {
        self.labels.len()
    }

    /// The values where they are bytes; none otherwise.
    pub fn bytes(&self) -> &[u8] {
        match &self.values {
            Values::Bytes(bytes) => bytes,
            Values::Floats(_) => &[],
        }
    }

    /// The examples at `indices`, all below the number of examples, in that order.
    pub(crate) fn select(&self, indices: &[u32]) -> Self {
        let size = self.shape.len();
        Self {
            values: match &self.values {
                Values::Bytes(values) => Values::Bytes(rows(values, indices, size)),
                Values::Floats(values) => Values::Floats(rows(values, indices, size)),
            },
            labels: indices.iter().map(|index| self.labels[*index as usize]).collect(),
            ..*self
        }
    }

    /// SHA-256 in hexadecimal over count, height, width and classes as 64-bit, all values, and all labels as 32-bit
    /// little-endian numbers. Where they are anything but bytes of colour images, what they are comes first.
    pub fn fingerprint(&self) -> String {
        let mut digest = Sha256::new();
        match (self.shape, &self.values) {
            // As ever, since before there were others.
            (Shape::Image { channels: 3, .. }, Values::Bytes(_)) => {}
            (shape, values) => {
                let kind = match shape {
                    Shape::Image { .. } => "images",
                    Shape::Features(_) => "features",
                };
                let number = match values {
                    Values::Bytes(_) => "uint8",
                    Values::Floats(_) => "float32",
                };
                digest.update(format!("{kind} of {} {number}\n", shape.sides()[0]));
            }
        }
        for number in [self.count(), self.shape.height(), self.shape.width(), self.classes] {
            digest.update((number as u64).to_le_bytes());
        }
        match &self.values {
            Values::Bytes(values) => digest.update(values),
            Values::Floats(values) => values.iter().for_each(|value| digest.update(value.to_le_bytes())),
        }
        for label in &self.labels {
            digest.update(label.to_le_bytes());
        }
        hex(&digest.finalize())
    }

    /// Mean and population standard deviation of each channel, or feature, over all examples, as the network sees them.
    pub fn moments(&self) -> Moments {
        let [channels, height, width] = self.shape.sides();
        moments(&self.values, channels, height * width)
    }
}

/// The rows of `size` numbers at `indices`.
fn rows<T: Copy>(values: &[T], indices: &[u32], size: usize) -> Vec<T> {
    let row = |index: &u32| &values[*index as usize * size..][..size];
    indices.iter().flat_map(row).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two() -> Examples {
        // Two images of 1x2: red 0, 255 and 255, 0; green 51 throughout; blue 0, 0 and 0, 255.
        Examples::rgb(vec![0, 255, 51, 51, 0, 0, 255, 0, 51, 51, 0, 255], vec![0, 1], 1, 2, 2)
    }

    #[test]
    fn a_selection_has_its_own_order() {
        let (both, second) = (two().select(&[1, 0]), two().select(&[1]));
        assert_eq!(both.select(&[1, 0]), two());
        assert_eq!((second.bytes(), &second.labels[..]), (&two().bytes()[6..], &[1][..]));
        assert_eq!(second, both.select(&[0]));
    }

    #[test]
    fn the_fingerprint_sees_values_labels_and_shape() {
        let base = two().fingerprint();
        assert_eq!((base.len(), base == two().fingerprint()), (64, true));
        let mut seen = vec![base];
        let mut pixels = two().bytes().to_vec();
        pixels[3] = 52;
        let shapes = [
            Shape::Image {
                channels: 3,
                height: 2,
                width: 1,
            },
            Shape::Image {
                channels: 1,
                height: 3,
                width: 2,
            },
            Shape::Features(6),
        ];
        let others = [
            Examples {
                values: Values::Bytes(pixels),
                ..two()
            },
            Examples {
                labels: vec![1, 0],
                ..two()
            },
            Examples { classes: 3, ..two() },
            Examples {
                values: Values::Floats(two().bytes().iter().copied().map(f32::from).collect()),
                ..two()
            },
        ];
        let reshaped = shapes.map(|shape| Examples { shape, ..two() });
        for other in others.iter().chain(&reshaped) {
            let fingerprint = other.fingerprint();
            assert!(!seen.contains(&fingerprint), "{other:?}");
            seen.push(fingerprint);
        }
    }
}
