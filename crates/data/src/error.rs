//! Why data cannot be had.

use seedband_core::one_line;
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
    /// Several files cannot be used.
    #[error("{}", several(.first, *.count))]
    Several {
        /// What is wrong with each of the first, at most 20.
        first: Vec<DataError>,
        /// How many there are.
        count: usize,
    },
}

/// Files that are named one by one.
const NAMED: usize = 20;

fn several(first: &[DataError], count: usize) -> String {
    let mut problems: Vec<String> = first.iter().map(|error| one_line(error)).collect();
    if count > first.len() {
        problems.push(format!("and {} more", count - first.len()));
    }
    format!("{count} files cannot be used: {}", problems.join("; "))
}

impl DataError {
    /// All of what is wrong with files, of which there is at least one.
    pub(crate) fn several(mut errors: Vec<Self>) -> Self {
        let count = errors.len();
        match errors.pop() {
            Some(only) if errors.is_empty() => only,
            last => {
                errors.extend(last);
                errors.truncate(NAMED);
                Self::Several { first: errors, count }
            }
        }
    }

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
