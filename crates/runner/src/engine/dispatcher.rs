//! Owns all state of a run: what waits, what runs where, what came of it. Everything that happens goes through one loop.

use crate::control::{Control, Level};
use crate::device::gpu_memory::GpuMemory;
use crate::device::pool::Fleet;
use crate::device::slot_memory::SlotMemory;
use crate::device::slot_state::{Place, Running};
use crate::device::slots::Slot;
use crate::engine::completion::{Filing, Result as Came};
use crate::engine::executor::{Assignment, Command, Ended, Executor, News, Report};
use crate::engine::limits::Limits;
use crate::engine::queue::{Queue, Task, Work};
use crate::engine::run_store::{Begun, Ledger};
use crate::engine::write_backlog::Room;
use crate::events::{Events, RunEvent, TrialName};
use crate::failure::Failure;
use crate::os::suspend_clock;
use crate::os::suspend_clock::Moment;
use crate::outcome::{FailedTrial, Outcome, RunError};
use crate::store::claim::ClaimRecord;
use crate::store::plan::Plan;
use crate::worker::program::WorkerProgram;
use seedband_core::files::fsio::FsError;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::mpsc::{Receiver, channel, unbounded_channel};
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, sleep_until};

/// Reports that may wait; a worker that says more has to wait in turn.
const REPORTS: usize = 1024;

/// Runs trials on slots.
pub(crate) struct Dispatcher<'a> {
    pub(crate) places: Vec<Place>,
    pub(crate) fleet: Fleet,
    program: Arc<WorkerProgram>,
    pub(crate) limits: Limits,
    ledger: Ledger,
    pub(crate) memory: SlotMemory,
    pub(crate) events: &'a Events,
    queue: Queue,
    /// Whether each worker writes the initial weights of its trial.
    save_init: bool,
    outcome: Outcome,
    /// How far the run has been told to stop.
    level: Level,
    /// When running trials are killed, once the run was told to stop.
    deadline: Option<Moment>,
    /// What waits for room on the disk.
    room: Room,
    /// Devices, by index, whose memory is being asked for.
    pub(crate) measuring: JoinSet<(usize, Option<GpuMemory>)>,
    /// The program that tells of it.
    pub(crate) smi: PathBuf,
    /// When the run began.
    pub(crate) began: Moment,
    /// Why no device is left, once none is.
    pub(crate) no_device: Option<RunError>,
}

impl<'a> Dispatcher<'a> {
    pub(crate) fn new(
        slots: Vec<Slot>,
        program: WorkerProgram,
        limits: Limits,
        ledger: Ledger,
        memory: SlotMemory,
        smi: PathBuf,
        events: &'a Events,
    ) -> Self {
        let (fleet, of_slots) = Fleet::new(&slots);
        let places = slots.into_iter().zip(of_slots);
        Self {
            places: places.map(|(slot, device)| Place::new(slot, device)).collect(),
            fleet,
            program: Arc::new(program),
            limits,
            ledger,
            memory,
            events,
            queue: Queue::default(),
            save_init: false,
            outcome: Outcome::default(),
            level: Level::Run,
            deadline: None,
            room: Room::new(limits.patience.room),
            measuring: JoinSet::new(),
            smi,
            began: Moment::now(),
            no_device: None,
        }
    }

    /// Runs `work` to its end, or until told to stop. No executor and no worker is left when it returns.
    pub(crate) async fn run(mut self, work: Work, control: &Control) -> Result<Outcome, RunError> {
        self.outcome.already = work.finished.len();
        self.save_init = work.save_init;
        let measure_slots = work.measure_slots;
        self.queue = Queue::new(work);
        self.recall();
        if measure_slots {
            self.start_probes().await;
        }
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
                exit: None,
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
            if self.may_begin() {
                self.assign()?;
            }
            // Once for all that has changed since the last time.
            self.sync()?;
            if self.is_over() {
                self.ledger.sync()?;
                if let Some(error) = self.no_device.take() {
                    return Err(error);
                }
                self.outcome.left = self.queue.len();
                if self.may_begin() {
                    self.outcome.waiting = self.queue.waiting();
                } else {
                    self.outcome.left += self.queue.waiting();
                }
                return Ok(());
            }
            let deadline = self.deadline;
            let grace_is_over = async move {
                match deadline {
                    Some(deadline) => suspend_clock::sleep_until(deadline).await,
                    None => std::future::pending().await,
                }
            };
            let pause_is_over = sleep_until_some(self.queue.next_pause_ends().filter(|_| self.may_begin()));
            let look_for_room = sleep_until_some(self.room.next_look());
            tokio::select! {
                Some(report) = reports.recv() => {
                    self.hear(report)?;
                    // Bounded, so that a worker that never pauses cannot keep anything else from being seen.
                    for _ in 0..REPORTS {
                        let Ok(report) = reports.try_recv() else { break };
                        self.hear(report)?;
                    }
                }
                // The top of the loop looks at what it changed to.
                Ok(()) = levels.changed() => {}
                () = pause_is_over => {}
                () = look_for_room => {
                    self.room.look();
                    self.flush()?;
                }
                () = grace_is_over => {
                    self.deadline = None;
                    self.abandon_all();
                    self.room.give_up();
                    self.flush()?;
                }
                Some(joined) = executors.join_next() => pass_on(joined),
                Some(asked) = self.measuring.join_next(), if !self.measuring.is_empty() => {
                    if let Ok((device, memory)) = asked {
                        self.measured(device, memory);
                    }
                }
            }
        }
    }

    fn running(&self) -> usize {
        self.places.iter().filter(|place| place.running.is_some()).count()
    }

    fn running_on(&self, device: usize) -> usize {
        let here = |place: &&Place| place.device == device && place.running.is_some();
        self.places.iter().filter(here).count()
    }

    /// Whether further trials may begin: nobody has stopped the run, and there is a device.
    fn may_begin(&self) -> bool {
        self.level == Level::Run && !self.outcome.gave_up && self.no_device.is_none()
    }

    /// Whether nothing runs, nothing is to be written, and nothing more is to begin.
    fn is_over(&self) -> bool {
        self.running() == 0 && self.room.is_empty() && !(self.may_begin() && self.queue.len() > 0)
    }

    /// Gives trials to idle slots, and lets the workers go that are not needed now.
    fn assign(&mut self) -> Result<(), RunError> {
        self.queue.wake(Instant::now());
        let usable = self.fleet.usable();
        for index in 0..self.places.len() {
            let device = self.places[index].device;
            while self.places[index].running.is_none()
                && usable.contains(&device)
                && self.running_on(device) < self.fleet.devices[device].crowd.most()
                && self.running() < self.fleet.host.most()
                && !self.room.is_short()
            {
                self.plan_later()?;
                match self.queue.pop(device, &usable) {
                    Some(task) => self.begin(index, task)?,
                    None => break,
                }
            }
        }
        for index in 0..self.places.len() {
            if self.places[index].is_idle() && !self.is_worth_keeping(index, &usable) {
                self.places[index].dismiss();
            }
        }
        Ok(())
    }

    fn plan_later(&mut self) -> Result<(), RunError> {
        if let Some(Plan { finished, to_run }) = self.queue.look(&self.ledger)? {
            self.outcome.already += finished.len();
            self.events.send(RunEvent::PlannedLater {
                to_run: to_run.len(),
                finished: finished.len(),
            });
        }
        Ok(())
    }

    /// Whether an idle worker is likely to get another trial. Where it is not, its memory is free for the others.
    fn is_worth_keeping(&self, index: usize, usable: &[usize]) -> bool {
        let device = self.places[index].device;
        let more_to_come = self.queue.len() > 0 || (self.queue.waiting() > 0 && self.running() > 0);
        let on_device = |place: &&Place| place.device == device && place.has_worker;
        let workers = |places: &[Place]| places.iter().filter(on_device).count();
        more_to_come
            && usable.contains(&device)
            // Of workers that are too many, the later ones go.
            && workers(&self.places[..=index]) <= self.fleet.devices[device].crowd.most()
            && self.places[..=index].iter().filter(|place| place.has_worker).count() <= self.fleet.host.most()
    }

    fn begin(&mut self, index: usize, mut task: Task) -> Result<(), RunError> {
        let trial = &task.train.trial;
        let name = TrialName::from(trial);
        let device = self.places[index].device;
        let begun = if self.save_init {
            self.ledger
                .init_path(trial)
                .map(|path| task.train.init_path = Some(path))
        } else {
            Ok(())
        };
        let begun = begun.and_then(|()| self.ledger.begin(&task.train, &self.fleet.devices[device].name));
        match begun {
            Ok(Begun::Open(open, log)) => {
                self.has_room();
                let stamps = (self.fleet.devices[device].crowd.stamp(), self.fleet.host.stamp());
                let place = &mut self.places[index];
                let train = task.train.clone();
                place.running = Some(Running {
                    name,
                    task,
                    open: *open,
                    since: Moment::now(),
                    stamps,
                    beside: (0, 0),
                    condemned: None,
                    abandoned: false,
                });
                place.has_worker = true;
                place.send(Command::Train(Box::new(Assignment { train, log })));
                self.note_neighbours(device);
            }
            Ok(Begun::AlreadyFinished) => {
                self.outcome.already += 1;
                self.queue.finished_one();
            }
            Ok(Begun::Held { claim, holder }) => {
                self.outcome.held += 1;
                let known = |known: &ClaimRecord| holder.as_ref().is_some_and(|holder| known.runner == holder.runner);
                if !self.outcome.holders.iter().any(known) {
                    self.outcome.holders.extend(holder.clone());
                }
                self.events.send(RunEvent::HeldElsewhere {
                    trial: name,
                    claim,
                    holder,
                });
            }
            Ok(Begun::Refused(failure)) => self.failed(index, name, failure, 0, None),
            Err(error) if error.is_disk_full() => {
                self.queue.put_back(task);
                self.is_full(&error);
            }
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    /// Takes note, for each trial at work, of how many are beside it now that another has begun on `device`.
    fn note_neighbours(&mut self, device: usize) {
        let (here, all) = (self.running_on(device), self.running());
        for place in &mut self.places {
            if let Some(running) = &mut place.running {
                running.beside.1 = running.beside.1.max(all - 1);
                if place.device == device {
                    running.beside.0 = running.beside.0.max(here - 1);
                }
            }
        }
    }

    fn obey(&mut self) {
        match self.level {
            Level::Run => {}
            Level::Drain => {
                let grace = self.limits.patience.grace;
                self.deadline = Some(Moment::now() + grace);
                self.events.send(RunEvent::Draining {
                    running: self.running(),
                    grace,
                });
            }
            Level::Kill => self.deadline = Some(Moment::now()),
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
                let device = place.slot.device.to_string();
                if !self.outcome.workers.contains(&worker) {
                    self.outcome.workers.push(worker.clone());
                }
                self.events.send(RunEvent::SlotReady { slot, device, worker });
            }
            News::Started { steps, seen } => {
                if let Some(running) = &mut place.running {
                    match self.ledger.saw(&mut running.open, &running.task.train.trial, seen) {
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
                if let Some(running) = &place.running {
                    let (device, images) = (place.device, running.task.train.trial.recipe.trainer.batches.batch_size);
                    self.probe_step(device, slot, u64::from(images));
                }
                self.events.send(RunEvent::Step {
                    slot,
                    step: step.step,
                    lr: step.lr,
                    loss: step.loss,
                });
            }
            News::Lost(message) => self.events.send(RunEvent::WorkerLost { slot, message }),
            News::Ended { ended, worker, exit } => {
                place.has_worker &= exit.is_none();
                if let Some(running) = place.running.take() {
                    self.end(slot, running, ended, worker, exit)?;
                }
            }
        }
        Ok(())
    }

    /// Decides what a trial that has ended came to, and files it.
    fn end(
        &mut self,
        slot: usize,
        mut running: Running,
        ended: Ended,
        worker: Option<String>,
        exit: Option<String>,
    ) -> Result<(), RunError> {
        let result = match (running.condemned.take(), ended) {
            (Some(failure), _) | (None, Ended::Failed(failure)) => self.judge(slot, &mut running, failure),
            (None, Ended::Finished(curve)) => Came::Curve(curve),
            (None, Ended::Abandoned) => Came::Interrupted,
        };
        let Running {
            name,
            task,
            open,
            since,
            ..
        } = running;
        self.room.push(Filing {
            slot,
            name,
            task,
            open,
            worker,
            exit,
            seconds: since.elapsed().as_secs_f64(),
            result,
        });
        self.flush()
    }

    /// Files what waits for it, as far as there is room.
    fn flush(&mut self) -> Result<(), RunError> {
        while let Some(filing) = self.room.next() {
            match self.ledger.file(&filing) {
                Ok(()) => {
                    self.has_room();
                    self.filed(filing);
                }
                Err(error) if error.is_disk_full() && !self.room.has_given_up() => {
                    self.room.put_back(filing);
                    self.is_full(&error);
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Waits until the journal is on the disk, or on until there is room for it.
    fn sync(&mut self) -> Result<(), RunError> {
        match self.ledger.sync() {
            Err(error) if error.is_disk_full() && !self.room.has_given_up() => {
                self.is_full(&error);
                Ok(())
            }
            synced => Ok(synced?),
        }
    }

    /// Goes on after an attempt whose end is on the disk.
    fn filed(&mut self, filing: Filing) {
        let Filing {
            slot,
            name: trial,
            task,
            open,
            seconds,
            result,
            ..
        } = filing;
        match result {
            Came::Curve(curve) => {
                self.outcome.finished += 1;
                self.queue.finished_one();
                self.fleet.devices[self.places[slot].device].works();
                self.events.send(RunEvent::TrialFinished {
                    slot,
                    trial,
                    end: curve.end,
                    steps: curve.steps.len() as u32,
                    seconds,
                });
            }
            Came::Interrupted => {
                self.outcome.interrupted += 1;
                self.events.send(RunEvent::TrialInterrupted { slot, trial });
            }
            Came::Failed {
                failure,
                again: Some(pause),
            } => {
                let Failure { class, message } = failure;
                self.queue.put_off(Instant::now() + pause, task);
                self.events.send(RunEvent::TrialPutOff {
                    slot,
                    trial,
                    class,
                    message,
                    pause,
                });
            }
            Came::Failed { failure, again: None } => {
                self.failed(slot, trial, failure, open.number(), Some(open.log()));
            }
        }
    }

    fn failed(&mut self, slot: usize, trial: TrialName, failure: Failure, attempts: u32, log: Option<PathBuf>) {
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
            attempts,
            log,
        });
        let failed = self.outcome.failed.len();
        if self.limits.max_fails.is_some_and(|most| failed >= most) && !self.outcome.gave_up {
            self.outcome.gave_up = true;
            self.events.send(RunEvent::GaveUp { failed });
        }
    }

    fn is_full(&mut self, error: &FsError) {
        if self.room.is_full(error) {
            self.events.send(RunEvent::DiskFull {
                path: error.path().to_path_buf(),
            });
        }
    }

    fn has_room(&mut self) {
        if self.room.has_room() {
            self.events.send(RunEvent::DiskFreed);
        }
    }
}

/// Sleeps until then, or for ever.
async fn sleep_until_some(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}

/// A panic of an executor is a bug; it goes on where it can be seen instead of leaving a slot silent.
pub(crate) fn pass_on(joined: Result<(), JoinError>) {
    if let Err(error) = joined
        && let Ok(panic) = error.try_into_panic()
    {
        std::panic::resume_unwind(panic);
    }
}
