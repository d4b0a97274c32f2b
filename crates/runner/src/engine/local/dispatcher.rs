//! Owns all state of a run: what waits, what runs where, what came of it. Everything that happens goes through one loop.

use super::Limits;
use super::executor::{Assignment, Command, Ended, Executor, News, Report};
use super::ledger::{Begun, Ledger};
use super::place::{Place, Running};
use super::work::{Queue, Work};
use crate::control::{Control, Level};
use crate::events::{Events, RunEvent, TrialName};
use crate::failure::Failure;
use crate::outcome::{FailedTrial, Outcome, RunError};
use crate::plan::Plan;
use crate::slots::Slot;
use crate::worker_program::WorkerProgram;
use seedband_core::journal::Change;
use seedband_core::protocol::{FailureClass, Train};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::mpsc::{Receiver, channel, unbounded_channel};
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, sleep_until};

/// After so many starts in a row that gave no worker, a slot gets no further trial.
const MOST_REFUSALS: u32 = 3;

/// Reports that may wait; a worker that says more has to wait in turn.
const REPORTS: usize = 1024;

/// Runs trials on slots.
pub(in crate::engine) struct Dispatcher<'a> {
    places: Vec<Place>,
    program: Arc<WorkerProgram>,
    limits: Limits,
    ledger: Ledger,
    events: &'a Events,
    queue: Queue,
    /// Whether each worker writes the initial weights of its trial.
    save_init: bool,
    outcome: Outcome,
    /// How far the run has been told to stop.
    level: Level,
    /// When running trials are killed, once the run was told to stop.
    deadline: Option<Instant>,
}

impl<'a> Dispatcher<'a> {
    pub(in crate::engine) fn new(
        slots: Vec<Slot>,
        program: WorkerProgram,
        limits: Limits,
        ledger: Ledger,
        events: &'a Events,
    ) -> Self {
        Self {
            places: slots.into_iter().map(Place::new).collect(),
            program: Arc::new(program),
            limits,
            ledger,
            events,
            queue: Queue::default(),
            save_init: false,
            outcome: Outcome::default(),
            level: Level::Run,
            deadline: None,
        }
    }

    /// Runs `work` to its end, or until told to stop. No executor and no worker is left when it returns.
    pub(in crate::engine) async fn run(mut self, work: Work, control: &Control) -> Result<Outcome, RunError> {
        self.outcome.already = work.finished.len();
        self.save_init = work.save_init;
        self.queue = Queue::new(work);
        let (sender, mut reports) = channel(REPORTS);
        let mut executors = JoinSet::new();
        for place in &mut self.places {
            let (commands, receiver) = unbounded_channel();
            place.commands = Some(commands);
            let executor = Executor {
                slot: place.slot.clone(),
                program: Arc::clone(&self.program),
                limits: self.limits,
                commands: receiver,
                reports: sender.clone(),
                worker: None,
            };
            executors.spawn(executor.run());
        }
        drop(sender);
        let result = self.conduct(&mut reports, control.watch(), &mut executors).await;
        self.abandon_all();
        for place in &mut self.places {
            place.commands = None;
        }
        // Executors end only when their reports are taken. Claims, in `self`, are given back after the last worker is gone.
        while reports.recv().await.is_some() {}
        while let Some(joined) = executors.join_next().await {
            pass_on(joined);
        }
        result.map(|()| self.outcome)
    }

    async fn conduct(
        &mut self,
        reports: &mut Receiver<Report>,
        mut levels: watch::Receiver<Level>,
        executors: &mut JoinSet<()>,
    ) -> Result<(), RunError> {
        loop {
            let level = *levels.borrow_and_update();
            if level != self.level {
                self.level = level;
                self.obey();
            }
            if level == Level::Run {
                self.assign()?;
            }
            if self.running() == 0 {
                self.outcome.left = self.queue.len();
                match level {
                    Level::Run => self.outcome.waiting = self.queue.waiting(),
                    Level::Drain | Level::Kill => self.outcome.left += self.queue.waiting(),
                }
                return Ok(());
            }
            let deadline = self.deadline;
            let grace_is_over = async move {
                match deadline {
                    Some(deadline) => sleep_until(deadline).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                Some(report) = reports.recv() => self.hear(report)?,
                // The top of the loop looks at what it changed to.
                Ok(()) = levels.changed() => {}
                () = grace_is_over => {
                    self.deadline = None;
                    self.abandon_all();
                }
                Some(joined) = executors.join_next() => pass_on(joined),
            }
        }
    }

    fn running(&self) -> usize {
        self.places.iter().filter(|place| place.running.is_some()).count()
    }

    /// Gives trials to idle slots. A slot for which there is none and will be none lets its worker go, so that its memory is free for the
    /// others.
    fn assign(&mut self) -> Result<(), RunError> {
        for index in 0..self.places.len() {
            while self.places[index].commands.is_some() && self.places[index].running.is_none() {
                if let Some(Plan { finished, to_run }) = self.queue.look(&self.ledger)? {
                    self.outcome.already += finished.len();
                    self.events.send(RunEvent::PlannedLater {
                        to_run: to_run.len(),
                        finished: finished.len(),
                    });
                }
                match self.queue.pop() {
                    Some(train) => self.begin(index, train)?,
                    None if self.queue.waiting() > 0 && self.running() > 0 => break,
                    None => self.places[index].commands = None,
                }
            }
        }
        Ok(())
    }

    fn begin(&mut self, index: usize, mut train: Train) -> Result<(), RunError> {
        if self.save_init {
            train.init_path = Some(self.ledger.init_path(&train.trial)?);
        }
        let name = TrialName::from(&train.trial);
        let device = self.places[index].slot.device.to_string();
        match self.ledger.begin(&train, &device)? {
            Begun::Open(open, log) => {
                let place = &mut self.places[index];
                place.running = Some(Running {
                    name,
                    trial: train.trial.clone(),
                    open: *open,
                    since: Instant::now(),
                    condemned: None,
                    abandoned: false,
                });
                place.send(Command::Train(Box::new(Assignment { train, log })));
            }
            Begun::AlreadyFinished => {
                self.outcome.already += 1;
                self.queue.finished_one();
            }
            Begun::Held { claim, holder } => {
                self.outcome.held += 1;
                self.events.send(RunEvent::HeldElsewhere {
                    trial: name,
                    claim,
                    holder,
                });
            }
            Begun::Refused(failure) => self.failed(index, name, failure, None),
        }
        Ok(())
    }

    fn obey(&mut self) {
        match self.level {
            Level::Run => {}
            Level::Drain => {
                let grace = self.limits.patience.grace;
                self.deadline = Some(Instant::now() + grace);
                self.events.send(RunEvent::Draining {
                    running: self.running(),
                    grace,
                });
            }
            Level::Kill => self.abandon_all(),
        }
    }

    fn abandon_all(&mut self) {
        for place in &mut self.places {
            place.abandon();
        }
    }

    fn hear(&mut self, report: Report) -> Result<(), RunError> {
        let slot = report.slot;
        let place = &mut self.places[slot];
        match report.news {
            News::Ready(worker) => {
                place.refusals = 0;
                let device = place.slot.device.to_string();
                if !self.outcome.workers.contains(&worker) {
                    self.outcome.workers.push(worker.clone());
                }
                self.events.send(RunEvent::SlotReady { slot, device, worker });
            }
            News::Started { steps, seen } => {
                if let Some(running) = &mut place.running {
                    match self.ledger.saw(&mut running.open, &running.trial, seen) {
                        Ok(()) => {
                            let (trial, attempt) = (running.name.clone(), running.open.number());
                            self.events.send(RunEvent::TrialStarted {
                                slot,
                                trial,
                                attempt,
                                steps,
                            });
                        }
                        Err(failure) => {
                            running.condemned = Some(failure);
                            place.abandon();
                        }
                    }
                }
            }
            News::Step(step) => {
                self.events.send(RunEvent::Step {
                    slot,
                    step: step.step,
                    lr: step.lr,
                    loss: step.loss,
                });
            }
            News::Lost(message) => self.events.send(RunEvent::WorkerLost { slot, message }),
            News::Ended(ended, worker) => {
                if let Some(running) = place.running.take() {
                    self.end(slot, running, ended, worker)?;
                }
            }
        }
        Ok(())
    }

    fn end(&mut self, slot: usize, running: Running, ended: Ended, worker: Option<String>) -> Result<(), RunError> {
        let Running {
            name,
            open,
            since,
            condemned,
            ..
        } = running;
        let failure = match (condemned, ended) {
            (Some(failure), _) | (None, Ended::Failed(failure)) => failure,
            (None, Ended::Finished(curve)) => {
                self.ledger.finish(open, worker, &curve)?;
                self.outcome.finished += 1;
                self.queue.finished_one();
                let (end, steps) = (curve.end, curve.steps.len() as u32);
                let seconds = since.elapsed().as_secs_f64();
                self.events.send(RunEvent::TrialFinished {
                    slot,
                    trial: name,
                    end,
                    steps,
                    seconds,
                });
                return Ok(());
            }
            (None, Ended::Abandoned) => {
                self.ledger.close(open, worker, Change::Interrupted)?;
                self.outcome.interrupted += 1;
                self.events.send(RunEvent::TrialInterrupted { slot, trial: name });
                return Ok(());
            }
        };
        let log = open.log();
        let outcome = Change::Failed {
            class: failure.class,
            message: failure.message.clone(),
        };
        self.ledger.close(open, worker, outcome)?;
        self.failed(slot, name, failure.clone(), Some(log.clone()));
        if failure.class == FailureClass::CannotStart {
            self.refused(slot, failure, log)
        } else {
            Ok(())
        }
    }

    fn failed(&mut self, slot: usize, trial: TrialName, failure: Failure, log: Option<PathBuf>) {
        let Failure { class, message } = failure;
        self.events.send(RunEvent::TrialFailed {
            slot,
            trial: trial.clone(),
            class,
            message: message.clone(),
            log: log.clone(),
        });
        self.outcome.failed.push(FailedTrial {
            trial,
            class,
            message,
            log,
        });
    }

    /// A slot that cannot start a worker would turn every trial into a failure: it is taken out, and without slots there is no run.
    fn refused(&mut self, slot: usize, failure: Failure, log: PathBuf) -> Result<(), RunError> {
        let place = &mut self.places[slot];
        place.refusals += 1;
        if place.refusals >= MOST_REFUSALS {
            place.commands = None;
        }
        if self.places.iter().all(|place| place.refusals >= MOST_REFUSALS) {
            return Err(RunError::CannotStart {
                message: failure.message,
                log,
            });
        }
        Ok(())
    }
}

/// A panic of an executor is a bug; it goes on where it can be seen instead of leaving a slot silent.
fn pass_on(joined: Result<(), JoinError>) {
    if let Err(error) = joined
        && let Ok(panic) = error.try_into_panic()
    {
        std::panic::resume_unwind(panic);
    }
}
