//! What a run comes to.

use crate::device::slots::DeviceError;
use crate::events::TrialName;
use crate::store::claim::ClaimRecord;
use seedband_core::Invalid;
use seedband_core::files::fsio::FsError;
use seedband_core::files::journal::JournalError;
use seedband_core::protocol::FailureClass;
use std::path::PathBuf;

/// What a run came to. Every trial of the job is counted once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// Trials that were finished before, or by another runner in the meantime.
    pub already: usize,
    /// Trials finished by this run.
    pub finished: usize,
    /// Trials that gave no curve.
    pub failed: Vec<FailedTrial>,
    /// Trials that were running when the run was told to stop.
    pub interrupted: usize,
    /// Trials that another runner holds.
    pub held: usize,
    /// The runners that hold them, in the order met; one that cannot be told is left out.
    pub holders: Vec<ClaimRecord>,
    /// Trials that were not run, or not run again, because the run was told to stop or gave up.
    pub left: usize,
    /// Whether the run ended early because too many trials had failed.
    pub gave_up: bool,
    /// Why the run ended early with what is known: its journal could not be written any more.
    pub storage_error: Option<String>,
    /// Trials that could not be planned, because others that they wait for gave no curve.
    pub waiting: usize,
    /// Why they could not be, if that was not for want of curves.
    pub planning_error: Option<String>,
    /// What the workers said of themselves: program, device, libraries; each text once, in the order heard.
    pub workers: Vec<String>,
}

/// A trial that gave no curve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedTrial {
    /// Which trial.
    pub trial: TrialName,
    /// The kind of failure.
    pub class: FailureClass,
    /// One line for the user.
    pub message: String,
    /// Its attempts so far, those of earlier runs included; 0 if none could begin.
    pub attempts: u32,
    /// What the worker wrote to standard output and standard error in the last attempt, if it got so far.
    pub log: Option<PathBuf>,
}

/// Why a run could not go on. Curves that were finished before are in place.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Results cannot be written or read.
    #[error(transparent)]
    Storage(#[from] FsError),
    /// An earlier journal cannot be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The devices asked for are not there.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// A setting of `[run]` cannot be used.
    #[error(transparent)]
    Settings(#[from] Invalid),
    /// No device starts a worker that trains: each has failed three times in a row.
    #[error("no device is left: {message}; see `{}`", log.display())]
    NoDevice {
        /// The last failure.
        message: String,
        /// Its log.
        log: PathBuf,
    },
    /// The runtime of [`run_blocking`](crate::run_blocking) cannot be set up.
    #[error("cannot set up threads and signal handling")]
    Runtime(#[source] std::io::Error),
}
