//! Why data cannot be had.

use std::io;
use std::path::{Path, PathBuf};

/// Data that cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// The request names no folder.
    #[error("the source `{0}` needs the folder of its files; set `data.path`")]
    NoPath(&'static str),
    /// The operating system refused.
    #[error("cannot read `{}`", path.display())]
    Io {
        /// File or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file is not what it should be.
    #[error("`{}` {problem}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong, as the rest of a sentence that starts with the file, and what to do.
        problem: String,
    },
    /// A file is no image.
    #[error("cannot decode `{}`", path.display())]
    Decode {
        /// The file.
        path: PathBuf,
        /// What the decoder said.
        source: image::ImageError,
    },
}

impl DataError {
    pub(crate) fn io(path: &Path, source: io::Error) -> Self {
        Self::Io {
            path: path.to_path_buf(),
            source,
        }
    }

    pub(crate) fn file(path: &Path, problem: impl Into<String>) -> Self {
        Self::File {
            path: path.to_path_buf(),
            problem: problem.into(),
        }
    }
}
