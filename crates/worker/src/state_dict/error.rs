//! Why a network cannot start from a file.

use seedband_core::Invalid;
use std::io;
use std::path::PathBuf;
use tch::TchError;

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
    #[error(
        "the content of `{}` has the SHA-256 `{found}`, and the trial's is `{expected}`; restore the file",
        path.display()
    )]
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
    Mismatch {
        /// The file.
        path: PathBuf,
        /// Which tensors are missing, misshapen or too many, and what to do.
        problem: String,
    },
    /// The weights are another trainer's.
    #[error(transparent)]
    Setting(#[from] Invalid),
    /// libtorch refused.
    #[error(transparent)]
    Torch(#[from] TchError),
}
