//! Why a data set is not there.

use std::io;
use std::path::{Path, PathBuf};

/// Why a data set could not be fetched. Nothing half-made stands where it would be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// The address of a server cannot be used.
    #[error("`{address}` is no address of a server; for example `https://example.org/data/`")]
    Address {
        /// As it was given.
        address: String,
    },
    /// No server gave a file.
    #[error("`{file}` cannot be downloaded:{}", lines(problems))]
    Download {
        /// Its name.
        file: String,
        /// For each server its address and what it did.
        problems: Vec<(String, String)>,
    },
    /// A file holds what its data set has not.
    #[error("`{}` {problem}", file.display())]
    Archive {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// What was fetched before has changed since.
    #[error("`{}` {problem} since it was fetched; remove `{}` to fetch it again", file.display(), folder.display())]
    Changed {
        /// The file.
        file: PathBuf,
        /// What has happened to it.
        problem: &'static str,
        /// The folder of the data set.
        folder: PathBuf,
    },
    /// Something else stands where the data set would go.
    #[error("`{}` is there already, and was not fetched by this program", folder.display())]
    InTheWay {
        /// What stands there.
        folder: PathBuf,
    },
    /// The disk is full.
    #[error("no space is left for `{}`; {needed} MB are needed in all, and what has been downloaded is kept", path.display())]
    DiskFull {
        /// What was being written.
        path: PathBuf,
        /// Megabytes of the downloads and of what they hold.
        needed: u64,
    },
    /// A file or folder cannot be read or written.
    #[error("cannot {action} `{}`", path.display())]
    Io {
        /// What was tried, for example `write`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl FetchError {
    /// For `map_err`: the system refused to do `action` to `path`.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io {
            action,
            path: path.to_path_buf(),
            source,
        }
    }
}

fn lines(problems: &[(String, String)]) -> String {
    let lines = problems
        .iter()
        .map(|(address, problem)| format!("\n  {address}: {problem}"));
    lines.collect()
}
