//! Reading a state.

use super::entries::{BATCHES, RUNNING_MEAN, RUNNING_VAR, beside, norms};
use super::error::WeightsError;
use super::reader::Reader;
use super::state::NetworkState;
use crate::layers::Spec;
use safetensors::{SafeTensorError, SafeTensors};
use seedband_core::files::fsio::hex;
use seedband_core::settings::Missing;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// Longest header that is read. That of the largest network here is ten times shorter, and parsing takes many times a
/// header's size.
const MAX_HEADER: u64 = 16 << 20;

/// Lays the tensors of the file at `path`, whose content has the digest `sha256` where one is given, over `state`, that
/// of the network of `specs`. Values are widened to double precision as they are. `num_batches_tracked` may be absent
/// and then is 0, as PyTorch has it for files of before there was one. With [`Missing::Draw`], what the file lacks or
/// has in another shape stays as it is in `state`.
///
/// # Errors
/// The file cannot be read, is not what it should be, or does not fit the network. It is read whole, and what is made
/// of it is no larger than the network.
pub fn read(
    state: &mut NetworkState,
    specs: &[Spec],
    path: &Path,
    sha256: Option<&str>,
    missing: Missing,
) -> Result<(), WeightsError> {
    let bytes = content(path)?;
    if let Some(expected) = sha256 {
        let found = hex(&Sha256::digest(&bytes));
        if found != expected {
            return Err(WeightsError::Changed {
                path: path.into(),
                found,
                expected: expected.into(),
            });
        }
    }
    let file = parse(path, &bytes)?;
    let mut reader = Reader::new(path, &file);
    for (spec, values) in specs.iter().zip(&mut state.parameters) {
        reader.floats(&spec.name, &spec.shape, values)?;
    }
    for (spec, norm) in norms(specs).zip(&mut state.norms) {
        reader.floats(&beside(spec, RUNNING_MEAN), &spec.shape, &mut norm.mean)?;
        reader.floats(&beside(spec, RUNNING_VAR), &spec.shape, &mut norm.variance)?;
        reader.count(&beside(spec, BATCHES), &mut norm.batches)?;
    }
    reader.finish(missing)
}

/// The bytes of a file. Not those of a pipe or a device, which may have no end.
fn content(path: &Path) -> Result<Vec<u8>, WeightsError> {
    let read = || {
        let metadata = fs::metadata(path)?;
        if !metadata.is_file() {
            return Err(io::Error::other("it is not a file"));
        }
        let mut bytes = Vec::new();
        // A file that grows meanwhile is not followed.
        File::open(path)?.take(metadata.len()).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    read().map_err(|source| WeightsError::Io {
        path: path.into(),
        source,
    })
}

/// The tensors of the file at `path` with this content.
fn parse<'a>(path: &Path, bytes: &'a [u8]) -> Result<SafeTensors<'a>, WeightsError> {
    let malformed = |problem| WeightsError::Malformed {
        path: path.into(),
        problem,
    };
    let header = bytes.first_chunk().map_or(0, |length| u64::from_le_bytes(*length));
    if header > MAX_HEADER {
        return Err(malformed(format!(
            "a header of {header} bytes is longer than {MAX_HEADER}"
        )));
    }
    SafeTensors::deserialize(bytes).map_err(|error| malformed(description(&error)))
}

/// What the parser found, in words.
fn description(error: &SafeTensorError) -> String {
    match error {
        SafeTensorError::HeaderTooSmall => "it is shorter than the 8 bytes of a header's length".into(),
        SafeTensorError::HeaderTooLarge | SafeTensorError::InvalidHeaderLength => {
            "its header is longer than the file".into()
        }
        SafeTensorError::InvalidHeader
        | SafeTensorError::InvalidHeaderStart
        | SafeTensorError::InvalidHeaderDeserialization => "its header does not list tensors".into(),
        SafeTensorError::InvalidOffset(name) => format!("`{name}` does not begin where the tensor before it ends"),
        SafeTensorError::TensorInvalidInfo => "a tensor is longer or shorter than its shape and type say".into(),
        SafeTensorError::MetadataIncompleteBuffer => "it is longer or shorter than its tensors".into(),
        SafeTensorError::ValidationOverflow => "a tensor's shape is too large".into(),
        other => other.to_string(),
    }
}
