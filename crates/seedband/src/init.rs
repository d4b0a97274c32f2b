//! A commented study to start from.

use crate::error::Error;
use seedband_core::files::fsio;
use std::path::Path;

/// A study that runs as it is, with comments.
pub const STUDY_TEMPLATE: &str = include_str!("../templates/study.toml");

/// Writes [`STUDY_TEMPLATE`] to `path`; over a file that is there only where `overwrite` says so.
///
/// # Errors
/// The file is there already, or cannot be written.
pub fn init(path: &Path, overwrite: bool) -> Result<(), Error> {
    if path.exists() && !overwrite {
        return Err(Error::FileExists {
            path: path.to_path_buf(),
        });
    }
    Ok(fsio::write_atomic(path, STUDY_TEMPLATE.as_bytes())?)
}
