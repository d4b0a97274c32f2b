//! Claims: a trial belongs to the runner that created its `claim` file.

mod claim_trial;
#[cfg(test)]
mod tests;

pub(crate) use claim_trial::{ClaimedTrial, claim_trial};

use crate::store::identity::RunnerIdentity;
use jiff::Timestamp;
use seedband_core::files::fsio;
use seedband_core::files::fsio::FsError;
use serde::{Deserialize, Serialize};
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// What a claim file says: one line of JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ClaimRecord {
    /// The runner's name, which is also that of its journal.
    pub runner: String,
    /// Its host.
    pub host: String,
    /// Its process id there.
    pub pid: u32,
    /// When that process started, in clock ticks since boot.
    pub process_start: u64,
    /// Since when it holds the trial.
    pub at: Timestamp,
}

impl ClaimRecord {
    /// Whether the claim still holds, as far as can be told from the host `host`: only the processes of one's own host
    /// can be looked at, so a claim from another one always holds.
    pub(crate) fn is_live(&self, host: &str) -> bool {
        self.host != host || RunnerIdentity::is_alive(self.pid, self.process_start)
    }

    /// Reads a claim; none if there is no file, or none that can be understood.
    pub(crate) fn read(path: &Path) -> Result<Option<Self>, FsError> {
        Ok(text_of(path)?.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Reads a claim that still holds, as far as can be told from `host`. One that cannot be understood says nothing
    /// about a process, so it does not count as one.
    pub(crate) fn read_live(path: &Path, host: &str) -> Result<Option<Self>, FsError> {
        Ok(Self::read(path)?.filter(|claim| claim.is_live(host)))
    }
}

/// A claim of ours. Dropping it gives the trial back.
#[derive(Debug)]
pub(crate) struct Claim {
    path: PathBuf,
    text: String,
}

/// What came of an attempt to claim.
#[derive(Debug)]
pub(crate) enum ClaimResult {
    Taken(Claim),
    /// Somebody else's; no record if the file cannot be understood.
    Held(Option<ClaimRecord>),
}

impl Claim {
    /// Claims a trial for `runner`. A claim of a process of this host that is gone is taken over, and so is any of the
    /// hosts in `take_over`, whose processes the user says are gone.
    pub(crate) fn take(path: &Path, runner: &RunnerIdentity, take_over: &[String]) -> Result<ClaimResult, FsError> {
        let record = ClaimRecord {
            runner: runner.name.clone(),
            host: runner.host.clone(),
            pid: runner.pid,
            process_start: runner.process_start,
            at: Timestamp::now(),
        };
        let text = seedband_core::protocol::to_line(&record);
        // Another runner can come in between at each turn; after a few of them the trial is in good hands.
        let mut holder = None;
        for _ in 0..4 {
            if create(path, &text)? {
                return Ok(ClaimResult::Taken(Self {
                    path: path.to_path_buf(),
                    text,
                }));
            }
            let Some(found) = text_of(path)? else { continue };
            holder = serde_json::from_str::<ClaimRecord>(&found).ok();
            match &holder {
                Some(record)
                    if !record.is_live(&runner.host)
                        || (record.host != runner.host && take_over.contains(&record.host)) =>
                {
                    tracing::debug!(claim = %path.display(), runner = record.runner, "taking over a stale claim");
                    clear_stale(path, &found)?;
                }
                _ => break,
            }
        }
        Ok(ClaimResult::Held(holder))
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        // Somebody may have cleared the claim by hand and another runner made its own.
        if fs::read_to_string(&self.path).is_ok_and(|text| text == self.text) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Creates the claim with all its text at once; false if there is one already.
///
/// A hard link is made only if the name is free, and brings its content along, so nobody ever reads half a claim. Where
/// the file system has no hard links, the file is created exclusively and then written. The content is on the disk
/// before the name is, so that a power cut leaves no claim that nobody can read and nobody may take over.
fn create(path: &Path, text: &str) -> Result<bool, FsError> {
    let wrong = |source| FsError::io("write", path, source);
    let hidden = fsio::hidden_beside(path);
    let written = File::create(&hidden)
        .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_data()))
        .and_then(|()| fs::hard_link(&hidden, path));
    let _ = fs::remove_file(&hidden);
    match written {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) if matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::Unsupported) => {
            match OpenOptions::new().write(true).create_new(true).open(path) {
                Ok(mut file) => file.write_all(text.as_bytes()).map(|()| true).map_err(wrong),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
                Err(error) => Err(wrong(error)),
            }
        }
        Err(error) => Err(wrong(error)),
    }
}

/// Removes the claim if it still is the stale one, `text`.
///
/// Several runners may find it stale at once, and the slower must not remove the claim that the faster has made since.
/// So the trial's folder is locked while a claim is looked at again and removed: nobody removes a claim without the
/// lock but its owner. The kernel drops the lock with its holder. On a file system without locks the look alone has to
/// do, which leaves a moment between look and removal.
pub(crate) fn clear_stale(path: &Path, text: &str) -> Result<(), FsError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let lock = File::open(folder).and_then(|folder| folder.lock().map(|()| folder));
    if let Err(error) = &lock {
        tracing::debug!(folder = %folder.display(), %error, "the folder cannot be locked");
    }
    if text_of(path)?.as_deref() != Some(text) {
        return Ok(());
    }
    match fs::remove_file(path) {
        Err(source) if source.kind() != ErrorKind::NotFound => Err(FsError::io("remove", path, source)),
        _ => Ok(()),
    }
}

/// The text of a claim, if there is one. One that is no text counts as one that cannot be understood, and ends no run.
fn text_of(path: &Path) -> Result<Option<String>, FsError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(FsError::io("read", path, source)),
    }
}
