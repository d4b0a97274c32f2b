//! What a run does about each kind of failure.

use crate::device::pool::SharedMemory;
use seedband_core::protocol::FailureClass;

/// What is done about a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RetryPolicy {
    /// Trying again would fail in the same way.
    Fail,
    /// It may pass: the trial is tried again after a pause, `run.retries` times in a run.
    Retry,
    /// Too many trials shared a memory: the trial is tried again, among fewer. Where it was alone, as
    /// [`RetryPolicy::Retry`]: other programs may have taken the memory.
    FewerAtOnce(SharedMemory),
    /// The device is to blame: the trial goes to another one, as often as it takes.
    OtherDevice,
}

impl RetryPolicy {
    /// What is done about a failure of this class.
    pub(crate) fn of(class: FailureClass) -> Self {
        match class {
            FailureClass::BadData
            | FailureClass::BadStudy
            | FailureClass::NonFiniteStart
            | FailureClass::ScriptError
            | FailureClass::Protocol => Self::Fail,
            FailureClass::LostWorker | FailureClass::TimedOut | FailureClass::Internal | FailureClass::Storage => {
                Self::Retry
            }
            FailureClass::OutOfMemory => Self::FewerAtOnce(SharedMemory::Device),
            FailureClass::HostOutOfMemory => Self::FewerAtOnce(SharedMemory::Host),
            FailureClass::CannotStart | FailureClass::LostDevice => Self::OtherDevice,
        }
    }
}

/// Whether a worker that has reported such a failure is fit for another trial. A CUDA context is not after most errors
/// of its device (CUDA Runtime API, "sticky errors"), and a worker that was short of memory still holds what it had.
pub(crate) fn leaves_worker_fit(class: FailureClass) -> bool {
    matches!(
        class,
        FailureClass::BadData
            | FailureClass::BadStudy
            | FailureClass::NonFiniteStart
            | FailureClass::ScriptError
            | FailureClass::Storage
    )
}
