//! What is in a folder.

use crate::files::fsio::FsError;
use std::path::{Path, PathBuf};

/// The folders in a folder, by path; none if it is not there.
pub(super) fn subfolders(folder: &Path) -> Result<Vec<PathBuf>, FsError> {
    Ok(entries(folder)?.into_iter().filter(|path| path.is_dir()).collect())
}

/// What is in a folder, by path; nothing if it is not there.
pub(super) fn entries(folder: &Path) -> Result<Vec<PathBuf>, FsError> {
    let wrong = |source| FsError::io("list", folder, source);
    let listing = match std::fs::read_dir(folder) {
        Ok(listing) => listing,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(wrong(source)),
    };
    let paths: Result<Vec<PathBuf>, _> = listing.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut paths = paths.map_err(wrong)?;
    paths.sort();
    Ok(paths)
}
