//! The state of each trial, from the files alone.

use crate::claim::ClaimRecord;
use crate::plan::{finished_curve, folder_of};
use crate::runner::Runner;
use jiff::Timestamp;
use seedband_core::curve::End;
use seedband_core::fsio::FsError;
use seedband_core::journal::{self, Change, Entry, JournalError};
use seedband_core::layout::{StudyDir, TrialDir};
use seedband_core::protocol::{FailureClass, Train};
use seedband_core::trial::Trial;

/// One trial and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct TrialStatus {
    /// The trial.
    pub trial: Trial,
    /// Where it stands.
    pub state: State,
}

/// Where a trial stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Waits to be run: it never was, it is to be tried again, or its curve is gone, damaged or too short for the rules of today.
    Queued,
    /// A runner holds it.
    Running {
        /// Since when.
        since: Timestamp,
        /// The slot's device; absent in the moment between claim and journal.
        device: Option<String>,
        /// The runner's host.
        host: String,
    },
    /// Its curve is there.
    Finished {
        /// How the curve ended.
        end: End,
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
    let index = dir.index()?;
    let host = Runner::this_process().host;
    // A runner claims a trial, files its curve or its failure, and then gives the claim back. Looking in the same order never mistakes a trial
    // that ends meanwhile for one whose runner is gone.
    let mut seen = Vec::new();
    for train in Train::merged(work) {
        let folder = folder_of(dir, &index, &train.trial);
        let claim = live_claim(&folder, &host)?;
        let finished = finished_curve(&folder, &train)?.map(|curve| (curve.end, curve.steps.len() as u32));
        seen.push((train.trial, folder, claim, finished));
    }
    let entries = journal::read_all(&dir.journals())?;
    let last = journal::last(&entries);
    let mut states = Vec::new();
    for (trial, folder, claim, finished) in seen {
        let entry = last.get(&trial.id).copied();
        let state = match (finished, claim) {
            (Some((end, steps)), _) => State::Finished { end, steps },
            (None, Some(claim)) => running(claim, entry),
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
                    Some(claim) => running(claim, entry),
                    None => State::Interrupted { attempt },
                },
            },
        };
        states.push(TrialStatus { trial, state });
    }
    Ok(states)
}

fn running(claim: ClaimRecord, entry: Option<&Entry>) -> State {
    let device = entry.and_then(|entry| match &entry.change {
        Change::Running { device } => Some(device.clone()),
        _ => None,
    });
    State::Running {
        since: claim.at,
        device,
        host: claim.host,
    }
}

/// A claim that cannot be understood says nothing about a process, so it does not count as one.
fn live_claim(folder: &TrialDir, host: &str) -> Result<Option<ClaimRecord>, FsError> {
    Ok(ClaimRecord::read(&folder.claim())?.filter(|claim| claim.is_live(host)))
}
