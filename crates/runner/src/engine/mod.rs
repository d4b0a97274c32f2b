//! Engines carry out a job. There is one: worker processes on this machine.

pub(crate) mod completion;
pub(crate) mod dispatcher;
pub(crate) mod executor;
pub(crate) mod failure_handling;
pub(crate) mod limits;
pub(crate) mod queue;
pub(crate) mod retry_policy;
pub(crate) mod run_store;
pub(crate) mod save_weights;
pub(crate) mod write_backlog;

use crate::control::Control;
use crate::device::slot_memory::SlotMemory;
use crate::device::slots::slots;
use crate::events::{Events, RunEvent};
use crate::job::Job;
use crate::os::signals::signals;
use crate::outcome::{Outcome, RunError};
use crate::store::plan::Plan;
use crate::store::progress::relay;
use seedband_core::settings::GpuSlots;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

/// Runs what `job` plans and tells of it through `events`, [`RunEvent::Done`] being the last one.
///
/// When it returns, no worker is left and no claim is held. Nothing is written when nothing is to be run. A trial that fails does not stop the
/// others: it is tried again where that may help, and so it is by the next run. When the future is dropped, its workers are killed and its claims given back.
///
/// Belongs on a multi-threaded runtime without `block_in_place`: workers are tied to the runtime's threads, so that they cannot outlive the
/// process. Writes to disk happen on those threads too, a few small synced files for each trial.
///
/// # Errors
/// Files cannot be read or written, the devices asked for are not there, or no slot can start a worker.
pub async fn run(job: Job, control: Control, events: UnboundedSender<RunEvent>) -> Result<Outcome, RunError> {
    let (sender, heard) = unbounded_channel();
    // A task of its own: beside the run in one task it would get one turn for each of the run's, and fall behind where steps come fast.
    let keeping = tokio::spawn(relay(job.dir.clone(), job.runner.clone(), heard, events));
    let events = Events(sender);
    let result = conduct(job, &control, &events).await;
    events.send(RunEvent::Done);
    drop(events);
    // It ends with the last sender.
    dispatcher::pass_on(keeping.await);
    result
}

async fn conduct(job: Job, control: &Control, events: &Events) -> Result<Outcome, RunError> {
    let timeout = job.settings.timeout()?;
    let waiting = job.later.as_ref().map_or(0, |later| later.waiting);
    let Plan { finished, to_run } = job.plan;
    let slots = if to_run.is_empty() {
        Vec::new()
    } else {
        slots(&job.settings, &job.machine, to_run.len() + waiting)?
    };
    events.send(RunEvent::Planned {
        to_run: to_run.len(),
        finished: finished.len(),
        slots: slots.len(),
    });
    if to_run.is_empty() {
        return Ok(Outcome {
            already: finished.len(),
            waiting,
            ..Outcome::default()
        });
    }
    let memory = SlotMemory::open(&job.dir, &job.runner);
    let trials = || finished.iter().chain(to_run.iter().map(|train| &train.trial));
    let has_trainings = job.later.is_some() || trials().any(|trial| trial.training.is_some());
    let ledger = run_store::Ledger::open(&job.dir, job.runner, job.take_over, trials(), has_trainings)?;
    let limits = limits::Limits {
        timeout,
        patience: job.patience,
        retries: job.settings.retries,
        retry_delays: job.settings.retry_delays()?,
        max_fails: job.settings.max_fails.map(|most| most as usize),
    };
    let engine = dispatcher::Dispatcher::new(slots, job.program, limits, ledger, memory, job.smi, events);
    let work = queue::Work {
        finished,
        to_run,
        later: job.later,
        save_init: job.settings.save_init,
        measure_slots: job.settings.gpu_slots == GpuSlots::Auto,
    };
    engine.run(work, control).await
}

/// [`run`] on a runtime of its own, with [`signals`] handled and every event given to `show` on the calling thread. Once in a process: see
/// [`Signals`](crate::Signals).
///
/// # Errors
/// As [`run`], or the runtime cannot be set up.
pub fn run_blocking(job: Job, control: &Control, mut show: impl FnMut(RunEvent)) -> Result<Outcome, RunError> {
    // Two threads, so that a slow disk does not hold up the reading of what workers say.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("runner")
        .enable_all()
        .build()
        .map_err(RunError::Runtime)?;
    runtime.block_on(async {
        let _signals = signals(control.clone()).map_err(RunError::Runtime)?;
        let (sender, mut events) = unbounded_channel();
        let running = tokio::spawn(run(job, control.clone(), sender));
        while let Some(event) = events.recv().await {
            show(event);
        }
        // A panic of the engine is a bug, and is passed on as what it is.
        running
            .await
            .unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
    })
}
