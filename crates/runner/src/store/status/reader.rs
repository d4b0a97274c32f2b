//! Reading the states of trials again and again.

use super::state::{State, TrialStatus};
use crate::store::claim::ClaimRecord;
use crate::store::identity::Process;
use crate::store::plan::finished_curve;
use crate::store::progress::{SlotProgress, runners};
use seedband_core::files::curve::End;
use seedband_core::files::fsio::FsError;
use seedband_core::files::journal;
use seedband_core::files::journal::{Change, Entry, JournalError};
use seedband_core::files::layout::{StudyDir, TrialDir};
use seedband_core::one_line;
use seedband_core::protocol::Train;
use seedband_core::trial::{Trial, TrialId};
use std::collections::HashMap;
use std::fs;
use std::time::SystemTime;

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

/// The state of each trial of `work` under `dir`: each once, in the order given. Nothing is changed, and a run may be
/// under way anywhere.
///
/// # Errors
/// A file is there but cannot be read.
pub fn status(dir: &StudyDir, work: Vec<Train>) -> Result<Vec<TrialStatus>, StatusError> {
    StatusReader::new(dir.clone()).read(work)
}

/// Reads the states of a study's trials again and again, and a curve only where its file has changed since the last
/// time.
#[derive(Debug)]
pub struct StatusReader {
    dir: StudyDir,
    /// By trial: what told its curve from others, and what it came to.
    curves: HashMap<TrialId, (FileVersion, Option<State>)>,
}

/// Length and time of a file: what changes when another takes its place.
type FileVersion = (u64, Option<SystemTime>);

/// What is in a trial's folder.
struct TrialFiles {
    trial: Trial,
    folder: TrialDir,
    /// The claim of a runner that is alive.
    claim: Option<ClaimRecord>,
    /// What the curve says, if it is there and suffices.
    finished: Option<State>,
}

impl StatusReader {
    /// Of the study at `dir`.
    pub fn new(dir: StudyDir) -> Self {
        Self {
            dir,
            curves: HashMap::new(),
        }
    }

    /// As [`status()`](crate::status()). The rules by which a trial of `work` may end early have to be the same each
    /// time.
    ///
    /// # Errors
    /// A file is there but cannot be read.
    pub fn read(&mut self, work: Vec<Train>) -> Result<Vec<TrialStatus>, StatusError> {
        let index = self.dir.index()?;
        let here = Process::this();
        // A runner claims a trial, files its curve or its failure, and then gives the claim back. Looking in the same
        // order never mistakes a trial that ends meanwhile for one whose runner is gone.
        let mut found = Vec::new();
        for train in Train::merged(work) {
            // What cannot be read of one trial says nothing of the others.
            let folder = index.place(&train.trial).unwrap_or_else(|error| {
                unreadable(&train.trial, &error);
                self.dir.trial(&train.trial)
            });
            let claim = ClaimRecord::read_live(&folder.claim(), &here).unwrap_or_else(|error| {
                unreadable(&train.trial, &error);
                None
            });
            let finished = self.finished(&folder, &train).unwrap_or_else(|error| {
                unreadable(&train.trial, &error);
                None
            });
            found.push(TrialFiles {
                trial: train.trial,
                folder,
                claim,
                finished,
            });
        }
        let entries = journal::read_all(&self.dir.journals())?.entries;
        let last = journal::last(&entries);
        let slots: Vec<SlotProgress> = runners(&self.dir)?.into_iter().flat_map(|run| run.slots).collect();
        let status = |files: TrialFiles| {
            let state = state(&files, last.get(&files.trial.id).copied(), &slots, &here);
            let TrialFiles { trial, folder, .. } = files;
            TrialStatus { trial, folder, state }
        };
        Ok(found.into_iter().map(status).collect())
    }

    /// What the curve says, if it is there and suffices.
    fn finished(&mut self, folder: &TrialDir, train: &Train) -> Result<Option<State>, FsError> {
        let version = fs::metadata(folder.curve())
            .ok()
            .map(|file| (file.len(), file.modified().ok()));
        if let (Some(version), Some((before, state))) = (version, self.curves.get(&train.trial.id))
            && *before == version
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
        if let Some(version) = version {
            self.curves.insert(train.trial.id.clone(), (version, state.clone()));
        }
        Ok(state)
    }
}

fn unreadable(trial: &Trial, error: &FsError) {
    tracing::warn!("{}/{}: {}", trial.config, trial.seed, one_line(error));
}

/// The state of a trial, given the last entry of the journals on it.
fn state(files: &TrialFiles, entry: Option<&Entry>, slots: &[SlotProgress], here: &Process) -> State {
    if let Some(finished) = &files.finished {
        return finished.clone();
    }
    if let Some(claim) = &files.claim {
        return running(claim.clone(), entry, slots);
    }
    match entry.map(|entry| (entry.attempt, &entry.change)) {
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
        Some((attempt, Change::Running { .. })) => {
            match ClaimRecord::read_live(&files.folder.claim(), here).ok().flatten() {
                Some(claim) => running(claim, entry, slots),
                None => State::Interrupted { attempt },
            }
        }
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
        host: claim.process.host,
        pid: claim.process.pid,
        progress: slots.iter().find(is_this).cloned(),
    }
}
