//! Removing what was found, each thing once it has been looked at again.

#[cfg(test)]
mod tests;

use crate::store::claim::{Claim, ClaimRecord, ClaimResult, Claimant, clear_stale};
use crate::store::gc::known_files::{Owner, unknown_file, unknown_file_in_attempt};
use crate::store::gc::{Item, Kind};
use crate::store::identity::Process;
use crate::store::progress::Progress;
use seedband_core::files::fsio;
use seedband_core::files::fsio::{FsError, is_real_folder};
use seedband_core::files::layout::{StudyDir, TrialDir};
use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// What came of the wish to remove something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removal {
    /// It is gone.
    Gone,
    /// A runner has come that holds it, or it has changed since it was found; it stays.
    Stays,
}

/// Removes one thing of the results at `dir`. The folder of a trial is claimed first, as by a runner, so that none can
/// begin the trial meanwhile; it disappears at once, and is emptied under a hidden name.
///
/// # Errors
/// The file system refuses.
pub fn remove(dir: &StudyDir, item: &Item) -> Result<Removal, FsError> {
    let path = &item.path;
    // A link may have been put in place of a folder since.
    match dir.check(path.parent().unwrap_or(path)) {
        Ok(()) => {}
        Err(FsError::NoFolder { .. }) => return Ok(Removal::Stays),
        Err(error) => return Err(error),
    }
    match item.kind {
        Kind::UnusedTrial => remove_trial(path),
        Kind::SupersededAttempt if unknown_file_in_attempt(path)?.is_some() => Ok(Removal::Stays),
        Kind::SupersededAttempt | Kind::HalfWritten => discard(path),
        Kind::StaleClaim => {
            let here = Process::this();
            match fsio::read(path) {
                Ok(text) if ClaimRecord::parse(&text).is_some_and(|claim| !claim.may_hold(&here)) => {
                    clear_stale(path, &text)?;
                    Ok(Removal::Gone)
                }
                Err(error) if error.is_not_found() => Ok(Removal::Gone),
                _ => Ok(Removal::Stays),
            }
        }
        Kind::StaleProgress => match fsio::read_json::<Progress>(path) {
            Ok(progress) if progress.may_be_live(&Process::this()) => Ok(Removal::Stays),
            _ => discard(path),
        },
    }
}

fn remove_trial(path: &Path) -> Result<Removal, FsError> {
    if !is_real_folder(path) {
        // Another gc was faster.
        return Ok(Removal::Gone);
    }
    let folder = TrialDir::new(path);
    let ClaimResult::Taken(_claim) = Claim::take(&folder.claim(), &Claimant::this_process())? else {
        return Ok(Removal::Stays);
    };
    let is_ours = Owner::of(&folder).is_some_and(|owner| owner.has_named(&folder));
    if !is_ours || unknown_file(&folder)?.is_some() {
        return Ok(Removal::Stays);
    }
    discard(path)?;
    // The folder of a config goes with its last trial; one that holds anything stays.
    if let Some(config) = path.parent() {
        let _ = fs::remove_dir(config);
    }
    Ok(Removal::Gone)
}

/// Whether something in a folder is on another file system than `device`.
fn holds_mount(folder: &Path, device: u64) -> bool {
    fs::read_dir(folder).into_iter().flatten().flatten().any(|entry| {
        let path = entry.path();
        let found = fs::symlink_metadata(&path);
        found.is_ok_and(|found| found.is_dir() && (found.dev() != device || holds_mount(&path, device)))
    })
}

/// Removes a file, or a folder by way of a hidden name: what is left if that is cut short is found the next time.
fn discard(path: &Path) -> Result<Removal, FsError> {
    let wrong = |source| FsError::io("remove", path, source);
    let removed = match fs::symlink_metadata(path) {
        // What is mounted there is on another disk, and somebody's.
        Ok(entry) if entry.is_dir() && holds_mount(path, entry.dev()) => return Ok(Removal::Stays),
        Ok(entry) if entry.is_dir() => {
            let hidden = fsio::hidden_beside(path);
            fs::rename(path, &hidden).and_then(|()| fs::remove_dir_all(&hidden))
        }
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(wrong(error)),
        _ => Ok(Removal::Gone),
    }
}
