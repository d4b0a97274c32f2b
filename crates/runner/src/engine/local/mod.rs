//! Worker processes on this machine: a dispatcher that owns all state, and one executor for each slot that owns its worker.

mod dispatcher;
mod executor;
mod ledger;
mod lines;
mod log;
mod place;
mod transcript;
mod work;
mod worker;

pub(super) use dispatcher::Dispatcher;
pub(super) use ledger::Ledger;
pub(super) use work::Work;

use crate::job::Patience;
use std::time::Duration;

/// How long anything may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// From the request to train to the end of a trial.
    pub(super) timeout: Option<Duration>,
    pub(super) patience: Patience,
}
