//! The state of each trial, from the files alone.

use crate::store::attempt::AttemptRecord;
use crate::store::claim::ClaimRecord;
use crate::store::identity::RunnerIdentity;
use crate::store::plan::{finished_curve, folder_of};
use crate::store::progress::{SlotProgress, runners};
use jiff::Timestamp;
use seedband_core::files::curve::End;
use seedband_core::files::fsio;
use seedband_core::files::fsio::FsError;
use seedband_core::files::journal;
use seedband_core::files::journal::{Change, Entry, JournalError};
use seedband_core::files::layout::{StudyDir, TrialDir};
use seedband_core::protocol::{FailureClass, Train};
use seedband_core::trial::{Trial, TrialId};
use serde::Serialize;
use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::time::SystemTime;

/// One trial and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct TrialStatus {
    /// The trial.
    pub trial: Trial,
    /// Its folder, whether it is there or not.
    pub folder: TrialDir,
    /// Where it stands.
    pub state: State,
}

/// Where a trial stands.
#[derive(Debug, Clone, PartialEq)]
pub enum State {
    /// Waits to be run: it never was, it is to be tried again, or its curve is gone, damaged or too short for the rules of today.
    Queued,
    /// A runner holds it.
    Running {
        /// Since when.
        since: Timestamp,
        /// Which attempt, counted from 1; absent in the moment between claim and journal.
        attempt: Option<u32>,
        /// The slot's device; absent in the same moment.
        device: Option<String>,
        /// Name of the runner.
        runner: String,
        /// The runner's host.
        host: String,
        /// The runner's process there.
        pid: u32,
        /// How far it is; absent until its worker has data and model, and where the runner cannot write it.
        progress: Option<SlotProgress>,
    },
    /// Its curve is there.
    Finished {
        /// How the curve ended: never by a loss that is not finite.
        end: End,
        /// Its length.
        steps: u32,
    },
    /// Its curve is there, and its last loss is infinite or NaN: a result like any other.
    Diverged {
        /// Its length.
        steps: u32,
    },
    /// Its last attempt gave no curve.
    Failed {
        /// Which attempt, counted from 1.
        attempt: u32,
        /// The kind of failure.
        class: FailureClass,
        /// One line for the user.
        message: String,
    },
    /// Its last attempt was stopped, or its runner is gone.
    Interrupted {
        /// Which attempt, counted from 1.
        attempt: u32,
    },
}

impl State {
    /// The name as it stands in `status --json`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running { .. } => "running",
            Self::Finished { .. } => "finished",
            Self::Diverged { .. } => "diverged",
            Self::Failed { .. } => "failed",
            Self::Interrupted { .. } => "interrupted",
        }
    }

    /// Whether its curve is there.
    pub fn has_curve(&self) -> bool {
        matches!(self, Self::Finished { .. } | Self::Diverged { .. })
    }
}

/// One attempt at a trial.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct AttemptStatus {
    /// Which, counted from 1.
    pub attempt: u32,
    /// What its worker wrote to standard error.
    pub log: PathBuf,
    /// How it went; absent while it is under way, and where its runner was killed.
    #[serde(flatten)]
    pub record: Option<AttemptRecord>,
}

impl TrialStatus {
    /// The attempts at the trial, first to last.
    ///
    /// # Errors
    /// The folder of attempts is there but cannot be listed. A record that cannot be read is absent.
    pub fn attempts(&self) -> Result<Vec<AttemptStatus>, FsError> {
        let attempt = |attempt| AttemptStatus {
            attempt,
            log: self.folder.log(attempt),
            record: fsio::read_json(&self.folder.attempt_record(attempt)).ok(),
        };
        Ok(self.folder.attempt_numbers()?.into_iter().map(attempt).collect())
    }
}

/// Why the state of a study cannot be told.
#[derive(Debug, thiserror::Error)]
pub enum StatusError {
    /// A file cannot be read.
    #[error(transparent)]
    Fs(#[from] FsError),
    /// A journal cannot be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// The state of each trial of `work` under `dir`: each once, in the order given. Nothing is changed, and a run may be under way anywhere.
///
/// # Errors
/// A file is there but cannot be read.
pub fn status(dir: &StudyDir, work: Vec<Train>) -> Result<Vec<TrialStatus>, StatusError> {
    StatusReader::new(dir.clone()).read(work)
}

/// Looks at the trials of a study again and again, and reads a curve only where its file has changed since the last look.
#[derive(Debug)]
pub struct StatusReader {
    dir: StudyDir,
    /// By trial: what told its curve from others, and what it came to.
    seen: HashMap<TrialId, (Mark, Option<State>)>,
}

/// Length and time of a file: what changes when another takes its place.
type Mark = (u64, Option<SystemTime>);

impl StatusReader {
    /// Of the study at `dir`.
    pub fn new(dir: StudyDir) -> Self {
        Self {
            dir,
            seen: HashMap::new(),
        }
    }

    /// As [`status()`]. The rules by which a trial of `work` may end early have to be the same at each look.
    ///
    /// # Errors
    /// A file is there but cannot be read.
    pub fn read(&mut self, work: Vec<Train>) -> Result<Vec<TrialStatus>, StatusError> {
        let index = self.dir.index()?;
        let host = RunnerIdentity::this_process().host;
        // A runner claims a trial, files its curve or its failure, and then gives the claim back. Looking in the same order never mistakes a
        // trial that ends meanwhile for one whose runner is gone.
        let mut seen = Vec::new();
        for train in Train::merged(work) {
            let folder = folder_of(&self.dir, &index, &train.trial);
            let claim = live_claim(&folder, &host)?;
            let over = self.over(&folder, &train)?;
            seen.push((train.trial, folder, claim, over));
        }
        let entries = journal::read_all(&self.dir.journals())?;
        let last = journal::last(&entries);
        let slots: Vec<SlotProgress> = runners(&self.dir)?.into_iter().flat_map(|run| run.slots).collect();
        let mut states = Vec::new();
        for (trial, folder, claim, over) in seen {
            let entry = last.get(&trial.id).copied();
            let state = match (over, claim) {
                (Some(over), _) => over,
                (None, Some(claim)) => running(claim, entry, &slots),
                (None, None) => match entry.map(|entry| (entry.attempt, &entry.change)) {
                    None | Some((_, Change::Finished { .. } | Change::Failed { again: true, .. })) => State::Queued,
                    Some((
                        attempt,
                        Change::Failed {
                            class,
                            message,
                            again: false,
                        },
                    )) => State::Failed {
                        attempt,
                        class: *class,
                        message: message.clone(),
                    },
                    Some((attempt, Change::Interrupted)) => State::Interrupted { attempt },
                    // It may have started since the claim was looked for.
                    Some((attempt, Change::Running { .. })) => match live_claim(&folder, &host)? {
                        Some(claim) => running(claim, entry, &slots),
                        None => State::Interrupted { attempt },
                    },
                },
            };
            states.push(TrialStatus { trial, folder, state });
        }
        Ok(states)
    }

    /// What the curve says, if it is there and suffices.
    fn over(&mut self, folder: &TrialDir, train: &Train) -> Result<Option<State>, FsError> {
        let mark = fs::metadata(folder.curve())
            .ok()
            .map(|file| (file.len(), file.modified().ok()));
        if let (Some(mark), Some((before, state))) = (mark, self.seen.get(&train.trial.id))
            && *before == mark
        {
            return Ok(state.clone());
        }
        let state = finished_curve(folder, train)?.map(|curve| {
            let steps = curve.steps.len() as u32;
            match curve.end {
                End::NonFinite => State::Diverged { steps },
                end @ (End::Completed | End::StoppedEarly) => State::Finished { end, steps },
            }
        });
        if let Some(mark) = mark {
            self.seen.insert(train.trial.id.clone(), (mark, state.clone()));
        }
        Ok(state)
    }
}

fn running(claim: ClaimRecord, entry: Option<&Entry>, slots: &[SlotProgress]) -> State {
    let (attempt, device) = match entry.map(|entry| (entry.attempt, &entry.change)) {
        Some((attempt, Change::Running { device })) => (Some(attempt), Some(device.clone())),
        _ => (None, None),
    };
    // A file of progress that is a moment old may still speak of the attempt before.
    let is_this =
        |slot: &&SlotProgress| entry.is_some_and(|entry| entry.trial == slot.trial) && Some(slot.attempt) == attempt;
    State::Running {
        since: claim.at,
        attempt,
        device,
        runner: claim.runner,
        host: claim.host,
        pid: claim.pid,
        progress: slots.iter().find(is_this).cloned(),
    }
}

/// A claim that cannot be understood says nothing about a process, so it does not count as one.
fn live_claim(folder: &TrialDir, host: &str) -> Result<Option<ClaimRecord>, FsError> {
    Ok(ClaimRecord::read(&folder.claim())?.filter(|claim| claim.is_live(host)))
}
