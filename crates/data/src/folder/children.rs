//! What a folder holds.

use crate::DataError;
use std::fs::{self, Metadata};
use std::os::unix::fs::{DirEntryExt, MetadataExt};
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
    File(PathBuf, Leads),
}

/// How an entry that is no folder leads to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leads {
    /// It is this file.
    Itself(Identity),
    /// It is a link to this file.
    By(Identity),
    /// It is no file, as a pipe, or leads to none.
    Nowhere,
}

impl Child {
    pub(super) fn path(&self) -> &Path {
        match self {
            Self::Folder(path, _) | Self::File(path, _) => path,
        }
    }
}

/// What a folder holds, hidden entries left out, sorted by name.
pub(super) fn children(folder: &Path) -> Result<Vec<Child>, DataError> {
    let wrong = |source| DataError::io(folder, source);
    let device = fs::metadata(folder).map_err(wrong)?.dev();
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(wrong)? {
        let entry = entry.map_err(wrong)?;
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        let (path, kind) = (entry.path(), entry.file_type().map_err(wrong)?);
        // Files, of which there are most, are not looked at any further.
        if kind.is_file() {
            let itself = Leads::Itself((device, entry.ino()));
            found.push(Child::File(path, itself));
            continue;
        }
        found.push(match fs::metadata(&path) {
            Ok(metadata) if metadata.is_dir() => Child::Folder(path, identity(&metadata)),
            Ok(metadata) if metadata.is_file() => Child::File(path, Leads::By(identity(&metadata))),
            Ok(_) | Err(_) => Child::File(path, Leads::Nowhere),
        });
    }
    found.sort_by(|one, other| one.path().cmp(other.path()));
    Ok(found)
}

/// The folders among them.
pub(super) fn folders(folder: &Path) -> Result<Vec<PathBuf>, DataError> {
    let folder_of = |child| match child {
        Child::Folder(path, _) => Some(path),
        Child::File(..) => None,
    };
    Ok(children(folder)?.into_iter().filter_map(folder_of).collect())
}
