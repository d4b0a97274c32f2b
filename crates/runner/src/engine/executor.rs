//! One slot: takes trials one by one and has its worker train them.

use crate::device::slots::Slot;
use crate::engine::limits::Limits;
use crate::engine::messages::{Assignment, Command, SlotEvent, SlotReport, TrialEnd, TrialResult};
use crate::engine::retry_policy::leaves_worker_fit;
use crate::failure::Failure;
use crate::os::out_of_memory;
use crate::os::suspend_clock::ActiveInstant;
use crate::worker::client::{Client, KILLED, ReadEnd, StartError};
use crate::worker::log::Log;
use crate::worker::process::ProcessEnd;
use crate::worker::program::WorkerProgram;
use crate::worker::trial_protocol::{TrialProtocol, WorkerMessage};
use seedband_core::protocol::{FailureClass, Request};
use std::sync::Arc;
use tokio::sync::mpsc::{Sender, UnboundedReceiver};

/// A slot at work.
pub(crate) struct Executor {
    slot: Slot,
    limits: Limits,
    commands: UnboundedReceiver<Command>,
    reports: Sender<SlotReport>,
    /// What the last worker said it is, once it was ready.
    worker: Option<String>,
    /// How the last worker's process ended, once it has.
    exit: Option<String>,
}

/// A worker between trials, and the program that it runs.
struct IdleWorker {
    client: Client,
    program: Arc<WorkerProgram>,
}

/// How a session about a trial ended.
enum SessionEnd {
    /// With a result; the worker is there if it is fit for another trial.
    Over(Option<Client>, TrialResult),
    /// The worker closed its output.
    Closed(Client),
}

impl Executor {
    pub(crate) fn new(
        slot: Slot,
        limits: Limits,
        commands: UnboundedReceiver<Command>,
        reports: Sender<SlotReport>,
    ) -> Self {
        Self {
            slot,
            limits,
            commands,
            reports,
            worker: None,
            exit: None,
        }
    }

    /// Serves until the dispatcher lets go. The worker is started with the first trial, and again after it was lost.
    pub(crate) async fn run(mut self) {
        let mut idle: Option<IdleWorker> = None;
        while let Some(command) = self.commands.recv().await {
            match command {
                Command::Abandon => {}
                Command::Dismiss => self.dismiss(idle.take()).await,
                Command::Train(assignment) => {
                    self.exit = None;
                    // A request holds all settings of a trial, so this future is large.
                    let program = Arc::clone(&assignment.program);
                    let same = self.of_program(idle.take(), &program).await;
                    let (left, result) = Box::pin(self.train(same, *assignment)).await;
                    let left = left.map(|client| IdleWorker { client, program });
                    let end = TrialEnd {
                        result,
                        worker: self.worker.clone(),
                        exit: self.exit.take(),
                    };
                    self.report(SlotEvent::Ended(end)).await;
                    idle = self.of_many_trials(left).await;
                }
            }
        }
        self.dismiss(idle).await;
    }

    async fn dismiss(&self, idle: Option<IdleWorker>) {
        if let Some(worker) = idle {
            worker.client.dismiss(self.limits.timeouts.exit).await;
        }
    }

    /// The worker if it runs `program`; another one is let go.
    async fn of_program(&self, idle: Option<IdleWorker>, program: &WorkerProgram) -> Option<Client> {
        match idle {
            Some(worker) if *worker.program == *program => Some(worker.client),
            other => {
                self.dismiss(other).await;
                None
            }
        }
    }

    /// The worker if it takes further trials; one that has trained its only one is let go.
    async fn of_many_trials(&self, left: Option<IdleWorker>) -> Option<IdleWorker> {
        match left {
            Some(worker) if worker.client.is_for_one_trial() => {
                self.dismiss(Some(worker)).await;
                None
            }
            other => other,
        }
    }

    /// Trains one trial; gives the worker back if it is fit for another one.
    async fn train(&mut self, idle: Option<Client>, assignment: Assignment) -> (Option<Client>, TrialResult) {
        let Assignment { train, program, log } = assignment;
        let mut log = Log::new(log);
        let mut protocol = TrialProtocol::new(&train);
        let request = Request::Train(train);
        let kills = out_of_memory::kills_so_far();
        if let Some(mut worker) = idle {
            worker.set_log(log);
            match self.session(worker, &request, &mut protocol).await {
                SessionEnd::Over(worker, result) => return (worker, result),
                SessionEnd::Closed(worker) => {
                    let (end, its_log) = worker.wait_for_end().await;
                    if protocol.has_begun() {
                        return (None, self.lost(end, kills));
                    }
                    // It ended without a word on this trial, most likely after the last one: that is not this trial's
                    // fault.
                    self.report(SlotEvent::Lost(end.to_string())).await;
                    log = its_log;
                }
            }
        }
        let worker = match self.start(&program, log).await {
            Ok(worker) => worker,
            Err(result) => return (None, result),
        };
        match self.session(worker, &request, &mut protocol).await {
            SessionEnd::Over(worker, result) => (worker, result),
            SessionEnd::Closed(worker) => {
                let (end, _) = worker.wait_for_end().await;
                (None, self.lost(end, kills))
            }
        }
    }

    /// The failure of a trial whose worker has ended in the middle of it; when it began, the kernel had killed so many
    /// processes for want of memory.
    fn lost(&mut self, end: ProcessEnd, kills: Option<u64>) -> TrialResult {
        let kills_now = out_of_memory::kills_so_far();
        let for_memory = end.was_killed() && kills.zip(kills_now).is_some_and(|(then, now)| now > then);
        let (class, why) = if for_memory {
            (
                FailureClass::HostOutOfMemory,
                ", by the kernel because memory was short",
            )
        } else {
            (FailureClass::LostWorker, "")
        };
        let message = format!("the worker ended in the middle of the trial: {end}{why}");
        self.exit = Some(end.status);
        TrialResult::Failed(Failure::new(class, &message))
    }

    /// Has a worker that is ready train a trial.
    async fn session(&mut self, mut worker: Client, request: &Request, protocol: &mut TrialProtocol) -> SessionEnd {
        let deadline = self.limits.timeout.map(|limit| ActiveInstant::now() + limit);
        if worker.ask(request).await.is_err() {
            return SessionEnd::Closed(worker);
        }
        let result = loop {
            let message = match worker.line(deadline, abandoned(&mut self.commands)).await {
                Ok(line) => protocol.receive(&line),
                Err(ReadEnd::Closed) => return SessionEnd::Closed(worker),
                Err(ReadEnd::Abandoned) => break TrialResult::Abandoned,
                Err(ReadEnd::TooLong) => Err(Failure::protocol("the worker sent a line that is too long")),
                Err(ReadEnd::TimedOut) => Err(self.timed_out()),
            };
            match message {
                Ok(WorkerMessage::Started {
                    steps,
                    start_report,
                    files,
                }) => {
                    let started = SlotEvent::Started {
                        steps,
                        start_report,
                        files,
                    };
                    self.report(started).await;
                }
                Ok(WorkerMessage::Step(step)) => self.report(SlotEvent::Step(step)).await,
                Ok(WorkerMessage::Finished(curve)) => {
                    return SessionEnd::Over(Some(worker), TrialResult::Finished(curve));
                }
                Ok(WorkerMessage::Failed(failure)) if leaves_worker_fit(failure.class) => {
                    return SessionEnd::Over(Some(worker), TrialResult::Failed(failure));
                }
                Ok(WorkerMessage::Failed(failure)) | Err(failure) => break TrialResult::Failed(failure),
            }
        };
        worker.kill().await;
        self.exit = Some(KILLED.to_owned());
        SessionEnd::Over(None, result)
    }

    fn timed_out(&self) -> Failure {
        let limit = self.limits.timeout.unwrap_or_default().as_secs_f64();
        Failure::new(FailureClass::TimedOut, &format!("the trial took longer than {limit} s"))
    }

    /// Starts a worker and waits until it is ready.
    async fn start(&mut self, program: &WorkerProgram, log: Log) -> Result<Client, TrialResult> {
        self.worker = None;
        let timeouts = &self.limits.timeouts;
        let limit = if program.is_built_in {
            timeouts.ready
        } else {
            timeouts.program_ready
        };
        let abandoned = abandoned(&mut self.commands);
        let started = Client::start(program, &self.slot, log, limit, abandoned).await;
        match started {
            Ok(worker) => {
                let introduction = worker.introduction().to_owned();
                self.worker = Some(introduction.clone());
                self.report(SlotEvent::Ready(introduction)).await;
                Ok(worker)
            }
            Err(StartError::Abandoned) => {
                self.exit = Some(KILLED.to_owned());
                Err(TrialResult::Abandoned)
            }
            // Fewer at once may find something left.
            Err(StartError::Short { message }) => {
                let failure = Failure::new(FailureClass::HostOutOfMemory, &message);
                Err(TrialResult::Failed(failure))
            }
            Err(StartError::Failed { message, exit }) => {
                // A script that ran and ended by itself is at fault, and not the device.
                let ended = exit.as_ref().is_some_and(|exit| exit != KILLED);
                let class = if ended && !program.is_built_in {
                    FailureClass::ScriptError
                } else {
                    FailureClass::CannotStart
                };
                self.exit = exit;
                Err(TrialResult::Failed(Failure::new(class, &message)))
            }
        }
    }

    /// Tells the dispatcher. If it is gone, the next look at the commands ends this task.
    async fn report(&self, event: SlotEvent) {
        let slot = self.slot.index;
        let _ = self.reports.send(SlotReport { slot, event }).await;
    }
}

/// Ready once the dispatcher wants no more of the trial. No trial is given before the last one has ended, so whatever
/// comes, or a dispatcher that is gone, means that.
async fn abandoned(commands: &mut UnboundedReceiver<Command>) {
    commands.recv().await;
}
