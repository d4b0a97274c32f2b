//! Writing a state.

use super::entries::{BATCHES, RUNNING_MEAN, RUNNING_VAR, beside, norms};
use super::state::NetworkState;
use crate::layers::Spec;
use safetensors::tensor::{Dtype as Stored, View};
use seedband_core::settings::Dtype;
use std::borrow::Cow;
use std::collections::HashMap;

/// The bytes of a safetensors file that holds `state`, that of the network of `specs`: floats as `dtype`, rounded as
/// training rounds them, and counts of batches as 64-bit integers. Equal states give equal bytes. Its metadata are
/// `format = "pt"`, as PyTorch's users expect.
pub fn to_bytes(state: &NetworkState, specs: &[Spec], dtype: Dtype) -> Vec<u8> {
    let floats = |values: &[f64], shape: &[i64]| match dtype {
        Dtype::Float32 => Entry::new(Stored::F32, shape, values, |value| (*value as f32).to_le_bytes()),
        Dtype::Float64 => Entry::new(Stored::F64, shape, values, |value| value.to_le_bytes()),
    };
    let mut entries = Vec::new();
    for (spec, values) in specs.iter().zip(&state.parameters) {
        entries.push((spec.name.clone(), floats(values, &spec.shape)));
    }
    for (spec, norm) in norms(specs).zip(&state.norms) {
        let batches = Entry::new(Stored::I64, &[], &[norm.batches], |count: &i64| count.to_le_bytes());
        entries.push((beside(spec, RUNNING_MEAN), floats(&norm.mean, &spec.shape)));
        entries.push((beside(spec, RUNNING_VAR), floats(&norm.variance, &spec.shape)));
        entries.push((beside(spec, BATCHES), batches));
    }
    let metadata = HashMap::from([("format".to_owned(), "pt".to_owned())]);
    // Only the header, plain JSON of names and numbers, could fail.
    safetensors::serialize(entries, &Some(metadata)).unwrap_or_default()
}

/// A tensor as the file holds it.
struct Entry {
    dtype: Stored,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

impl Entry {
    fn new<T, const N: usize>(dtype: Stored, shape: &[i64], values: &[T], bytes: impl Fn(&T) -> [u8; N]) -> Self {
        Self {
            dtype,
            shape: shape.iter().map(|side| *side as usize).collect(),
            bytes: values.iter().flat_map(bytes).collect(),
        }
    }
}

impl View for Entry {
    fn dtype(&self) -> Stored {
        self.dtype
    }

    fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn data(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(&self.bytes)
    }

    fn data_len(&self) -> usize {
        self.bytes.len()
    }
}
