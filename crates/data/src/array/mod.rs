//! Arrays of numbers in files: their headers, their bytes, and what becomes of them.

mod body;
mod examples;
mod idx;
mod labels;
mod literal;
mod npy;
mod number;

pub(crate) use examples::to_values;
pub(crate) use idx::read_idx;
pub(crate) use labels::to_labels;
pub(crate) use npy::read_npy;
pub(crate) use number::{Kind, Number};

/// An array as a file holds it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Array {
    pub(crate) header: Header,
    /// The numbers, as many bytes as the header says.
    pub(crate) bytes: Vec<u8>,
}

/// What a file says of its array.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) number: Number,
    /// Whether the first axis is the one that changes fastest.
    pub(crate) fortran: bool,
    pub(crate) shape: Vec<usize>,
}

impl Header {
    /// Bytes of all numbers; none where they cannot be counted.
    pub(crate) fn bytes(&self) -> Option<u64> {
        let count = self
            .shape
            .iter()
            .try_fold(1_u64, |count, side| count.checked_mul(*side as u64))?;
        count.checked_mul(self.number.size as u64)
    }

    /// Numbers from one element of each axis to the next.
    fn strides(&self) -> Vec<usize> {
        let mut strides = vec![1; self.shape.len()];
        let mut stride = 1_usize;
        let mut set = |axis: usize| {
            strides[axis] = stride;
            stride = stride.saturating_mul(self.shape[axis]);
        };
        if self.fortran {
            (0..self.shape.len()).for_each(&mut set);
        } else {
            (0..self.shape.len()).rev().for_each(&mut set);
        }
        strides
    }

    /// The shape as people write it: `60000x28x28`.
    pub(crate) fn shape_text(&self) -> String {
        let sides: Vec<String> = self.shape.iter().map(ToString::to_string).collect();
        if sides.is_empty() {
            "one number".into()
        } else {
            sides.join("x")
        }
    }
}
