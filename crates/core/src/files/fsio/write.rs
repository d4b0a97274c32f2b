//! Writes that are whole or not there.

use super::error::FsError;
use super::hidden::create_hidden_beside;
use serde::Serialize;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

/// Makes a folder and those above it.
pub fn create_dir_all(path: &Path) -> Result<(), FsError> {
    fs::create_dir_all(path).map_err(|source| FsError::io("create the folder", path, source))
}

/// Writes `bytes` to a hidden file beside `path`, syncs it and renames it into place, so that `path` holds the old
/// content or the new, never a part. The hidden file is removed when anything fails.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<(), FsError> {
    replace(path, bytes, true)
}

/// [`write_atomic`] without waiting for the disk: after a power cut, but not after a crash of the program, `path` may
/// be missing or empty. For files that nothing depends on.
pub fn write_unsynced(path: &Path, bytes: &[u8]) -> Result<(), FsError> {
    replace(path, bytes, false)
}

fn replace(path: &Path, bytes: &[u8], sync: bool) -> Result<(), FsError> {
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let (mut file, hidden) = create_hidden_beside(path).map_err(|source| FsError::io("write", path, source))?;
    let written = (|| {
        file.write_all(bytes)?;
        if sync {
            file.sync_all()?;
        }
        fs::rename(&hidden, path)?;
        if sync {
            sync_dir(parent);
        }
        Ok(())
    })();
    written.map_err(|source| {
        // The first error is the one to tell; what is left behind is hidden and cleaned best-effort.
        let _ = fs::remove_file(&hidden);
        FsError::io("write", path, source)
    })
}

/// Makes a rename in `folder` last through a power cut. Some network file systems cannot sync a folder; the data itself
/// is synced already.
fn sync_dir(folder: &Path) {
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
}

/// Writes a value as indented JSON with a last newline, whole.
pub fn write_json<T: Serialize>(path: &Path, value: &T) -> Result<(), FsError> {
    write_atomic(path, &json(path, value)?)
}

/// [`write_json`] as [`write_unsynced`].
pub fn write_json_unsynced<T: Serialize>(path: &Path, value: &T) -> Result<(), FsError> {
    write_unsynced(path, &json(path, value)?)
}

fn json<T: Serialize>(path: &Path, value: &T) -> Result<Vec<u8>, FsError> {
    let mut text = serde_json::to_vec_pretty(value).map_err(|source| FsError::Malformed {
        path: path.to_path_buf(),
        line: source.line(),
        source,
    })?;
    text.push(b'\n');
    Ok(text)
}
