//! What a trial came to, on its way to the disk.

use crate::engine::queue::Task;
use crate::engine::run_store::Open;
use crate::events::TrialName;
use crate::failure::Failure;
use seedband_core::files::curve::Curve;
use seedband_core::files::journal::Change;
use std::time::Duration;

/// An attempt that has ended. It is kept until it is on the disk, so that a full one costs no curve.
pub(crate) struct Filing {
    pub(crate) slot: usize,
    pub(crate) name: TrialName,
    pub(crate) task: Task,
    pub(crate) open: Open,
    /// What the worker said it is.
    pub(crate) worker: Option<String>,
    /// How the worker's process ended, if it did.
    pub(crate) exit: Option<String>,
    pub(crate) seconds: f64,
    pub(crate) result: Result,
}

/// What came of it.
pub(crate) enum Result {
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
    pub(crate) fn change(&self) -> Change {
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
