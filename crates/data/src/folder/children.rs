//! What a folder holds.

use crate::DataError;
use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Which folder it is, by whatever path: device and number on it.
pub(super) type Identity = (u64, u64);

pub(super) fn identity(metadata: &Metadata) -> Identity {
    (metadata.dev(), metadata.ino())
}

/// An entry of a folder; what a link leads to counts.
#[derive(Debug)]
pub(super) enum Child {
    Folder(PathBuf, Identity),
    /// Anything else, links that lead nowhere among them.
    File(PathBuf),
}

impl Child {
    pub(super) fn path(&self) -> &Path {
        match self {
            Self::Folder(path, _) | Self::File(path) => path,
        }
    }
}

/// What a folder holds, hidden entries left out, sorted by name.
pub(super) fn children(folder: &Path) -> Result<Vec<Child>, DataError> {
    let wrong = |source| DataError::io(folder, source);
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(wrong)? {
        let entry = entry.map_err(wrong)?;
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        let (path, kind) = (entry.path(), entry.file_type().map_err(wrong)?);
        // Files, of which there are most, are not looked at any further.
        let metadata = if kind.is_file() { None } else { fs::metadata(&path).ok() };
        found.push(match metadata.filter(Metadata::is_dir) {
            Some(metadata) => Child::Folder(path, identity(&metadata)),
            None => Child::File(path),
        });
    }
    found.sort_by(|one, other| one.path().cmp(other.path()));
    Ok(found)
}

/// The folders among them.
pub(super) fn folders(folder: &Path) -> Result<Vec<PathBuf>, DataError> {
    let folder_of = |child| match child {
        Child::Folder(path, _) => Some(path),
        Child::File(_) => None,
    };
    Ok(children(folder)?.into_iter().filter_map(folder_of).collect())
}
