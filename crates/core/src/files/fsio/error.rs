//! A file operation that failed.

use std::io;
use std::path::{Path, PathBuf};

/// A file operation that failed.
#[derive(Debug, thiserror::Error)]
pub enum FsError {
    /// The operating system refused.
    #[error("cannot {action} `{}`", path.display())]
    Io {
        /// What was tried: a verb, such as `read`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file is there but does not hold what it should.
    #[error("`{}` is not valid: line {line}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Line number, from 1.
        line: usize,
        /// What the parser said.
        source: serde_json::Error,
    },
    /// A link, or a file, stands where a folder of its own should be.
    #[error(
        "`{}` is {what}, and nothing is written or deleted through it; put a folder in its place",
        path.display()
    )]
    NoFolder {
        /// What is in the way.
        path: PathBuf,
        /// What it is: `a link`, for example.
        what: &'static str,
    },
    /// The results folder of a study is a link to nothing, or to what is no folder.
    #[error(
        "`{}` is a link that leads to no folder, `{}`; make that folder or remove the link",
        path.display(),
        target.display()
    )]
    DeadLink {
        /// The link.
        path: PathBuf,
        /// What it says.
        target: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The results folder of a study is a link to a folder of somebody else.
    #[error(
        "`{}` is a link to `{}`, which holds something else than results; link it to an empty folder or remove it",
        path.display(),
        target.display()
    )]
    LinkedElsewhere {
        /// The link.
        path: PathBuf,
        /// What it says.
        target: PathBuf,
    },
}

impl FsError {
    /// An operating-system error while trying to `action` `path`.
    pub fn io(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Io {
            action,
            path: path.to_path_buf(),
            source,
        }
    }

    /// The file or folder.
    pub fn path(&self) -> &Path {
        match self {
            Self::Io { path, .. }
            | Self::Malformed { path, .. }
            | Self::NoFolder { path, .. }
            | Self::DeadLink { path, .. }
            | Self::LinkedElsewhere { path, .. } => path,
        }
    }

    /// Whether the disk or the quota is full.
    pub fn is_disk_full(&self) -> bool {
        matches!(self, Self::Io { source, .. } if is_full(source))
    }

    /// Whether a file is not there, or does not hold what it should: text that is no UTF-8 or no JSON of its kind.
    pub fn is_missing_or_damaged(&self) -> bool {
        match self {
            Self::Io { source, .. } => matches!(source.kind(), io::ErrorKind::NotFound | io::ErrorKind::InvalidData),
            Self::Malformed { .. } => true,
            Self::NoFolder { .. } | Self::DeadLink { .. } | Self::LinkedElsewhere { .. } => false,
        }
    }

    /// Whether the file or folder is not there.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }
}

fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}
