//! A file that has come in part.

use crate::FetchError;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The bytes that have come, and beside them which version of which address they are of.
#[derive(Debug)]
pub(crate) struct Partial {
    path: PathBuf,
    version: PathBuf,
}

impl Partial {
    /// That of the file `name`, in `folder`.
    pub(crate) fn new(folder: &Path, name: &str) -> Self {
        Self {
            path: folder.join(format!("{name}.part")),
            version: folder.join(format!("{name}.version")),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Bytes that are there.
    pub(crate) fn size(&self) -> Result<u64, FetchError> {
        match fs::metadata(&self.path) {
            Ok(metadata) => Ok(metadata.len()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
            Err(error) => Err(FetchError::io("read", &self.path)(error)),
        }
    }

    /// Forgets what has come.
    pub(crate) fn restart(&self) -> Result<(), FetchError> {
        for path in [&self.path, &self.version] {
            match fs::remove_file(path) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(FetchError::io("remove", path)(error)),
                _ => {}
            }
        }
        Ok(())
    }

    /// To write behind what has come.
    pub(crate) fn append(&self) -> Result<File, FetchError> {
        let file = File::options().create(true).append(true).open(&self.path);
        file.map_err(FetchError::io("write", &self.path))
    }

    /// The version that has come, where it is one of this address.
    pub(crate) fn version(&self, address: &str) -> Option<String> {
        // It spares a download at best; one that cannot be read is none.
        let text = fs::read_to_string(&self.version).ok()?;
        let (of, version) = text.split_once('\n')?;
        (of == address && !version.is_empty()).then(|| version.to_owned())
    }

    /// Notes which version comes.
    pub(crate) fn set_version(&self, address: &str, version: Option<&str>) -> Result<(), FetchError> {
        let text = format!("{address}\n{}", version.unwrap_or_default());
        fs::write(&self.version, text).map_err(FetchError::io("write", &self.version))
    }
}
