//! Trials that can be planned only once others have finished: trainings whose learning rate comes from range tests.

use seedband_core::protocol::Train;
use std::error::Error;
use std::fmt;
use std::sync::Arc;

/// Why they cannot be planned.
pub type LaterError = Box<dyn Error + Send + Sync>;

/// What can be planned by what has finished.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Next {
    /// Every trial that can be planned by now, those planned before included.
    pub ready: Vec<Train>,
    /// How many further ones wait, at most.
    pub waiting: usize,
}

/// Trials that wait for others.
#[derive(Clone)]
pub struct Later {
    plan: Arc<dyn Fn() -> Result<Next, LaterError> + Send + Sync>,
    /// How many wait, at most.
    pub(crate) waiting: usize,
}

impl Later {
    /// `waiting` trials, at most, that `plan` finds once the files say enough. It is asked when a slot has nothing else to do and something has
    /// finished since it was asked last, and must depend on the files alone.
    pub fn new(waiting: usize, plan: impl Fn() -> Result<Next, LaterError> + Send + Sync + 'static) -> Self {
        Self {
            plan: Arc::new(plan),
            waiting,
        }
    }

    /// What can be planned now; takes down how many still wait.
    pub(crate) fn plan(&mut self) -> Result<Vec<Train>, LaterError> {
        let next = (self.plan)()?;
        self.waiting = next.waiting;
        Ok(next.ready)
    }
}

impl fmt::Debug for Later {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Later")
            .field("waiting", &self.waiting)
            .finish_non_exhaustive()
    }
}
