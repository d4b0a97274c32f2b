//! What the dispatcher and the executors of slots say to each other.

use crate::failure::Failure;
use crate::worker::program::WorkerProgram;
use crate::worker::trial_protocol::StartReport;
use seedband_core::files::curve::{Curve, Step};
use seedband_core::protocol::Train;
use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

/// What the dispatcher asks of a slot. When its channel closes, the slot lets its worker go and ends.
#[derive(Debug)]
pub(crate) enum Command {
    /// Train this trial.
    Train(Box<Assignment>),
    /// Kill the worker in the middle of its trial. Between trials it means nothing.
    Abandon,
    /// Let the idle worker end; the next trial gets a new one.
    Dismiss,
}

/// One trial for a slot.
#[derive(Debug)]
pub(crate) struct Assignment {
    pub(crate) train: Train,
    /// Trains it.
    pub(crate) program: Arc<WorkerProgram>,
    /// Takes the worker's output.
    pub(crate) log: File,
}

/// What a slot tells the dispatcher.
#[derive(Debug)]
pub(crate) struct SlotReport {
    pub(crate) slot: usize,
    pub(crate) event: SlotEvent,
}

/// Something that happened in a slot.
#[derive(Debug)]
pub(crate) enum SlotEvent {
    /// A worker is up; what it says it is.
    Ready(String),
    /// It has its data.
    Started {
        steps: u32,
        start_report: StartReport,
        /// Source files that the worker has loaded.
        files: Vec<PathBuf>,
    },
    /// One more step.
    Step(Step),
    /// The trial that was given has ended; exactly one for each assignment.
    Ended(TrialEnd),
    /// The worker had ended between trials, in this way; a new one is being started.
    Lost(String),
}

/// How a trial ended, and what is known of its worker.
#[derive(Debug)]
pub(crate) struct TrialEnd {
    pub(crate) result: TrialResult,
    /// What the worker said it is, if one was ready.
    pub(crate) worker: Option<String>,
    /// How the worker's process ended, if it did.
    pub(crate) exit: Option<String>,
}

/// What a slot made of a trial.
#[derive(Debug)]
pub(crate) enum TrialResult {
    Finished(Curve),
    Failed(Failure),
    /// The dispatcher wanted no more of it.
    Abandoned,
}
