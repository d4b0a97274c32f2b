//! The scalars of an event, whichever way they were written: `simple_value` (torch, tensorboardX, Lightning) or a
//! tensor of one number (TensorFlow 2, Keras).

use super::wire::{Fields, NoMessage, Value};

/// One number at one step.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scalar<'a> {
    pub(super) tag: &'a str,
    pub(super) step: i64,
    /// The number in decimals that read back as it: of a 32-bit float the shortest, so that 0.1 is 0.1.
    pub(super) text: String,
}

/// The scalars of one event; what else it holds is passed over.
pub(super) fn scalars(event: &[u8]) -> Result<Vec<Scalar<'_>>, NoMessage> {
    let (mut step, mut summaries) = (0, Vec::new());
    for field in Fields(event) {
        match field? {
            (2, Value::Varint(value)) => step = value as i64,
            (5, Value::Bytes(summary)) => summaries.push(summary),
            _ => {}
        }
    }
    let mut found = Vec::new();
    for summary in summaries {
        for field in Fields(summary) {
            if let (1, Value::Bytes(value)) = field?
                && let Some((tag, text)) = value_of(value)?
            {
                found.push(Scalar { tag, step, text });
            }
        }
    }
    Ok(found)
}

/// A 32-bit float in the fewest decimals that read back as it.
fn single(bytes: [u8; 4]) -> String {
    format!("{:e}", f32::from_le_bytes(bytes))
}

/// The same of a 64-bit one.
fn double(bytes: [u8; 8]) -> String {
    format!("{:e}", f64::from_le_bytes(bytes))
}

/// The tag and the number of a `Summary.Value`; none if it is an image, a histogram or a text.
fn value_of(bytes: &[u8]) -> Result<Option<(&str, String)>, NoMessage> {
    let (mut tag, mut text) = (None, None);
    for field in Fields(bytes) {
        match field? {
            (1, Value::Bytes(name)) => tag = std::str::from_utf8(name).ok(),
            (2, Value::Fixed32(number)) => text = Some(single(number)),
            (8, Value::Bytes(tensor)) => text = tensor_of_one(tensor)?,
            _ => {}
        }
    }
    Ok(tag.zip(text))
}

/// Types of a tensor, by their numbers in TensorFlow.
const FLOAT: u64 = 1;
const DOUBLE: u64 = 2;

/// The number of a tensor that has one; none of other tensors.
fn tensor_of_one(bytes: &[u8]) -> Result<Option<String>, NoMessage> {
    let (mut kind, mut content) = (0, &[][..]);
    for field in Fields(bytes) {
        match field? {
            (1, Value::Varint(number)) => kind = number,
            // `tensor_content`, or the packed `float_val` and `double_val`.
            (4..=6, Value::Bytes(bytes)) => content = bytes,
            (5, Value::Fixed32(number)) => return Ok(Some(single(number))),
            (6, Value::Fixed64(number)) => return Ok(Some(double(number))),
            _ => {}
        }
    }
    Ok(match kind {
        FLOAT => content.try_into().ok().map(single),
        DOUBLE => content.try_into().ok().map(double),
        _ => None,
    })
}
