//! Why images cannot be had.

use seedband_core::Invalid;
use std::io;
use std::path::{Path, PathBuf};
use tch::TchError;

/// Images that cannot be had.
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
    /// A channel has the same value everywhere, so that normalising it would divide by zero.
    #[error("every pixel's {0} is the same, so it cannot be normalised; set `pixels.normalize = \"none\"`")]
    Constant(&'static str),
    /// The images are another trainer's.
    #[error(transparent)]
    Setting(#[from] Invalid),
    /// The device refused.
    #[error(transparent)]
    Torch(#[from] TchError),
}

impl DataError {
    pub(super) fn io(path: &Path, source: io::Error) -> Self {
        Self::Io {
            path: path.to_path_buf(),
            source,
        }
    }

    pub(super) fn file(path: &Path, problem: impl Into<String>) -> Self {
        Self::File {
            path: path.to_path_buf(),
            problem: problem.into(),
        }
    }
}
