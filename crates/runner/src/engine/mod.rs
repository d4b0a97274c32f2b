//! Runs a job: a dispatcher owns all state and the files, one executor for each slot owns a worker process.

mod completion;
mod dispatcher;
mod executor;
mod executors;
mod failure_handling;
mod limits;
mod messages;
mod open_attempt;
mod queue;
mod replanner;
mod reporter;
mod result_writer;
mod retry_policy;
mod run_store;
mod running_trial;
pub(crate) mod save_weights;
mod unlisted_inputs;
mod watched;
mod write_backlog;

use crate::control::Control;
use crate::deferred::DeferredTrials;
use crate::device::slots::slots;
use crate::events::{Events, RunEvent};
use crate::job::Job;
use crate::outcome::{Outcome, RunError};
use crate::store::progress::relay;
use dispatcher::Dispatcher;
use executors::resume_panic;
use limits::Limits;
use run_store::RunStore;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

/// Runs what `job` plans and tells of it through `events`, [`RunEvent::Done`] being the last one.
///
/// When it returns, no worker is left and no claim is held. Nothing is written when nothing is to be run. A trial that
/// fails does not stop the others: it is tried again where that may help, and so it is by the next run. When the future
/// is dropped, its workers are killed and its claims given back.
///
/// Belongs on a multi-threaded runtime without `block_in_place`: workers are tied to the runtime's threads, so that
/// they cannot outlive the process. Writes to disk happen on those threads too, a few small synced files for each
/// trial.
///
/// # Errors
/// Files cannot be read or written, the devices asked for are not there, or no slot can start a worker.
pub async fn run(job: Job, control: Control, events: UnboundedSender<RunEvent>) -> Result<Outcome, RunError> {
    let (sender, receiver) = unbounded_channel();
    // A task of its own: beside the run in one task it would get one turn for each of the run's, and fall behind where
    // steps come fast.
    let relaying = tokio::spawn(relay(job.dir.clone(), job.runner.clone(), receiver, events));
    let events = Events(sender);
    let result = conduct(job, &control, &events).await;
    events.send(RunEvent::Done);
    drop(events);
    // It ends with the last sender.
    resume_panic(relaying.await);
    result
}

async fn conduct(job: Job, control: &Control, events: &Events) -> Result<Outcome, RunError> {
    let limits = Limits {
        timeout: job.settings.timeout()?,
        timeouts: job.timeouts,
        retries: job.settings.retries,
        retry_delays: job.settings.retry_delays()?,
        max_fails: job.settings.max_fails.map(|most| most as usize),
    };
    let (finished, to_run) = (job.plan.finished.len(), job.plan.to_run.len());
    let waiting = job.deferred.as_ref().map_or(0, DeferredTrials::waiting);
    let slots = if to_run == 0 {
        Vec::new()
    } else {
        slots(&job.settings, &job.machine, to_run + waiting)?
    };
    events.send(RunEvent::Planned {
        to_run,
        finished,
        slots: slots.len(),
    });
    if to_run == 0 {
        return Ok(Outcome {
            already: finished,
            waiting,
            ..Outcome::default()
        });
    }
    let store = RunStore::open(&job)?;
    Dispatcher::new(job, slots, limits, store, events)
        .await
        .run(control)
        .await
}

/// [`run`] on a runtime of its own, with every event given to `show` on the calling thread. Signals are the caller's to
/// handle: [`signals`](crate::signals).
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
