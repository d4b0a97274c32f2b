//! One worker process: starting it, listening to it, ending it.

use crate::device::slots::Slot;
use crate::os::process_groups::ProcessGroup;
use crate::os::suspend_clock::{ActiveInstant, sleep_until, timeout};
use crate::os::{cores, unsafe_calls};
use crate::worker::channel::Channel;
use crate::worker::lines::Line;
use crate::worker::log::Log;
use crate::worker::program::WorkerProgram;
use nix::sys::signal::Signal;
use seedband_core::protocol::{CHANNEL, Request, to_line};
use std::fmt;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::pin::pin;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::net::unix::pipe;
use tokio::process::{Child, Command};

/// How long the end of a worker that has closed its channel may take before it is helped along.
const EXIT_LIMIT: Duration = Duration::from_secs(2);

/// How long the last words of a worker that has ended are waited for, on its channel and in its log.
const DRAIN_LIMIT: Duration = Duration::from_millis(500);

/// A running worker process.
#[derive(Debug)]
pub(crate) struct WorkerProcess {
    child: Child,
    group: ProcessGroup,
    channel: Channel,
    /// Set once the process has ended: when whoever else holds its end of the channel, a process that it forked, is no
    /// longer listened to.
    last_words: Option<ActiveInstant>,
    /// Standard output and standard error; none once they are closed.
    output: Option<pipe::Receiver>,
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
    /// Whether it ended by itself and content.
    pub(crate) fn is_success(&self) -> bool {
        self.status == "exit status 0"
    }

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
        let channel = Channel::new()?;
        let (output, writer) = io::pipe()?;
        let mut command = Command::new(&program.path);
        command
            .args(&program.arguments)
            .envs(program.variables.iter().map(|(key, value)| (key, value)))
            .envs(slot.variables())
            .env(CHANNEL, channel.path().unwrap_or_default())
            .stdin(Stdio::null())
            // One pipe for both, so that their lines stand in the log in the order in which they were written.
            .stdout(writer.try_clone()?)
            .stderr(writer)
            .kill_on_drop(true);
        if program.is_built_in {
            command.args(slot.arguments());
        }
        if let Some(folder) = &program.working_dir {
            command.current_dir(folder);
        }
        unsafe_calls::prepare(command.as_std_mut(), slot.cores.as_deref().map(cores::set));
        let (child, group) = ProcessGroup::spawn(&mut command)?;
        // The command holds this side's copies of the pipe's other end.
        drop(command);
        Ok(Self {
            child,
            group,
            channel,
            last_words: None,
            output: Some(pipe::Receiver::from_owned_fd(output.into())?),
            log,
        })
    }

    /// Output goes to `log` from now on. What it wrote before its last event is in its pipe by now, and belongs to the
    /// trial before.
    pub(crate) fn set_log(&mut self, log: Log) {
        // As much as a pipe holds. It does not block.
        let mut bytes = vec![0; 1 << 16];
        if let Some(output) = &self.output
            && let Ok(count) = nix::unistd::read(output, &mut bytes)
        {
            self.log.write(&bytes[..count]);
        }
        self.log = log;
    }

    /// Sends a request.
    pub(crate) async fn ask(&mut self, request: &Request) -> io::Result<()> {
        self.channel.send(&to_line(request)).await
    }

    /// The next line it says; meanwhile its output goes to the log. Nothing is lost when the future is dropped before
    /// it is ready.
    pub(crate) async fn next_line(&mut self) -> io::Result<Line> {
        loop {
            let last_words = self.last_words;
            tokio::select! {
                // What it has said counts, however late it is heard.
                biased;
                line = self.channel.next_line() => return line,
                more = pump(&mut self.output, &mut self.log), if self.output.is_some() => {
                    if !more {
                        self.output = None;
                    }
                }
                _ = self.child.wait(), if last_words.is_none() => {
                    self.last_words = Some(ActiveInstant::now() + DRAIN_LIMIT);
                }
                () = passes(last_words) => return Ok(Line::End(Vec::new())),
            }
        }
    }

    /// Waits for the end of a worker that has closed its channel, and says how it ended and what it wrote last. The log
    /// is given back.
    pub(crate) async fn wait_for_end(mut self) -> (ProcessEnd, Log) {
        let (status, signal) = match timeout(EXIT_LIMIT, pin!(self.child.wait())).await {
            Some(Ok(status)) => (describe(status), status.signal()),
            Some(Err(error)) => (format!("unknown status: {error}"), None),
            None => ("it closed its channel but did not end".to_owned(), None),
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
        let drained = async { while pump(&mut self.output, &mut self.log).await {} };
        let _ = timeout(DRAIN_LIMIT, pin!(drained)).await;
        self.log
    }

    /// Lets the worker end by itself by closing its channel; kills it if that takes longer than `limit`.
    pub(crate) async fn dismiss(self, limit: Duration) {
        let Self {
            mut child,
            group,
            channel,
            mut output,
            mut log,
            ..
        } = self;
        let ended = async {
            // What it still writes is read, so that it does not hang on a farewell.
            let logged = async { while pump(&mut output, &mut log).await {} };
            let mut reading = Box::pin(async { tokio::join!(channel.close(), logged) });
            tokio::select! {
                // Whoever else holds its outputs, a process that it has started, is not waited for.
                _ = child.wait() => drop(timeout(DRAIN_LIMIT, reading.as_mut()).await),
                _ = &mut reading => drop(child.wait().await),
            }
        };
        let _ = timeout(limit, pin!(ended)).await;
        drop(group);
        let _ = child.wait().await;
    }
}

/// Waits until then, or for ever.
async fn passes(at: Option<ActiveInstant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}

/// Moves some bytes from a worker's output to the log; false once it is closed.
async fn pump(output: &mut Option<pipe::Receiver>, log: &mut Log) -> bool {
    let Some(source) = output else { return false };
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
