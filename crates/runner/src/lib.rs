//! Runs the trials of a study: decides which are missing, gives them to worker processes on the devices there are, and files what comes back.
//!
//! [`run`] (or [`run_blocking`]) takes a [`Job`] and tells of everything that happens as [`RunEvent`]s; [`Control`] stops it early. What is
//! on disk is the only state: [`Plan`] and [`status()`] read it at any time, from any process, and a run that was cut short, by Ctrl-C or by a
//! crash, is resumed by running again.
//!
//! Inside, a dispatcher owns all state and the files, one executor for each [`Slot`] owns a worker process, and channels join them.

pub mod garbage;

mod attempt;
mod awake;
mod claim;
mod control;
mod cores;
mod devices;
mod engine;
mod events;
mod failure;
mod fingerprints;
mod gpu_memory;
mod groups;
mod guard;
mod job;
mod later;
mod oom;
mod os;
mod outcome;
mod plan;
mod policy;
mod programs;
mod progress;
mod runner;
mod signals;
mod slot_memory;
mod slots;
mod starts;
mod status;
mod tally;
mod weights;
mod worker_program;

pub use attempt::AttemptRecord;
pub use claim::ClaimRecord;
pub use control::{Control, Level};
pub use devices::{Device, Machine};
pub use engine::{run, run_blocking};
pub use events::{RunEvent, TrialName};
pub use failure::Failure;
pub use job::{Job, Patience};
pub use later::{Later, LaterError, Next};
pub use outcome::{FailedTrial, Outcome, RunError};
pub use plan::Plan;
pub use progress::{Progress, SlotProgress, runners};
pub use runner::Runner;
pub use signals::{Signals, signals};
pub use slots::{DeviceError, Slot, slots};
pub use status::{AttemptStatus, Observer, State, StatusError, TrialStatus, status};
pub use tally::Tally;
pub use weights::{SaveError, save_weights};
pub use worker_program::{WorkerProgram, WorkerProgramError};

#[cfg(test)]
#[global_allocator]
static HEAP: seedband_testkit::Heap = seedband_testkit::Heap;
