//! One at a time in a trial's folder, for the moment in which a claim is looked at and acted upon.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

/// What came of the wish to lock a folder.
pub(super) enum TrialLock {
    /// It is locked until this is dropped; the kernel drops the lock with its holder.
    Held(#[expect(dead_code, reason = "the lock lasts as long as the file is open")] File),
    /// The file system has no locks: a look has to do.
    None,
    /// Somebody sits on it, who was stopped in the middle: nothing may be done meanwhile.
    Busy,
}

impl TrialLock {
    /// Locks the folder that holds `path`; for two seconds it waits for others.
    pub(super) fn of(path: &Path) -> Self {
        const TRIES: u32 = 100;
        const PAUSE: Duration = Duration::from_millis(20);
        let folder = path.parent().unwrap_or(Path::new("."));
        let Ok(file) = File::open(folder) else {
            return Self::None;
        };
        for _ in 0..TRIES {
            match file.try_lock() {
                Ok(()) => return Self::Held(file),
                Err(TryLockError::WouldBlock) => sleep(PAUSE),
                Err(TryLockError::Error(error)) => {
                    tracing::debug!(folder = %folder.display(), %error, "the folder cannot be locked");
                    return Self::None;
                }
            }
        }
        Self::Busy
    }

    pub(super) fn is_busy(&self) -> bool {
        matches!(self, Self::Busy)
    }
}
