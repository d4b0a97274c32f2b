//! Asking other programs something, with a limit: a wedged driver or network disk must not hang us.

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::io;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// Loading libtorch from a cold network disk can take the better part of a minute.
const LIMIT: Duration = Duration::from_mins(1);

/// The output of a program, which is killed if it takes longer than a minute.
pub(crate) fn output(mut command: Command) -> io::Result<Output> {
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let pid = Pid::from_raw(child.id() as i32);
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || sender.send(child.wait_with_output()));
    receiver.recv_timeout(LIMIT).unwrap_or_else(|_| {
        let _ = kill(pid, Signal::SIGKILL);
        Err(io::Error::new(
            io::ErrorKind::TimedOut,
            format!("no answer within {} s", LIMIT.as_secs()),
        ))
    })
}
