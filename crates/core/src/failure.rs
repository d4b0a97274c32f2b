//! Why a trial failed, as every part of seedband calls it.

use serde::{Deserialize, Serialize};

/// Why a trial failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailureClass {
    /// A file of data or weights is missing, truncated or not what it should be.
    BadData,
    /// The settings cannot be trained, for example a batch larger than the data.
    BadStudy,
    /// The memory of a CUDA device did not suffice. From a worker on the CPU it means the machine's.
    OutOfMemory,
    /// The machine's memory did not suffice: an allocation failed on the CPU, or the kernel killed the worker for it.
    HostOutOfMemory,
    /// The device does not work any more.
    LostDevice,
    /// The first loss, taken before any update, was not finite.
    NonFiniteStart,
    /// A program of the user's raised an error of its own, or ended before its last step.
    ScriptError,
    /// The worker ended, by itself or by a signal, in the middle of the trial.
    LostWorker,
    /// The worker could not be started.
    CannotStart,
    /// The worker said something that the protocol does not allow.
    Protocol,
    /// The trial took longer than its time-out.
    TimedOut,
    /// Results could not be written.
    Storage,
    /// Anything else.
    Internal,
}

impl FailureClass {
    /// The name as it stands in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::BadData => "bad-data",
            Self::BadStudy => "bad-study",
            Self::OutOfMemory => "out-of-memory",
            Self::HostOutOfMemory => "host-out-of-memory",
            Self::LostDevice => "lost-device",
            Self::NonFiniteStart => "non-finite-start",
            Self::ScriptError => "script-error",
            Self::LostWorker => "lost-worker",
            Self::CannotStart => "cannot-start",
            Self::Protocol => "protocol",
            Self::TimedOut => "timed-out",
            Self::Storage => "storage",
            Self::Internal => "internal",
        }
    }
}
