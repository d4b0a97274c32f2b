//! What a trial came to, on its way to the disk.

use super::ledger::Open;
use super::work::Task;
use crate::events::TrialName;
use crate::failure::Failure;
use seedband_core::files::curve::Curve;
use seedband_core::files::journal::Change;
use std::time::Duration;

/// An attempt that has ended. It is kept until it is on the disk, so that a full one costs no curve.
pub(super) struct Filing {
    pub(super) slot: usize,
    pub(super) name: TrialName,
    pub(super) task: Task,
    pub(super) open: Open,
    /// What the worker said it is.
    pub(super) worker: Option<String>,
    /// How the worker's process ended, if it did.
    pub(super) exit: Option<String>,
    pub(super) seconds: f64,
    pub(super) result: Result,
}

/// What came of it.
pub(super) enum Result {
    Curve(Curve),
    Failed {
        failure: Failure,
        /// After which pause the same run tries again, if it does.
        again: Option<Duration>,
    },
    Interrupted,
}

impl Filing {
    /// What the journal says.
    pub(super) fn change(&self) -> Change {
        match &self.result {
            Result::Curve(curve) => {
                let seen = self.open.seen();
                Change::Finished {
                    end: curve.end,
                    steps: curve.steps.len() as u32,
                    data: seen.data.clone(),
                    weights: seen.weights.clone(),
                }
            }
            Result::Failed { failure, again } => Change::Failed {
                class: failure.class,
                message: failure.message.clone(),
                again: again.is_some(),
            },
            Result::Interrupted => Change::Interrupted,
        }
    }
}
