//! Who may change a study's folder at once.
//!
//! Two locks, each on a hidden file in the folder: `.use.lock`, which everyone who uses the results shares and who
//! deletes some of them has alone; and `.publish.lock`, which one at a time has while it makes tables, summary and
//! page. They are the kernel's (`flock(2)`), which drops them with their holder, whatever becomes of it; between
//! containers of one host, and between hosts where the network file system passes them on. Where a file system has
//! none, nothing is locked, and that is said once.

use crate::files::fsio;
use crate::files::fsio::FsError;
use crate::files::layout::StudyDir;
use crate::host_name;
use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Between two tries.
const PAUSE: Duration = Duration::from_millis(50);

/// A study's folder that somebody else has locked.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// The lock's file cannot be made or opened.
    #[error(transparent)]
    Fs(#[from] FsError),
    /// Somebody else has it.
    #[error("`{}` is in use by {by}; try again when that has ended", folder.display())]
    Held {
        /// The study's folder.
        folder: PathBuf,
        /// Who has said that it has the lock; or that there are others.
        by: String,
    },
}

/// A lock that is held until this is dropped.
#[derive(Debug)]
pub struct FolderLock {
    file: File,
    /// Whether the file system has locks at all.
    is_locked: bool,
    is_alone: bool,
}

impl FolderLock {
    /// Takes part in the use of a study's results: nothing of them is deleted meanwhile. Waits for whoever deletes, up
    /// to ten seconds.
    ///
    /// # Errors
    /// Somebody has the folder alone for longer; or the lock's file cannot be made.
    pub fn share(dir: &StudyDir) -> Result<Self, LockError> {
        const PATIENCE: Duration = Duration::from_secs(10);
        let path = dir.use_lock();
        let mut file = open(dir, &path)?;
        let since = Instant::now();
        loop {
            match file.try_lock_shared() {
                Ok(()) => return Ok(Self::held(file, false)),
                Err(TryLockError::WouldBlock) if since.elapsed() < PATIENCE => sleep(PAUSE),
                Err(TryLockError::WouldBlock) => return Err(held(dir, &mut file)),
                Err(TryLockError::Error(error)) => return Ok(Self::none(file, &path, &error)),
            }
        }
    }

    /// Has a study's results alone, to delete some of them.
    ///
    /// # Errors
    /// Somebody uses them; or the lock's file cannot be made.
    pub fn alone(dir: &StudyDir, who: &str) -> Result<Self, LockError> {
        let path = dir.use_lock();
        let mut file = open(dir, &path)?;
        match file.try_lock() {
            Ok(()) => {
                sign(&mut file, who);
                Ok(Self::held(file, true))
            }
            Err(TryLockError::WouldBlock) => Err(held(dir, &mut file)),
            Err(TryLockError::Error(error)) => Ok(Self::none(file, &path, &error)),
        }
    }

    /// Waits until nobody else publishes tables, summary and page of the study, however long that takes. `waiting` is
    /// told once for whom.
    ///
    /// # Errors
    /// The lock's file cannot be made.
    pub fn publish(dir: &StudyDir, who: &str, waiting: impl FnOnce(&str)) -> Result<Self, LockError> {
        /// A report takes some seconds; that is not worth a word.
        const SILENCE: Duration = Duration::from_secs(5);
        let path = dir.publish_lock();
        let mut file = open(dir, &path)?;
        let since = Instant::now();
        let mut waiting = Some(waiting);
        loop {
            match file.try_lock() {
                Ok(()) => {
                    sign(&mut file, who);
                    return Ok(Self::held(file, true));
                }
                Err(TryLockError::WouldBlock) => {
                    if since.elapsed() > SILENCE
                        && let Some(waiting) = waiting.take()
                    {
                        waiting(&signature(&mut file));
                    }
                    sleep(PAUSE);
                }
                Err(TryLockError::Error(error)) => return Ok(Self::none(file, &path, &error)),
            }
        }
    }

    /// Whether nobody else can have the folder: it is locked, by this alone.
    pub fn is_alone(&self) -> bool {
        self.is_locked && self.is_alone
    }

    fn held(file: File, is_alone: bool) -> Self {
        Self {
            file,
            is_locked: true,
            is_alone,
        }
    }

    fn none(file: File, path: &Path, error: &io::Error) -> Self {
        tracing::warn!(
            "`{}` cannot be locked ({error}): let one process at a time change these results",
            path.display()
        );
        Self {
            file,
            is_locked: false,
            is_alone: false,
        }
    }
}

impl Drop for FolderLock {
    fn drop(&mut self) {
        if self.is_locked {
            if self.is_alone {
                let _ = self.file.set_len(0);
            }
            // A process that was started meanwhile may have the file open too.
            let _ = self.file.unlock();
        }
    }
}

fn open(dir: &StudyDir, path: &Path) -> Result<File, FsError> {
    dir.check(path)?;
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    let opened = match fsio::open_in_place(path, &mut options) {
        // Another user's, in a folder that several share: to lock it needs no right to write.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            fsio::open_in_place(path, File::options().read(true))
        }
        opened => opened,
    };
    opened.map_err(|source| FsError::io("open", path, source))
}

/// Leaves word of who has the lock, for whoever meets it. A disk that is full takes none.
fn sign(file: &mut File, who: &str) {
    let word = format!("`{who}` (process {} on {})\n", std::process::id(), host_name());
    let _ = file
        .set_len(0)
        .and_then(|()| file.seek(SeekFrom::Start(0)))
        .and_then(|_| file.write_all(word.as_bytes()));
}

/// What its holder has left word of.
fn signature(file: &mut File) -> String {
    const MOST: u64 = 500;
    let mut bytes = Vec::new();
    let _ = file
        .seek(SeekFrom::Start(0))
        .and_then(|_| Read::by_ref(file).take(MOST).read_to_end(&mut bytes));
    let word = String::from_utf8_lossy(&bytes);
    match word.lines().next().map(str::trim) {
        Some(word) if !word.is_empty() => word.to_owned(),
        _ => "another process of seedband".to_owned(),
    }
}

fn held(dir: &StudyDir, file: &mut File) -> LockError {
    LockError::Held {
        folder: dir.root().to_path_buf(),
        by: signature(file),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn study() -> (tempfile::TempDir, StudyDir) {
        let root = tempfile::tempdir().unwrap();
        let dir = StudyDir::new(root.path());
        (root, dir)
    }

    #[test]
    fn many_use_results_and_one_deletes() {
        let (_root, dir) = study();
        let users = [FolderLock::share(&dir).unwrap(), FolderLock::share(&dir).unwrap()];
        let error = FolderLock::alone(&dir, "gc").unwrap_err();
        assert!(error.to_string().contains("in use by another process"), "{error}");
        drop(users);
        let alone = FolderLock::alone(&dir, "gc").unwrap();
        assert!(alone.is_alone());
        let error = FolderLock::alone(&dir, "gc").unwrap_err();
        assert!(error.to_string().contains("in use by `gc` (process "), "{error}");
        drop(alone);
        assert!(!FolderLock::share(&dir).unwrap().is_alone());
    }

    #[test]
    fn one_publishes_at_a_time() {
        let (_root, dir) = study();
        let first = FolderLock::publish(&dir, "report", |_| ()).unwrap();
        std::thread::scope(|scope| {
            let second = scope.spawn(|| FolderLock::publish(&dir, "report", |_| ()).map(drop));
            sleep(3 * PAUSE);
            assert!(!second.is_finished());
            drop(first);
            second.join().unwrap().unwrap();
        });
    }

    #[test]
    fn a_link_in_place_of_the_lock_is_refused() {
        let (root, dir) = study();
        std::fs::write(root.path().join("else"), "word").unwrap();
        std::os::unix::fs::symlink("else", dir.use_lock()).unwrap();
        assert!(FolderLock::alone(&dir, "gc").is_err());
        assert_eq!(std::fs::read(root.path().join("else")).unwrap(), b"word");
    }
}
