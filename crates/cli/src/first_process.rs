//! The first process of a container inherits what others leave behind, and nobody else reaps it. So there the program
//! runs itself as a child, and does what an init does: passes on signals, reaps, and ends as the child has ended.

use crate::exit::INTERNAL;
use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitStatus, wait};
use nix::unistd::{Pid, tcsetpgrp};
use signal_hook::iterator::Signals;
use std::io::{self, IsTerminal};
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};
use std::thread::Builder;

/// Signals that ask a program to end, stop or go on.
const PASSED_ON: [Signal; 6] = [
    Signal::SIGINT,
    Signal::SIGTERM,
    Signal::SIGHUP,
    Signal::SIGQUIT,
    Signal::SIGUSR1,
    Signal::SIGUSR2,
];

/// Whether this is the first process of a container.
pub(crate) fn is_first() -> bool {
    std::process::id() == 1
}

/// Runs this program again with the same arguments, and ends as it does.
pub(crate) fn run() -> ExitCode {
    match as_child() {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            crate::output::error(&format!("cannot start as a process of its own: {error}"));
            ExitCode::from(INTERNAL)
        }
    }
}

fn as_child() -> io::Result<u8> {
    // Before the child is there, so that none is lost.
    let mut signals = Signals::new(PASSED_ON.map(|signal| signal as i32))?;
    let child = Command::new(std::env::current_exe()?)
        .args(std::env::args_os().skip(1))
        // What a terminal sends to a group goes to the child alone, and not to it twice.
        .process_group(0)
        .spawn()?;
    let child = Pid::from_raw(child.id() as i32);
    if io::stdin().is_terminal() {
        let _ = tcsetpgrp(io::stdin(), child);
    }
    Builder::new().name("signals".into()).spawn(move || {
        for signal in signals.forever() {
            if let Ok(signal) = Signal::try_from(signal) {
                let _ = kill(child, signal);
            }
        }
    })?;
    loop {
        match wait() {
            Ok(WaitStatus::Exited(pid, status)) if pid == child => return Ok(status as u8),
            // As shells say it.
            Ok(WaitStatus::Signaled(pid, signal, _)) if pid == child => return Ok(128 + signal as u8),
            Ok(_) | Err(Errno::EINTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}
