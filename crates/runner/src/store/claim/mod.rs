//! Claims: a trial belongs to the runner that created its `claim` file.

mod claim_trial;
#[cfg(test)]
mod tests;
mod trial_lock;
mod watch;

pub(crate) use claim_trial::{ClaimedTrial, claim_trial};
pub(crate) use watch::{Sight, Watch};

use crate::store::identity::{Liveness, Process, RunnerIdentity};
use jiff::Timestamp;
use seedband_core::files::fsio;
use seedband_core::files::fsio::FsError;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;
use trial_lock::TrialLock;

/// What a claim file says: one line of JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ClaimRecord {
    /// The runner's name, which is also that of its journal.
    pub runner: String,
    /// Its process.
    #[serde(flatten)]
    pub process: Process,
    /// Milliseconds between two signs of life of the runner; absent before version 0.2, which gave none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub heartbeat_ms: Option<u64>,
    /// Since when it holds the trial.
    pub at: Timestamp,
}

impl ClaimRecord {
    /// A claim as it is read; none where it cannot be understood.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// Whether the claim may still hold, as far as can be told from `here`.
    pub(crate) fn may_hold(&self, here: &Process) -> bool {
        self.process.liveness(here) != Liveness::Dead
    }

    /// Reads a claim; none if there is no file, or none that can be understood.
    pub(crate) fn read(path: &Path) -> Result<Option<Self>, FsError> {
        Ok(text_of(path)?.and_then(|text| Self::parse(&text)))
    }

    /// Reads a claim that may still hold, as far as can be told from `here`. One that cannot be understood says nothing
    /// about a process, so it does not count as one.
    pub(crate) fn read_live(path: &Path, here: &Process) -> Result<Option<Self>, FsError> {
        Ok(Self::read(path)?.filter(|claim| claim.may_hold(here)))
    }
}

/// Who claims, and what it knows of others.
#[derive(Debug, Clone)]
pub(crate) struct Claimant {
    pub(crate) runner: RunnerIdentity,
    /// Between two of its signs of life; none where it gives none.
    pub(crate) heartbeat: Option<Duration>,
    /// Hosts whose processes the user says are gone.
    pub(crate) take_over: Vec<String>,
    /// What claims say whose holders have given no sign of life for as long as it takes.
    pub(crate) gone: HashSet<String>,
}

impl Claimant {
    /// A claimant that gives no sign of life and knows of nobody.
    pub(crate) fn this_process() -> Self {
        Self {
            runner: RunnerIdentity::this_process(),
            heartbeat: None,
            take_over: Vec::new(),
            gone: HashSet::new(),
        }
    }

    fn claim(&self) -> String {
        seedband_core::protocol::to_line(&ClaimRecord {
            runner: self.runner.name.clone(),
            process: self.runner.process.clone(),
            heartbeat_ms: self.heartbeat.map(|period| period.as_millis() as u64),
            at: Timestamp::now(),
        })
    }

    /// What a claim that says `text` is to this claimant.
    fn judge(&self, text: &str) -> Verdict {
        if self.gone.contains(text) {
            return Verdict::Stale;
        }
        let Some(record) = ClaimRecord::parse(text) else {
            return Verdict::Unknown;
        };
        match record.process.liveness(&self.runner.process) {
            Liveness::Dead => Verdict::Stale,
            Liveness::Unknown if self.take_over.contains(&record.process.host) => Verdict::Stale,
            Liveness::Unknown => Verdict::Unknown,
            Liveness::Alive => Verdict::Holds(record),
        }
    }
}

enum Verdict {
    Stale,
    /// Nobody knows from here whether its holder lives, or who that is.
    Unknown,
    Holds(ClaimRecord),
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
    /// Somebody else's, who lives, or is in the middle of something; no record where the claim cannot be understood.
    Held(Option<ClaimRecord>),
    /// Somebody else's, of whom it cannot be told from here whether they live: what the claim says.
    Unknown(String),
}

impl Claim {
    /// Claims a trial for `claimant`. A claim of a process that is gone for certain is taken over, and so is one whose
    /// host the user says is gone, or whose holder has given no sign of life for long enough.
    pub(crate) fn take(path: &Path, claimant: &Claimant) -> Result<ClaimResult, FsError> {
        let text = claimant.claim();
        let mut result = ClaimResult::Unknown(String::new());
        // Another runner can come in between at each turn; after a few of them the trial is in good hands.
        for _ in 0..4 {
            if create(path, &text)? {
                return Ok(ClaimResult::Taken(Self {
                    path: path.to_path_buf(),
                    text,
                }));
            }
            let Some(found) = text_of(path)? else {
                // It was given back a moment ago; or it is a link to nothing, which is no claim and keeps others away.
                let is_link = fs::symlink_metadata(path).is_ok_and(|entry| entry.is_symlink());
                if is_link && text_of(path)?.is_none() {
                    let problem = io::Error::other("it is a link that leads nowhere; remove it");
                    return Err(FsError::io("read", path, problem));
                }
                continue;
            };
            match claimant.judge(&found) {
                Verdict::Stale => {
                    tracing::debug!(claim = %path.display(), "taking over a stale claim");
                    if !clear_stale(path, &found)? {
                        return Ok(ClaimResult::Held(ClaimRecord::parse(&found)));
                    }
                    result = ClaimResult::Unknown(found);
                }
                Verdict::Unknown => return Ok(ClaimResult::Unknown(found)),
                Verdict::Holds(record) => return Ok(ClaimResult::Held(Some(record))),
            }
        }
        Ok(result)
    }

    /// Whether the trial still is ours: nobody has taken it over.
    pub(crate) fn is_held(&self) -> bool {
        says(&self.path, &self.text).unwrap_or_default()
    }

    /// Does what only the holder of the trial may do, unless somebody has taken the trial over: a runner that was
    /// suspended for long has been taken for dead. Nobody takes it over meanwhile.
    pub(crate) fn while_held<T>(&self, act: impl FnOnce() -> Result<T, FsError>) -> Result<Option<T>, FsError> {
        let lock = TrialLock::of(&self.path);
        if lock.is_busy() {
            let folder = self.path.parent().unwrap_or(&self.path);
            return Err(FsError::io(
                "lock",
                folder,
                io::Error::other("somebody keeps it locked"),
            ));
        }
        if says(&self.path, &self.text)? {
            act().map(Some)
        } else {
            Ok(None)
        }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        // Somebody may have cleared the claim and another runner made its own.
        let _ = clear_stale(&self.path, &self.text);
    }
}

/// Creates the claim with all its text at once; false if there is one already.
///
/// A hard link is made only if the name is free, and brings its content along, so nobody ever reads half a claim. Where
/// the file system has no hard links, the file is created exclusively and then written. The content is on the disk
/// before the name is, so that a power cut leaves no claim that nobody can read.
fn create(path: &Path, text: &str) -> Result<bool, FsError> {
    let wrong = |source| FsError::io("write", path, source);
    let (mut file, hidden) = fsio::create_hidden_beside(path).map_err(wrong)?;
    let written = file
        .write_all(text.as_bytes())
        .and_then(|()| file.sync_data())
        .and_then(|()| fs::hard_link(&hidden, path));
    let _ = fs::remove_file(&hidden);
    match written {
        Ok(()) => Ok(true),
        // A network disk asks again where an answer was lost, and then finds what it has made itself.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => says(path, text),
        Err(error) if matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::Unsupported) => {
            match OpenOptions::new().write(true).create_new(true).open(path) {
                Ok(mut file) => {
                    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_data());
                    written.map(|()| true).map_err(|source| {
                        let _ = fs::remove_file(path);
                        wrong(source)
                    })
                }
                Err(error) if error.kind() == ErrorKind::AlreadyExists => says(path, text),
                Err(error) => Err(wrong(error)),
            }
        }
        Err(error) => Err(wrong(error)),
    }
}

/// Removes the claim if it still is the one that says `text`.
///
/// Several runners may find it stale at once, and the slower must not remove the claim that the faster has made since.
/// So the trial's folder is locked while a claim is looked at again and removed: nobody removes a claim without the
/// lock. On a file system without locks the look alone has to do, which leaves a moment between look and removal. False
/// where somebody sits on the lock, and nothing was done.
pub(crate) fn clear_stale(path: &Path, text: &str) -> Result<bool, FsError> {
    let lock = TrialLock::of(path);
    if lock.is_busy() {
        return Ok(false);
    }
    if !says(path, text)? {
        return Ok(true);
    }
    match fs::remove_file(path) {
        Err(source) if source.kind() != ErrorKind::NotFound => Err(FsError::io("remove", path, source)),
        _ => Ok(true),
    }
}

/// Whether there is a claim that says `text`.
fn says(path: &Path, text: &str) -> Result<bool, FsError> {
    Ok(text_of(path)?.as_deref() == Some(text))
}

/// The text of a claim, if there is one. One that is no text counts as one that cannot be understood.
fn text_of(path: &Path) -> Result<Option<String>, FsError> {
    match fsio::read_start::<4096>(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}
