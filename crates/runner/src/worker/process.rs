//! One worker process: starting it, listening to it, ending it.

use crate::device::slots::Slot;
use crate::os::process_groups::ProcessGroup;
use crate::os::suspend_clock::timeout;
use crate::os::{cores, unsafe_calls};
use crate::worker::lines::{Line, Lines};
use crate::worker::log::Log;
use crate::worker::program::WorkerProgram;
use nix::sys::signal::Signal;
use seedband_core::protocol::{Request, to_line};
use std::fmt;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::pin::pin;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};

/// How long the end of a worker that has closed its output may take before it is helped along.
const EXIT_LIMIT: Duration = Duration::from_secs(2);

/// How long the last words of a worker that has ended are waited for.
const DRAIN_LIMIT: Duration = Duration::from_millis(500);

/// A running worker process.
#[derive(Debug)]
pub(crate) struct WorkerProcess {
    child: Child,
    group: ProcessGroup,
    requests: ChildStdin,
    events: Lines<ChildStdout>,
    /// Standard error; none once it is closed.
    errors: Option<ChildStderr>,
    log: Log,
}

/// How a worker ended that was not told to; shown with what it wrote last.
#[derive(Debug)]
pub(crate) struct ProcessEnd {
    /// For example `exit status 3`.
    pub(crate) status: String,
    signal: Option<i32>,
    last_line: Option<String>,
}

impl ProcessEnd {
    /// Whether somebody killed it by a signal that it could not see coming.
    pub(crate) fn was_killed(&self) -> bool {
        self.signal == Some(Signal::SIGKILL as i32)
    }
}

impl fmt::Display for ProcessEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.status)?;
        match &self.last_line {
            Some(line) => write!(f, "; its last log line: `{line}`"),
            None => Ok(()),
        }
    }
}

impl WorkerProcess {
    /// Starts `program` for `slot`, in a process group of its own: Ctrl-C at the terminal reaches the runner alone, and
    /// killing the group gets the worker's children too.
    pub(crate) fn spawn(program: &WorkerProgram, slot: &Slot, log: Log) -> io::Result<Self> {
        let mut command = Command::new(&program.path);
        command
            .args(slot.arguments())
            .envs(program.variables.iter().map(|(key, value)| (key, value)))
            .envs(slot.variables())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        unsafe_calls::prepare(&mut command, slot.cores.as_deref().map(cores::set));
        let (mut child, group) = ProcessGroup::spawn(&mut command)?;
        let (Some(requests), Some(events)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other("it has no pipes"));
        };
        let errors = child.stderr.take();
        Ok(Self {
            child,
            group,
            requests,
            events: Lines::new(events),
            errors,
            log,
        })
    }

    /// Standard error goes to `log` from now on. What it wrote before its last line on standard output is in its pipe
    /// by now, and belongs to the trial before.
    pub(crate) fn set_log(&mut self, log: Log) {
        // As much as a pipe holds. It does not block.
        let mut bytes = vec![0; 1 << 16];
        if let Some(errors) = &self.errors
            && let Ok(count) = nix::unistd::read(errors, &mut bytes)
        {
            self.log.write(&bytes[..count]);
        }
        self.log = log;
    }

    /// Sends a request.
    pub(crate) async fn ask(&mut self, request: &Request) -> io::Result<()> {
        self.requests.write_all(to_line(request).as_bytes()).await?;
        self.requests.flush().await
    }

    /// The next line it says; meanwhile its standard error goes to the log. Nothing is lost when the future is dropped
    /// before it is ready.
    pub(crate) async fn next_line(&mut self) -> io::Result<Line> {
        loop {
            tokio::select! {
                line = self.events.next() => return line,
                more = pump(&mut self.errors, &mut self.log), if self.errors.is_some() => {
                    if !more {
                        self.errors = None;
                    }
                }
            }
        }
    }

    /// Waits for the end of a worker that has closed its output, and says how it ended and what it wrote last. The log
    /// is given back.
    pub(crate) async fn wait_for_end(mut self) -> (ProcessEnd, Log) {
        let (status, signal) = match timeout(EXIT_LIMIT, pin!(self.child.wait())).await {
            Some(Ok(status)) => (describe(status), status.signal()),
            Some(Err(error)) => (format!("unknown status: {error}"), None),
            None => ("it closed its output but did not end".to_owned(), None),
        };
        let log = self.kill().await;
        let end = ProcessEnd {
            status,
            signal,
            last_line: log.last_line(),
        };
        (end, log)
    }

    /// Kills the worker and what it has started, at once. Gives the log back.
    pub(crate) async fn kill(mut self) -> Log {
        drop(self.group);
        let _ = self.child.wait().await;
        // A process that left the group may keep the pipe open, so this is bounded.
        let drained = async { while pump(&mut self.errors, &mut self.log).await {} };
        let _ = timeout(DRAIN_LIMIT, pin!(drained)).await;
        self.log
    }

    /// Lets the worker end by itself by closing its input; kills it if that takes longer than `limit`.
    pub(crate) async fn dismiss(self, limit: Duration) {
        let Self {
            mut child,
            group,
            requests,
            mut events,
            mut errors,
            mut log,
        } = self;
        drop(requests);
        let ended = async {
            // Its pipes are emptied, so that it does not hang on writing a farewell.
            let quiet = async { while matches!(events.next().await, Ok(Line::Whole(_))) {} };
            let logged = async { while pump(&mut errors, &mut log).await {} };
            let _ = tokio::join!(quiet, logged, child.wait());
        };
        let _ = timeout(limit, pin!(ended)).await;
        drop(group);
        let _ = child.wait().await;
    }
}

/// Moves some bytes from a worker's standard error to the log; false once it is closed.
async fn pump(errors: &mut Option<ChildStderr>, log: &mut Log) -> bool {
    let Some(source) = errors else { return false };
    let mut bytes = [0; 8192];
    match source.read(&mut bytes).await {
        Ok(0) | Err(_) => false,
        Ok(count) => {
            log.write(&bytes[..count]);
            true
        }
    }
}

/// For example `exit status 3` or `killed by signal 9 (SIGKILL)`.
fn describe(status: ExitStatus) -> String {
    match (status.signal(), status.code()) {
        (Some(number), _) => {
            let name = Signal::try_from(number).map_or("unknown", Signal::as_str);
            format!("killed by signal {number} ({name})")
        }
        (None, Some(code)) => format!("exit status {code}"),
        (None, None) => status.to_string(),
    }
}
