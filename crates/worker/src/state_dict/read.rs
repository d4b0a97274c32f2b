//! Reading a state.

use super::{BATCHES, RUNNING_MEAN, RUNNING_VAR, beside, norms};
use crate::layers::Spec;
use crate::start::Start;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensorError, SafeTensors};
use seedband_core::files::fsio::hex;
use seedband_core::settings::Missing;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use tch::{Kind, TchError, Tensor};

/// Longest header that is read. That of the largest network here is ten times shorter, and parsing takes many times a header's size.
const MAX_HEADER: u64 = 16 << 20;

/// Most names that an error lists of each kind.
const MAX_NAMES: usize = 20;

/// A file that a network cannot start from.
#[derive(Debug, thiserror::Error)]
pub enum WeightsError {
    /// The request names no file.
    #[error("the trial starts from a file and is given none; set `init.from`")]
    NoPath,
    /// The operating system refused.
    #[error("cannot read `{}`", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Its content is not that which the trial is known by.
    #[error("the content of `{}` has the SHA-256 `{found}`, and the trial's is `{expected}`; restore the file", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
        /// Its digest.
        found: String,
        /// That of the trial.
        expected: String,
    },
    /// It is damaged, or no safetensors file.
    #[error("`{}` is no safetensors file: {problem}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// A tensor cannot be used.
    #[error("`{}`: `{tensor}` {problem}", path.display())]
    Tensor {
        /// The file.
        path: PathBuf,
        /// The tensor's name.
        tensor: String,
        /// What is wrong, as the rest of a sentence that starts with the tensor, and what to do.
        problem: String,
    },
    /// Its tensors are not those of the network.
    #[error("`{}` does not fit the network: {problem}", path.display())]
    Unfit {
        /// The file.
        path: PathBuf,
        /// Which tensors are missing, misshapen or too many, and what to do.
        problem: String,
    },
    /// libtorch refused.
    #[error(transparent)]
    Torch(#[from] TchError),
}

/// Lays the tensors of the file at `path`, whose content has the digest `sha256` where one is given, over `start`, a state of the network of
/// `specs`. Values are widened to double precision as they are. `num_batches_tracked` may be absent and then is 0, as PyTorch has it for files of
/// before there was one. With [`Missing::Draw`], what the file lacks or has in another shape stays as it is in `start`.
///
/// # Errors
/// The file cannot be read, is not what it should be, or does not fit the network. It is read whole, and what is made of it is no larger than
/// the network.
pub fn read(
    start: &mut Start,
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
    let file = SafeTensors::deserialize(&bytes).map_err(|error| malformed(said(&error)))?;
    let mut reader = Reader {
        path,
        file: &file,
        used: 0,
        unread: file.names().into_iter().cloned().collect(),
        missing: Vec::new(),
        misshapen: Vec::new(),
    };
    for (spec, values) in specs.iter().zip(&mut start.parameters) {
        reader.floats(&spec.name, &spec.shape, values)?;
    }
    for (spec, norm) in norms(specs).zip(&mut start.norms) {
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

/// What the parser found, in words.
fn said(error: &SafeTensorError) -> String {
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

/// A file whose tensors are taken one by one.
struct Reader<'a> {
    path: &'a Path,
    file: &'a SafeTensors<'a>,
    /// How many were taken.
    used: usize,
    /// Names that nobody has asked for yet.
    unread: BTreeSet<String>,
    missing: Vec<String>,
    misshapen: Vec<String>,
}

impl<'a> Reader<'a> {
    /// Takes a tensor of floats into `values`, if it is there in the right shape.
    fn floats(&mut self, name: &str, shape: &[i64], values: &mut Vec<f64>) -> Result<(), WeightsError> {
        let Some(view) = self.view(name, shape) else {
            return Ok(());
        };
        let kind = match view.dtype() {
            Dtype::F64 => Kind::Double,
            Dtype::F32 => Kind::Float,
            Dtype::F16 => Kind::Half,
            Dtype::BF16 => Kind::BFloat16,
            other => {
                let problem = format!("has values of type `{other:?}`; known are `F64`, `F32`, `F16` and `BF16`");
                return Err(self.unusable(name, problem));
            }
        };
        // The parser has checked that there are as many bytes as the shape takes.
        let tensor = Tensor::f_from_data_size(view.data(), &[values.len() as i64], kind)?;
        let read = Vec::<f64>::try_from(tensor.f_to_kind(Kind::Double)?)?;
        if let Some(odd) = read.iter().find(|value| !value.is_finite()) {
            return Err(self.unusable(name, format!("holds `{odd}`; training starts from finite values")));
        }
        *values = read;
        Ok(())
    }

    /// Takes a count of batches, if it is there. None is no error: PyTorch, too, takes it for 0.
    fn count(&mut self, name: &str, count: &mut i64) -> Result<(), WeightsError> {
        if !self.unread.contains(name) {
            return Ok(());
        }
        let Some(view) = self.view(name, &[]) else {
            return Ok(());
        };
        match (view.dtype(), view.data().first_chunk()) {
            (Dtype::I64, Some(bytes)) => *count = i64::from_le_bytes(*bytes),
            (other, _) => {
                return Err(self.unusable(name, format!("has a value of type `{other:?}`; it has to be `I64`")));
            }
        }
        Ok(())
    }

    /// The tensor of this name and shape; what is wrong with it is taken down.
    fn view(&mut self, name: &str, shape: &[i64]) -> Option<TensorView<'a>> {
        self.unread.remove(name);
        let Ok(view) = self.file.tensor(name) else {
            self.missing.push(format!("`{name}`"));
            return None;
        };
        let sides: Vec<i64> = view
            .shape()
            .iter()
            .map(|side| i64::try_from(*side).unwrap_or(i64::MAX))
            .collect();
        if sides != shape {
            let said = format!("`{name}` ({sides:?} in the file, {shape:?} in the network)");
            self.misshapen.push(said);
            return None;
        }
        self.used += 1;
        Some(view)
    }

    fn unusable(&self, tensor: &str, problem: String) -> WeightsError {
        WeightsError::Tensor {
            path: self.path.into(),
            tensor: tensor.into(),
            problem,
        }
    }

    /// What there is to say in the end.
    fn finish(self, missing: Missing) -> Result<(), WeightsError> {
        let additional: Vec<String> = self.unread.iter().map(|name| format!("`{name}`")).collect();
        let lacking = !(self.missing.is_empty() && self.misshapen.is_empty());
        let problem = if !additional.is_empty() || lacking && missing == Missing::Error {
            let mut parts = Vec::new();
            for (what, names) in [
                ("it lacks", &self.missing),
                ("it has in another shape", &self.misshapen),
                ("it has beside the network's", &additional),
            ] {
                if !names.is_empty() {
                    parts.push(format!("{what} {}", listed(names)));
                }
            }
            parts.push(if additional.is_empty() {
                "choose the network that it was saved from, or set `init.missing = \"draw\"`".into()
            } else {
                "choose the network that it was saved from, or save it without what the network has not".into()
            });
            parts.join("; ")
        } else if self.used == 0 {
            "it has none of the network's tensors, so that every weight would be drawn; leave `init.from` out".into()
        } else {
            return Ok(());
        };
        Err(WeightsError::Unfit {
            path: self.path.into(),
            problem,
        })
    }
}

/// Names with commas between them; of many, the first.
fn listed(names: &[String]) -> String {
    let shown = names.iter().take(MAX_NAMES).cloned().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(MAX_NAMES) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
