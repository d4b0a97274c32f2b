//! Reading files that a user named or put in a folder.

use crate::DataError;
use seedband_core::files::fsio;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Opens a file and says its length in bytes.
///
/// # Errors
/// The system's, and what is no file: a pipe or a device may have no end.
pub(crate) fn open(path: &Path) -> Result<(File, u64), DataError> {
    let opened = || {
        let file = fsio::open(path)?;
        let length = file.metadata()?.len();
        Ok((file, length))
    };
    opened().map_err(|source| DataError::io(path, source))
}

/// The bytes of a file.
///
/// # Errors
/// As of [`open`].
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>, DataError> {
    let (file, length) = open(path)?;
    let mut bytes = Vec::new();
    // A file that grows meanwhile is not followed.
    let read = file.take(length).read_to_end(&mut bytes);
    read.map(|_| bytes).map_err(|source| DataError::io(path, source))
}
