//! A trial at work in a slot.

use crate::engine::open_attempt::OpenAttempt;
use crate::engine::queue::QueuedTrial;
use crate::events::TrialName;
use crate::failure::Failure;
use crate::os::suspend_clock::ActiveInstant;

/// A trial at work in a slot.
pub(crate) struct RunningTrial {
    pub(crate) name: TrialName,
    pub(crate) trial: QueuedTrial,
    pub(crate) attempt: OpenAttempt,
    pub(crate) since: ActiveInstant,
    /// Why the trial fails whatever the worker makes of it.
    pub(crate) rejected: Option<Failure>,
    /// Whether its worker has been told to be killed.
    pub(crate) is_abandoned: bool,
}

impl RunningTrial {
    /// A trial that begins now.
    pub(crate) fn new(trial: QueuedTrial, attempt: OpenAttempt) -> Self {
        Self {
            name: TrialName::from(&trial.train.trial),
            trial,
            attempt,
            since: ActiveInstant::now(),
            rejected: None,
            is_abandoned: false,
        }
    }
}
