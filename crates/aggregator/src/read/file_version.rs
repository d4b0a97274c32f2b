//! Whether a file is still the one that was read.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// What tells a file from one that stands in its place later: results are replaced by renaming, which gives them
/// another inode, and whatever else changes a file changes the time of its last change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FileVersion {
    path: PathBuf,
    device: u64,
    inode: u64,
    length: u64,
    /// Seconds and nanoseconds.
    modified: (i64, i64),
    changed: (i64, i64),
}

impl FileVersion {
    /// That of the file there is; none if there is no file.
    pub(super) fn of(path: PathBuf) -> Option<Self> {
        let metadata = std::fs::metadata(&path).ok()?;
        Some(Self {
            path,
            device: metadata.dev(),
            inode: metadata.ino(),
            length: metadata.len(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the same file is still there.
    pub(super) fn is_current(&self) -> bool {
        Self::of(self.path.clone()).as_ref() == Some(self)
    }
}
