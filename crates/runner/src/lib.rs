//! Runs the trials of a study: decides which are missing, gives them to worker processes on the devices there are, and
//! files what comes back.
//!
//! [`run`] (or [`run_blocking`]) takes a [`Job`] and tells of everything that happens as [`RunEvent`]s; [`Control`]
//! stops it early. What is on disk is the only state: [`Plan`] and [`status()`] read it at any time, from any process,
//! and a run that was cut short, by Ctrl-C or by a crash, is resumed by running again.
//!
//! Inside, a dispatcher owns all state and the files, one executor for each [`Slot`] owns a worker process, and
//! channels join them.

mod control;
mod deferred;
mod device;
mod engine;
mod events;
mod failure;
mod job;
mod os;
mod outcome;
mod store;
mod tally;
mod worker;

pub use control::{Control, Level};
pub use deferred::{DeferredError, DeferredTrials, Plannable};
pub use device::detect::{Device, Machine};
pub use device::slots::{DeviceError, Slot, slots};
pub use engine::save_weights::{SaveError, save_weights, save_weights_blocking};
pub use engine::{run, run_blocking};
pub use events::{RunEvent, TrialName};
pub use failure::Failure;
pub use job::{Job, Timeouts};
pub use os::ask::{ProgramAnswer, ask_program, program_on_path};
pub use os::signals::{Signals, signals};
pub use outcome::{FailedTrial, Outcome, RunError};
pub use store::attempt::AttemptRecord;
pub use store::claim::ClaimRecord;
pub use store::gc;
pub use store::identity::RunnerIdentity;
pub use store::plan::Plan;
pub use store::progress::{Progress, SlotProgress, runners};
pub use store::status::{AttemptStatus, State, StatusError, StatusReader, TrialStatus, status};
pub use tally::Tally;
pub use worker::program::{WorkerProgram, WorkerProgramError};
pub use worker::programs::Programs;

#[cfg(test)]
#[global_allocator]
static HEAP: seedband_testkit::Heap = seedband_testkit::Heap;
