//! An attempt that has ended, on its way to the disk.

use crate::engine::open_attempt::OpenAttempt;
use crate::engine::queue::QueuedTrial;
use crate::events::TrialName;
use crate::failure::Failure;
use seedband_core::files::curve::Curve;
use seedband_core::files::journal::Change;
use std::time::Duration;

/// An attempt that has ended. It is kept until it is on the disk, so that a full one costs no curve.
pub(crate) struct Completion {
    pub(crate) slot: usize,
    pub(crate) name: TrialName,
    pub(crate) trial: QueuedTrial,
    pub(crate) attempt: OpenAttempt,
    /// What the worker said it is.
    pub(crate) worker: Option<String>,
    /// How the worker's process ended, if it did.
    pub(crate) exit: Option<String>,
    pub(crate) seconds: f64,
    pub(crate) result: AttemptResult,
}

/// What came of an attempt.
pub(crate) enum AttemptResult {
    Curve(Curve),
    Failed {
        failure: Failure,
        /// After which pause the same run tries again, if it does.
        retry_after: Option<Duration>,
    },
    Interrupted,
    /// Another runner has taken the trial over meanwhile.
    TakenOver,
}

impl Completion {
    /// What the journal says.
    pub(crate) fn change(&self) -> Change {
        match &self.result {
            AttemptResult::Curve(curve) => {
                let start_report = self.attempt.start_report();
                Change::Finished {
                    end: curve.end,
                    steps: curve.steps.len() as u32,
                    data: start_report.data.clone(),
                    weights: start_report.weights.clone(),
                    parameters: start_report.parameters,
                    batch_size: start_report.batch_size,
                }
            }
            AttemptResult::Failed { failure, retry_after } => Change::Failed {
                class: failure.class,
                message: failure.message.clone(),
                again: retry_after.is_some(),
            },
            AttemptResult::Interrupted | AttemptResult::TakenOver => Change::Interrupted,
        }
    }
}
