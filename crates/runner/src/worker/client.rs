//! Talking to a worker: starting it, asking it, and reading its answers, each within a time limit.

use crate::device::slots::Slot;
use crate::os::suspend_clock::{ActiveInstant, sleep_until};
use crate::worker::lines::Line;
use crate::worker::log::Log;
use crate::worker::process::{ProcessEnd, WorkerProcess};
use crate::worker::program::WorkerProgram;
use nix::errno::Errno;
use seedband_core::protocol::{Event, Ready, Request, VERSION};
use serde::Deserialize;
use std::io;
use std::time::Duration;

/// How a worker ended that was not let end by itself.
pub(crate) const KILLED: &str = "killed by the runner";

/// A worker that is ready.
#[derive(Debug)]
pub(crate) struct Client {
    process: WorkerProcess,
    /// What it says it is, for example `seedband-worker 0.1.0 on cpu (libtorch 2.11.0)`.
    introduction: String,
    one_trial: bool,
}

/// Why there is no further line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ReadEnd {
    /// Nobody wants the line any more.
    Abandoned,
    TimedOut,
    TooLong,
    /// The worker closed its channel, perhaps in the middle of a line.
    Closed,
}

/// Why a worker is not ready. Its process is gone.
#[derive(Debug)]
pub(crate) enum StartError {
    /// Nobody wants it any more.
    Abandoned,
    /// No process, thread, file handle or memory is to be had for it now.
    Short {
        /// One line for the user.
        message: String,
    },
    /// It cannot be used.
    Failed {
        /// One line for the user.
        message: String,
        /// How its process ended; absent where there was none.
        exit: Option<String>,
    },
}

/// Whether the system has nothing left to start a process with.
fn is_shortage(error: &io::Error) -> bool {
    let short = [Errno::EAGAIN, Errno::EMFILE, Errno::ENFILE, Errno::ENOMEM];
    error
        .raw_os_error()
        .is_some_and(|code| short.contains(&Errno::from_raw(code)))
}

impl Client {
    /// Starts `program` for `slot` and waits until it is ready, for `limit` at most. Its output goes to `log`.
    ///
    /// # Errors
    /// It does not start, ends, says something else or nothing; or `abandoned` comes first.
    pub(crate) async fn start(
        program: &WorkerProgram,
        slot: &Slot,
        log: Log,
        limit: Duration,
        abandoned: impl Future<Output = ()>,
    ) -> Result<Self, StartError> {
        let process = WorkerProcess::spawn(program, slot, log).map_err(|error| {
            let message = format!("cannot start `{}`: {error}", program.path.display());
            if is_shortage(&error) {
                StartError::Short { message }
            } else {
                StartError::Failed { message, exit: None }
            }
        })?;
        let name = if program.is_built_in {
            "the worker"
        } else {
            "the script"
        };
        let mut client = Self {
            process,
            introduction: String::new(),
            one_trial: false,
        };
        let problem = match client.line(Some(ActiveInstant::now() + limit), abandoned).await {
            Ok(line) => match greeting(&line) {
                Ok(ready) => {
                    client.introduction = introduction(&ready);
                    client.one_trial = ready.one_trial;
                    return Ok(client);
                }
                Err(problem) => problem,
            },
            Err(ReadEnd::Closed) => {
                let (end, _) = client.wait_for_end().await;
                let hint = if !program.is_built_in && end.is_success() {
                    " (does it call `seedband.range_test()`?)"
                } else {
                    ""
                };
                return Err(StartError::Failed {
                    message: format!("{name} ended before it was ready{hint}: {end}"),
                    exit: Some(end.status),
                });
            }
            Err(ReadEnd::Abandoned) => {
                client.kill().await;
                return Err(StartError::Abandoned);
            }
            Err(ReadEnd::TimedOut) => format!("{name} was not ready after {} s", limit.as_secs_f64()),
            Err(ReadEnd::TooLong) => "the worker's first line is too long".to_owned(),
        };
        client.kill().await;
        Err(StartError::Failed {
            message: problem,
            exit: Some(KILLED.to_owned()),
        })
    }

    /// What the worker says it is: program, device and libraries.
    pub(crate) fn introduction(&self) -> &str {
        &self.introduction
    }

    /// Whether it is done after one trial.
    pub(crate) fn is_for_one_trial(&self) -> bool {
        self.one_trial
    }

    /// Sends a request.
    ///
    /// # Errors
    /// The worker has closed its channel.
    pub(crate) async fn ask(&mut self, request: &Request) -> io::Result<()> {
        self.process.ask(request).await
    }

    /// The next line, without its newline.
    ///
    /// # Errors
    /// There is none, or `deadline` or `abandoned` comes first. After these two nothing is lost: the line may be read
    /// afterwards.
    pub(crate) async fn line(
        &mut self,
        deadline: Option<ActiveInstant>,
        abandoned: impl Future<Output = ()>,
    ) -> Result<Vec<u8>, ReadEnd> {
        let timed_out = async {
            match deadline {
                Some(deadline) => sleep_until(deadline).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            // In this order a worker that never pauses keeps neither of the others from being seen.
            biased;
            () = abandoned => Err(ReadEnd::Abandoned),
            () = timed_out => Err(ReadEnd::TimedOut),
            line = self.process.next_line() => match line {
                Ok(Line::Whole(line)) => Ok(line),
                Ok(Line::TooLong) => Err(ReadEnd::TooLong),
                Ok(Line::End(_)) | Err(_) => Err(ReadEnd::Closed),
            },
        }
    }

    /// Output goes to `log` from now on.
    pub(crate) fn set_log(&mut self, log: Log) {
        self.process.set_log(log);
    }

    /// How a worker that has closed its channel ended; its log is given back.
    pub(crate) async fn wait_for_end(self) -> (ProcessEnd, Log) {
        self.process.wait_for_end().await
    }

    /// Kills the worker and what it has started.
    pub(crate) async fn kill(self) {
        self.process.kill().await;
    }

    /// Lets the worker end; kills it if that takes longer than `limit`.
    pub(crate) async fn dismiss(self, limit: Duration) {
        self.process.dismiss(limit).await;
    }
}

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

/// The first line. Another version may have other fields, so the version is looked at first.
fn greeting(line: &[u8]) -> Result<Ready, String> {
    #[derive(Deserialize)]
    struct Version {
        protocol: u32,
    }
    let not_ready = |_| "the worker's first line is not `ready`".to_owned();
    let version: Version = serde_json::from_slice(line).map_err(not_ready)?;
    if version.protocol != VERSION {
        let spoken = version.protocol;
        return Err(format!(
            "the worker speaks version {spoken} of the protocol, this program {VERSION}; install the same release of \
             both"
        ));
    }
    match serde_json::from_slice(line).map_err(not_ready)? {
        Event::Ready(ready) => Ok(ready),
        _ => Err("the worker's first line is not `ready`".to_owned()),
    }
}
