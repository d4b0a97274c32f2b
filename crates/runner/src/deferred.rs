//! Trials that can be planned only once others have finished: trainings whose learning rate comes from range tests.

use seedband_core::protocol::Train;
use std::error::Error;
use std::fmt;
use std::sync::Arc;

/// Why they cannot be planned.
pub type DeferredError = Box<dyn Error + Send + Sync>;

/// What can be planned by what has finished.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Plannable {
    /// Every trial that can be planned by now, those planned before included.
    pub ready: Vec<Train>,
    /// How many further ones wait, at most.
    pub waiting: usize,
}

/// Trials that wait for others.
#[derive(Clone)]
pub struct DeferredTrials {
    plan: Arc<dyn Fn() -> Result<Plannable, DeferredError> + Send + Sync>,
    waiting: usize,
}

impl DeferredTrials {
    /// `waiting` trials, at most, that `plan` finds once the files say enough. It is asked when a slot has nothing else
    /// to do and something has finished since it was asked last, and must depend on the files alone. It is called on a
    /// thread of its own, and may still be at work when the run has returned, because a run that is told to stop does
    /// not wait for it.
    pub fn new(waiting: usize, plan: impl Fn() -> Result<Plannable, DeferredError> + Send + Sync + 'static) -> Self {
        Self {
            plan: Arc::new(plan),
            waiting,
        }
    }

    /// How many wait at the beginning of the run, at most.
    pub fn waiting(&self) -> usize {
        self.waiting
    }

    /// What can be planned now.
    pub(crate) fn plan(&self) -> Result<Plannable, DeferredError> {
        (self.plan)()
    }
}

impl fmt::Debug for DeferredTrials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeferredTrials")
            .field("waiting", &self.waiting)
            .finish_non_exhaustive()
    }
}
