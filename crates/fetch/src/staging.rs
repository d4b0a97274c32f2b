//! The folder in which a data set is made: hidden, beside the place where it will stand, and held by one process.

use crate::{FetchError, Progress};
use std::fs::{self, File, TryLockError};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// The file in it that is locked by whoever works there.
const LOCK: &str = "lock";

/// A hidden folder that is this process's alone, until it is removed, or left with what has come so far.
#[derive(Debug)]
pub(crate) struct Staging {
    folder: PathBuf,
    lock: File,
}

impl Staging {
    /// That of the data set `name` below `to`. Waits while another process holds it.
    pub(crate) fn open(to: &Path, name: &str, tell: &mut dyn FnMut(Progress<'_>)) -> Result<Self, FetchError> {
        let folder = to.join(format!(".{name}.fetch"));
        let path = folder.join(LOCK);
        loop {
            fs::create_dir_all(&folder).map_err(FetchError::io("create the folder", &folder))?;
            let opened = File::options().create(true).append(true).open(&path);
            let lock = match opened {
                // Whoever held it removed the folder just now.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                opened => opened.map_err(FetchError::io("write", &path))?,
            };
            match lock.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    tell(Progress::Waiting);
                    lock.lock().map_err(FetchError::io("lock", &path))?;
                }
                Err(TryLockError::Error(error)) => return Err(FetchError::io("lock", &path)(error)),
            }
            if is_there(&lock, &path).map_err(FetchError::io("read", &path))? {
                return Ok(Self { folder, lock });
            }
        }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The folder in it that becomes the data set.
    pub(crate) fn unpacked(&self) -> PathBuf {
        self.folder.join("unpacked")
    }

    /// Removes it with all that is in it.
    pub(crate) fn remove(self) -> Result<(), FetchError> {
        fs::remove_dir_all(&self.folder).map_err(FetchError::io("remove", &self.folder))
    }
}

impl Drop for Staging {
    /// Where nothing has come, nothing stays.
    fn drop(&mut self) {
        let lock = self.folder.join(LOCK);
        // Once it has been removed, another process may have made its own in this place.
        if !is_there(&self.lock, &lock).unwrap_or(false) {
            return;
        }
        let _ = fs::remove_dir(self.unpacked());
        let has_more = fs::read_dir(&self.folder).is_ok_and(|entries| entries.count() > 1);
        if !has_more {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

/// Whether `file` is still the one at `path`, and not one that was removed while this process waited for it.
fn is_there(file: &File, path: &Path) -> io::Result<bool> {
    let there = match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        there => there?,
    };
    let own = file.metadata()?;
    Ok((own.dev(), own.ino()) == (there.dev(), there.ino()))
}
