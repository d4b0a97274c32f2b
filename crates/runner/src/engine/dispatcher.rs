//! Owns all state of a run: what waits, what runs where, what came of it. Everything that happens goes through one
//! loop.

use crate::control::{Control, Level};
use crate::device::autotune::Autotuner;
use crate::device::learned_slots::LearnedSlots;
use crate::device::pool::DevicePool;
use crate::device::slots::Slot;
use crate::engine::completion::{AttemptResult, Completion};
use crate::engine::executors::{Executors, MOST_REPORTS};
use crate::engine::failure_handling::handle_failure;
use crate::engine::limits::Limits;
use crate::engine::messages::{Assignment, Command, SlotEvent, SlotReport, TrialEnd, TrialResult};
use crate::engine::queue::{Queue, QueuedTrial};
use crate::engine::replanner::Replanner;
use crate::engine::reporter::Reporter;
use crate::engine::result_writer::ResultWriter;
use crate::engine::run_store::{BeginResult, RunStore, StoreError};
use crate::engine::running_trial::RunningTrial;
use crate::engine::unlisted_inputs::UnlistedInputs;
use crate::engine::watched::WatchedTrials;
use crate::events::{Events, RunEvent, TrialName};
use crate::failure::Failure;
use crate::job::Job;
use crate::os::suspend_clock::{self, ActiveInstant};
use crate::outcome::{Outcome, RunError};
use crate::store::claim::Sight;
use crate::worker::programs::Programs;
use seedband_core::files::fsio::FsError;
use seedband_core::one_line;
use seedband_core::protocol::FailureClass;
use seedband_core::settings::{GpuSlots, MemoryFormat};
use std::path::PathBuf;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

/// Runs trials on slots.
pub(crate) struct Dispatcher {
    pool: DevicePool,
    programs: Programs,
    executors: Executors,
    /// The trial at work in each slot.
    running: Vec<Option<RunningTrial>>,
    queue: Queue,
    replanner: Replanner,
    writer: ResultWriter,
    watched: WatchedTrials,
    /// Why results cannot be kept any more, once they cannot.
    broken: Option<FsError>,
    unlisted_inputs: UnlistedInputs,
    reporter: Reporter,
    limits: Limits,
    /// Whether each worker writes the initial weights of its trial.
    save_init: bool,
    memory_format: MemoryFormat,
    /// How far the run has been told to stop.
    level: Level,
    /// When running trials are killed, once the run was told to stop.
    deadline: Option<ActiveInstant>,
    /// Why no device is left, once none is.
    no_device: Option<RunError>,
}

impl Dispatcher {
    /// Prepares to run `job` on `slots`, with its results in `store`. Measures slots and starts executors, but no
    /// worker.
    pub(crate) async fn new(job: Job, slots: Vec<Slot>, limits: Limits, store: RunStore, events: &Events) -> Self {
        let known = job.plan.trials().map(|trial| trial.id.clone()).collect();
        let learned = LearnedSlots::open(&job.dir, &job.runner);
        let autotuner = Autotuner::new(job.smi, limits.timeouts.measure);
        let mut pool = DevicePool::new(slots, learned, autotuner, events.clone());
        if job.settings.gpu_slots == GpuSlots::Auto {
            pool.start_autotune().await;
        }
        let mut queue = Queue::default();
        queue.extend(job.plan.to_run);
        Self {
            programs: job.programs,
            executors: Executors::start(pool.slots(), limits),
            running: pool.slots().map(|_| None).collect(),
            queue,
            replanner: Replanner::new(job.dir, job.deferred, known),
            writer: ResultWriter::new(store, limits.timeouts.disk_retry, events.clone()),
            watched: WatchedTrials::default(),
            broken: None,
            unlisted_inputs: UnlistedInputs::default(),
            reporter: Reporter::new(job.plan.finished.len(), limits.max_fails, events.clone()),
            pool,
            limits,
            save_init: job.settings.save_init,
            memory_format: job.settings.memory_format.unwrap_or_default(),
            level: Level::Run,
            deadline: None,
            no_device: None,
        }
    }

    /// Runs all trials, or until told to stop. No executor and no worker is left when it returns.
    pub(crate) async fn run(mut self, control: &Control) -> Result<Outcome, RunError> {
        let result = self.serve(control.watch()).await;
        self.abandon_all();
        for watched in self.watched.take() {
            self.reporter
                .held(watched.name(), watched.watch.claim, watched.watch.holder);
        }
        if let Some(error) = self.broken.take() {
            self.reporter.broken(one_line(&error), self.writer.unwritten());
        }
        let (left, waiting) = self.not_run();
        // Claims, in `running` and `writer`, are given back after the last worker is gone.
        self.executors.finish().await;
        result.map(|()| self.reporter.finish(left, waiting))
    }

    async fn serve(&mut self, mut levels: watch::Receiver<Level>) -> Result<(), RunError> {
        loop {
            let level = *levels.borrow_and_update();
            if level != self.level {
                self.set_level(level);
            }
            if self.may_begin() {
                self.assign();
            }
            // Once for all that has changed since the last time.
            if self.broken.is_none() {
                let synced = self.writer.sync();
                self.keep(synced);
            }
            if self.is_over() {
                if self.broken.is_none() {
                    let synced = self.writer.finish();
                    self.keep(synced);
                }
                return self.no_device.take().map_or(Ok(()), Err);
            }
            let pause_ends = self.queue.next_pause_ends().filter(|_| self.may_begin());
            let next_look = self.watched.next_look().filter(|_| self.may_begin());
            tokio::select! {
                Some(report) = self.executors.next_report() => {
                    self.handle(report);
                    // Bounded, so that a worker that never pauses cannot keep anything else from being seen.
                    for _ in 0..MOST_REPORTS {
                        let Some(report) = self.executors.try_next_report() else { break };
                        self.handle(report);
                    }
                }
                // The top of the loop looks at what it changed to.
                Ok(()) = levels.changed() => {}
                () = sleep_until_some(pause_ends) => {}
                () = sleep_until_some(self.writer.next_try()) => {
                    self.writer.try_again();
                    self.flush();
                }
                () = sleep_until_some(next_look) => self.look_at_watched(),
                () = deadline_passes(self.deadline) => {
                    self.deadline = None;
                    self.abandon_all();
                    self.writer.give_up();
                    self.flush();
                }
                planned = self.replanner.next_plan() => match planned {
                    Ok(plan) => {
                        self.reporter.planned(plan.to_run.len(), plan.finished.len());
                        self.queue.extend(plan.to_run);
                    }
                    Err(error) => self.reporter.not_planned(&*error),
                },
                (device, memory) = self.pool.next_measurement() => self.pool.complete_measurement(device, memory),
            }
        }
    }

    /// Whether further trials may begin: nobody has stopped the run, there is a device, and results can be kept.
    fn may_begin(&self) -> bool {
        self.level == Level::Run && !self.reporter.has_given_up() && self.no_device.is_none() && self.broken.is_none()
    }

    /// Ends the run where results cannot be kept any more: what runs is killed, for nothing of it could be told.
    fn keep(&mut self, result: Result<(), FsError>) {
        if let Err(error) = result
            && self.broken.is_none()
        {
            self.broken = Some(error);
            self.abandon_all();
        }
    }

    /// Whether nothing runs, nothing is to be written, and nothing more is to begin.
    fn is_over(&self) -> bool {
        let more = self.queue.len() > 0 || self.watched.len() > 0 || self.replanner.is_pending();
        let is_written = self.writer.is_done() || self.broken.is_some();
        self.pool.running() == 0 && is_written && !(self.may_begin() && more)
    }

    /// How many trials were left, and how many of those that wait for others could not be planned.
    fn not_run(&self) -> (usize, usize) {
        let (left, waiting) = (self.queue.len(), self.replanner.waiting());
        if self.may_begin() {
            (left, waiting)
        } else {
            (left + waiting, 0)
        }
    }

    /// Gives trials to idle slots, and lets the workers go that are not needed now.
    fn assign(&mut self) {
        self.queue.wake(Instant::now());
        let usable = self.pool.usable();
        for slot in 0..self.running.len() {
            while self.pool.may_begin(slot) && !self.writer.is_blocked() {
                if self.queue.has_none_ready()
                    && let Err(error) = self.replanner.start()
                {
                    self.reporter.not_planned(&*error);
                }
                match self.queue.pop(self.pool.device_of(slot), &usable) {
                    Some(trial) => self.begin(slot, trial),
                    None => break,
                }
                if !self.may_begin() {
                    return;
                }
            }
        }
        let planned_later = self.replanner.waiting() > 0 && self.pool.running() > 0;
        let more_to_come = self.queue.len() > 0 || planned_later || self.replanner.is_pending();
        for slot in self.pool.release_idle(more_to_come) {
            self.executors.send(slot, Command::Dismiss);
        }
    }

    fn begin(&mut self, slot: usize, mut trial: QueuedTrial) {
        let device = self.pool.device_name(slot);
        let name = TrialName::from(&trial.train.trial);
        if trial.train.trial.recipe.trainer.built_in().is_some() {
            trial.train.memory_format = self.memory_format;
        }
        let begun = match self.writer.begin(&mut trial.train, device, self.save_init) {
            Ok(begun) => begun,
            Err(StoreError::Trial(error)) => return self.not_begun(slot, trial, &error),
            Err(StoreError::Journal(error)) => {
                self.queue.put_back(trial);
                return self.keep(Err(error));
            }
        };
        match begun {
            Some(BeginResult::Begun(attempt, log)) => {
                let train = trial.train.clone();
                let trainer = &train.trial.recipe.trainer;
                let program = Programs::check_unchanged(trainer).and_then(|()| {
                    let found = self.programs.of(trainer);
                    // It was there when the run began.
                    found.map_err(|error| Failure::new(FailureClass::CannotStart, &error.to_string()))
                });
                self.pool.begin(slot);
                self.running[slot] = Some(RunningTrial::new(trial, *attempt));
                match program {
                    Ok(program) => {
                        let assignment = Box::new(Assignment { train, program, log });
                        self.executors.send(slot, Command::Train(assignment));
                    }
                    Err(failure) => {
                        let end = TrialEnd {
                            result: TrialResult::Failed(failure),
                            worker: None,
                            exit: None,
                        };
                        self.end_trial(slot, end);
                    }
                }
            }
            Some(BeginResult::AlreadyFinished) => {
                self.reporter.already_finished();
                self.replanner.trial_finished();
            }
            Some(BeginResult::Held { claim, holder }) => self.reporter.held(name, claim, holder),
            Some(BeginResult::Watched(watch)) => {
                self.reporter.send(RunEvent::Watching {
                    trial: name,
                    claim: watch.claim.clone(),
                    holder: watch.holder.clone(),
                    patience: watch.patience,
                });
                self.watched.add(trial, watch);
            }
            Some(BeginResult::Refused(failure)) => self.reporter.failed(slot, name, failure, 0, None),
            // The disk is full.
            None => self.queue.put_back(trial),
        }
    }

    /// Something of the trial cannot be read or written, so that no attempt at it can begin.
    fn not_begun(&mut self, slot: usize, mut trial: QueuedTrial, error: &FsError) {
        let name = TrialName::from(&trial.train.trial);
        let failure = Failure::new(FailureClass::Storage, &one_line(error));
        let retry_after = trial.next_retry(&self.limits);
        let noted = self
            .writer
            .note_failure(&trial.train.trial.id, &failure, retry_after.is_some());
        self.keep(noted.map_err(StoreError::into_source));
        if let Some(pause) = retry_after {
            self.reporter.not_begun(slot, name, failure, pause);
            self.queue.put_back_until(Instant::now() + pause, trial);
        } else {
            self.reporter.failed(slot, name, failure, 0, None);
        }
    }

    /// Goes on with trials whose holders have been watched.
    fn look_at_watched(&mut self) {
        for (watched, sight) in self.watched.look() {
            match sight {
                Sight::Still => {}
                Sight::Alive => {
                    let name = watched.name();
                    self.reporter.held(name, watched.watch.claim, watched.watch.holder);
                }
                Sight::Gone => {
                    self.writer.forget_holder(&watched.watch);
                    self.queue.put_back(watched.trial);
                }
                Sight::Changed => self.queue.put_back(watched.trial),
            }
        }
    }

    fn set_level(&mut self, level: Level) {
        self.level = level;
        match level {
            Level::Run => {}
            Level::Drain => {
                let grace = self.limits.timeouts.grace;
                self.deadline = Some(ActiveInstant::now() + grace);
                let running = self.pool.running();
                self.reporter.send(RunEvent::Draining { running, grace });
            }
            Level::Kill => self.deadline = Some(ActiveInstant::now()),
        }
    }

    fn abandon_all(&mut self) {
        for slot in 0..self.running.len() {
            self.abandon(slot);
        }
    }

    /// Has the worker of a slot killed, if there is a trial at work.
    fn abandon(&mut self, slot: usize) {
        if let Some(running) = &mut self.running[slot]
            && !running.is_abandoned
        {
            running.is_abandoned = true;
            self.executors.send(slot, Command::Abandon);
        }
    }

    fn handle(&mut self, report: SlotReport) {
        let slot = report.slot;
        match report.event {
            SlotEvent::Ready(worker) => {
                let device = self.pool.device_name(slot).to_owned();
                self.reporter.ready(slot, device, worker);
            }
            SlotEvent::Started {
                steps,
                start_report,
                files,
            } => {
                let Some(running) = &mut self.running[slot] else {
                    return;
                };
                let trainer = &running.trial.train.trial.recipe.trainer;
                let files = self.unlisted_inputs.new_ones(trainer, &files);
                if !files.is_empty() {
                    self.reporter.send(RunEvent::UnlistedInputs { files });
                }
                match self.writer.check_start(running, start_report) {
                    Ok(()) => self.reporter.send(RunEvent::TrialStarted {
                        slot,
                        trial: running.name.clone(),
                        attempt: running.attempt.number(),
                        steps,
                    }),
                    Err(failure) => {
                        running.rejected = Some(failure);
                        self.abandon(slot);
                    }
                }
            }
            SlotEvent::Step(step) => {
                if let Some(running) = &self.running[slot] {
                    let examples = running.trial.train.trial.recipe.trainer.images_per_step();
                    self.pool.step(slot, examples.unwrap_or(1));
                }
                self.reporter.send(RunEvent::Step {
                    slot,
                    step: step.step,
                    lr: step.lr,
                    loss: step.loss,
                });
            }
            SlotEvent::Lost(message) => self.reporter.send(RunEvent::WorkerLost { slot, message }),
            SlotEvent::Ended(end) => {
                if end.exit.is_some() {
                    self.pool.lost_worker(slot);
                }
                self.end_trial(slot, end);
            }
        }
    }

    /// Decides what a trial that has ended came to, and files it.
    fn end_trial(&mut self, slot: usize, end: TrialEnd) {
        let (Some(mut running), Some(occupancy)) = (self.running[slot].take(), self.pool.end(slot)) else {
            return;
        };
        let finished = matches!(end.result, TrialResult::Finished(_)) && running.rejected.is_none();
        if finished {
            // Which of two contents has trained the steps, nobody knows.
            running.rejected = Programs::check_unchanged(&running.trial.train.trial.recipe.trainer).err();
        }
        let result = match (running.rejected.take(), end.result) {
            (Some(failure), _) | (None, TrialResult::Failed(failure)) => {
                let message = failure.message.clone();
                let result = handle_failure(
                    &mut self.pool,
                    &self.limits,
                    slot,
                    &occupancy,
                    &mut running.trial,
                    failure,
                );
                self.note_devices(message, running.attempt.log());
                result
            }
            (None, TrialResult::Finished(curve)) => AttemptResult::Curve(curve),
            (None, TrialResult::Abandoned) => AttemptResult::Interrupted,
        };
        self.writer.push(Completion {
            slot,
            name: running.name,
            trial: running.trial,
            attempt: running.attempt,
            worker: end.worker,
            exit: end.exit,
            seconds: running.since.elapsed().as_secs_f64(),
            result,
        });
        self.flush();
    }

    /// Takes note of a failure after which no device is left.
    fn note_devices(&mut self, message: String, log: PathBuf) {
        if self.no_device.is_none() && self.pool.usable().is_empty() {
            self.no_device = Some(RunError::NoDevice { message, log });
        }
    }

    /// Writes the ends of attempts, as far as there is space, and goes on after them.
    fn flush(&mut self) {
        if self.broken.is_some() {
            return;
        }
        let limits = &self.limits;
        let refused = |completion: &mut Completion, error: &FsError| {
            completion.result = AttemptResult::Failed {
                failure: Failure::new(FailureClass::Storage, &one_line(error)),
                retry_after: completion.trial.next_retry(limits),
            };
        };
        let filed = self.writer.flush(refused, |completion| {
            self.reporter.completed(&completion);
            match completion.result {
                AttemptResult::Curve(_) => {
                    self.replanner.trial_finished();
                    self.pool.count_success(completion.slot);
                }
                AttemptResult::Failed {
                    retry_after: Some(pause),
                    ..
                } => self.queue.put_back_until(Instant::now() + pause, completion.trial),
                AttemptResult::Failed { retry_after: None, .. }
                | AttemptResult::Interrupted
                | AttemptResult::TakenOver => {}
            }
        });
        self.keep(filed);
    }
}

/// Sleeps until then, or for ever.
async fn sleep_until_some(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}

/// The same on the clock that leaves suspensions out.
async fn deadline_passes(at: Option<ActiveInstant>) {
    match at {
        Some(at) => suspend_clock::sleep_until(at).await,
        None => std::future::pending().await,
    }
}
