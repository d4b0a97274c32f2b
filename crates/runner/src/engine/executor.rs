//! One slot: takes trials one by one and has its worker train them.

use crate::device::slots::Slot;
use crate::engine::limits::Limits;
use crate::engine::retry_policy::leaves_worker_fit;
use crate::failure::Failure;
use crate::os::out_of_memory;
use crate::os::suspend_clock::{Moment, sleep_until};
use crate::worker::lines::Line;
use crate::worker::log::Log;
use crate::worker::process::{Ending, Worker};
use crate::worker::program::WorkerProgram;
use crate::worker::trial_protocol::{Heard, Seen, Transcript};
use seedband_core::files::curve::{Curve, Step};
use seedband_core::protocol::{Event, FailureClass, Ready, Request, Train, VERSION};
use serde::Deserialize;
use std::fs::File;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::{Sender, UnboundedReceiver};

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
    /// Takes the worker's standard error.
    pub(crate) log: File,
}

/// What a slot tells the dispatcher.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) slot: usize,
    pub(crate) news: News,
}

#[derive(Debug)]
pub(crate) enum News {
    /// A worker is up; what it says it is.
    Ready(String),
    /// It has its data.
    Started { steps: u32, seen: Seen },
    /// One more step.
    Step(Step),
    /// The trial that was given has ended; exactly one for each assignment.
    Ended {
        ended: Ended,
        /// What the worker said it is, if one was ready.
        worker: Option<String>,
        /// How the worker's process ended, if it did.
        exit: Option<String>,
    },
    /// The worker had ended between trials, in this way; a new one is being started.
    Lost(String),
}

/// How a trial ended.
#[derive(Debug)]
pub(crate) enum Ended {
    Finished(Curve),
    Failed(Failure),
    /// It was abandoned.
    Abandoned,
}

/// A slot at work.
pub(crate) struct Executor {
    pub(crate) slot: Slot,
    pub(crate) program: Arc<WorkerProgram>,
    pub(crate) limits: Limits,
    pub(crate) commands: UnboundedReceiver<Command>,
    pub(crate) reports: Sender<Report>,
    /// What the last worker said it is, once it was ready.
    pub(crate) worker: Option<String>,
    /// How the last worker's process ended, once it has.
    pub(crate) exit: Option<String>,
}

/// Why there is no further line.
enum Silence {
    Abandoned,
    /// The time is up.
    Late,
    TooLong,
    /// It closed its output, perhaps in the middle of a line.
    Closed,
}

/// How a conversation about a trial ended.
enum Talk {
    /// With a result; the worker is there if it is fit for another trial.
    Over(Option<Worker>, Ended),
    /// The worker closed its output.
    Closed(Worker),
}

impl Executor {
    /// Serves until the dispatcher lets go. The worker is started with the first trial, and again after it was lost.
    pub(crate) async fn run(mut self) {
        let mut worker: Option<Worker> = None;
        while let Some(command) = self.commands.recv().await {
            match command {
                Command::Abandon => {}
                Command::Dismiss => self.dismiss(worker.take()).await,
                Command::Train(assignment) => {
                    self.exit = None;
                    // A request holds all settings of a trial, so this future is large.
                    let (left, ended) = Box::pin(self.train(worker.take(), *assignment)).await;
                    worker = left;
                    let (worker, exit) = (self.worker.clone(), self.exit.take());
                    self.tell(News::Ended { ended, worker, exit }).await;
                }
            }
        }
        self.dismiss(worker).await;
    }

    async fn dismiss(&self, worker: Option<Worker>) {
        if let Some(worker) = worker {
            worker.dismiss(self.limits.patience.goodbye).await;
        }
    }

    /// Trains one trial; gives the worker back if it is fit for another one.
    async fn train(&mut self, idle: Option<Worker>, assignment: Assignment) -> (Option<Worker>, Ended) {
        let Assignment { train, log } = assignment;
        let mut log = Log::new(log);
        let mut transcript = Transcript::new(&train);
        let request = Request::Train(train);
        let kills = out_of_memory::kills_so_far();
        if let Some(mut worker) = idle {
            worker.set_log(log);
            match self.converse(worker, &request, &mut transcript).await {
                Talk::Over(worker, ended) => return (worker, ended),
                Talk::Closed(worker) => {
                    let (ending, its_log) = worker.ending().await;
                    if transcript.has_begun() {
                        return (None, self.lost(ending, kills));
                    }
                    // It ended without a word on this trial, most likely after the last one: that is not this trial's fault.
                    self.tell(News::Lost(ending.to_string())).await;
                    log = its_log;
                }
            }
        }
        let worker = match self.start(log).await {
            Ok(worker) => worker,
            Err(ended) => return (None, ended),
        };
        match self.converse(worker, &request, &mut transcript).await {
            Talk::Over(worker, ended) => (worker, ended),
            Talk::Closed(worker) => {
                let (ending, _) = worker.ending().await;
                (None, self.lost(ending, kills))
            }
        }
    }

    /// The failure of a trial whose worker has ended in the middle of it; when it began, the kernel had killed so many processes for want of memory.
    fn lost(&mut self, ending: Ending, kills: Option<u64>) -> Ended {
        let for_memory = ending.was_killed()
            && kills
                .zip(out_of_memory::kills_so_far())
                .is_some_and(|(then, now)| now > then);
        let (class, why) = if for_memory {
            (
                FailureClass::HostOutOfMemory,
                ", by the kernel because memory was short",
            )
        } else {
            (FailureClass::LostWorker, "")
        };
        let message = format!("the worker ended in the middle of the trial: {ending}{why}");
        self.exit = Some(ending.status);
        Ended::Failed(Failure::new(class, &message))
    }

    /// Has a worker that is ready train a trial.
    async fn converse(&mut self, mut worker: Worker, request: &Request, transcript: &mut Transcript) -> Talk {
        let deadline = self.limits.timeout.map(|limit| Moment::now() + limit);
        if worker.ask(request).await.is_err() {
            return Talk::Closed(worker);
        }
        let ended = loop {
            let heard = match self.line(&mut worker, deadline).await {
                Ok(line) => transcript.hear(&line),
                Err(Silence::Closed) => return Talk::Closed(worker),
                Err(Silence::Abandoned) => break Ended::Abandoned,
                Err(Silence::TooLong) => Err(Failure::protocol("the worker sent a line that is too long")),
                Err(Silence::Late) => {
                    let limit = seconds(self.limits.timeout.unwrap_or_default());
                    Err(Failure::new(
                        FailureClass::TimedOut,
                        &format!("the trial took longer than {limit}"),
                    ))
                }
            };
            match heard {
                Ok(Heard::Started { steps, seen }) => self.tell(News::Started { steps, seen }).await,
                Ok(Heard::Step(step)) => self.tell(News::Step(step)).await,
                Ok(Heard::Finished(curve)) => return Talk::Over(Some(worker), Ended::Finished(curve)),
                Ok(Heard::Failed(failure)) if leaves_worker_fit(failure.class) => {
                    return Talk::Over(Some(worker), Ended::Failed(failure));
                }
                Ok(Heard::Failed(failure)) | Err(failure) => break Ended::Failed(failure),
            }
        };
        self.kill(worker).await;
        Talk::Over(None, ended)
    }

    /// Ends a worker at once.
    async fn kill(&mut self, worker: Worker) {
        worker.kill().await;
        self.exit = Some("killed by the runner".to_owned());
    }

    /// Starts a worker and waits until it is ready.
    async fn start(&mut self, log: Log) -> Result<Worker, Ended> {
        let failed = |message: &str| Ended::Failed(Failure::new(FailureClass::CannotStart, message));
        self.worker = None;
        let mut worker = Worker::spawn(&self.program, &self.slot, log).map_err(Ended::Failed)?;
        let patience = self.limits.patience.ready;
        let problem = match self.line(&mut worker, Some(Moment::now() + patience)).await {
            Ok(line) => match greeting(&line) {
                Ok(ready) => {
                    let text = introduction(&ready);
                    self.worker = Some(text.clone());
                    self.tell(News::Ready(text)).await;
                    return Ok(worker);
                }
                Err(problem) => problem,
            },
            Err(Silence::Closed) => {
                let (ending, _) = worker.ending().await;
                let message = format!("the worker ended before it was ready: {ending}");
                self.exit = Some(ending.status);
                return Err(failed(&message));
            }
            Err(Silence::Abandoned) => {
                self.kill(worker).await;
                return Err(Ended::Abandoned);
            }
            Err(Silence::Late) => format!("the worker was not ready after {}", seconds(patience)),
            Err(Silence::TooLong) => "the worker's first line is too long".to_owned(),
        };
        self.kill(worker).await;
        Err(failed(&problem))
    }

    /// The next line of the worker, unless the dispatcher wants no more of it or the deadline comes first.
    async fn line(&mut self, worker: &mut Worker, deadline: Option<Moment>) -> Result<Vec<u8>, Silence> {
        let late = async {
            match deadline {
                Some(deadline) => sleep_until(deadline).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            // In this order a worker that never pauses cannot keep a command or the deadline from being seen.
            biased;
            // No trial is given before the last one has ended, so whatever comes, or a dispatcher that is gone, means to stop.
            _ = self.commands.recv() => Err(Silence::Abandoned),
            () = late => Err(Silence::Late),
            said = worker.next() => match said {
                Ok(Line::Whole(line)) => Ok(line),
                Ok(Line::TooLong) => Err(Silence::TooLong),
                Ok(Line::End(_)) | Err(_) => Err(Silence::Closed),
            },
        }
    }

    /// Reports. If the dispatcher is gone, the next look at the commands ends this task.
    async fn tell(&self, news: News) {
        let _ = self
            .reports
            .send(Report {
                slot: self.slot.index,
                news,
            })
            .await;
    }
}

/// For example `seedband-worker 0.1.0 on cpu (libtorch 2.11.0)`.
fn introduction(ready: &Ready) -> String {
    let Ready {
        worker,
        device,
        libraries,
        ..
    } = ready;
    match libraries.as_slice() {
        [] => format!("{worker} on {device}"),
        libraries => format!("{worker} on {device} ({})", libraries.join(", ")),
    }
}

fn seconds(duration: Duration) -> String {
    format!("{} s", duration.as_secs_f64())
}

/// The first line. Another version may have other fields, so the version is looked at first.
fn greeting(line: &[u8]) -> Result<Ready, String> {
    #[derive(Deserialize)]
    struct Hello {
        protocol: u32,
    }
    let not_ready = |_| "the worker's first line is not `ready`".to_owned();
    let hello: Hello = serde_json::from_slice(line).map_err(not_ready)?;
    if hello.protocol != VERSION {
        let spoken = hello.protocol;
        return Err(format!(
            "the worker speaks version {spoken} of the protocol, this program {VERSION}; install the same release of both"
        ));
    }
    match serde_json::from_slice(line).map_err(not_ready)? {
        Event::Ready(ready) => Ok(ready),
        _ => Err("the worker's first line is not `ready`".to_owned()),
    }
}
