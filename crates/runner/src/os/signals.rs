//! Ctrl-C, Ctrl-Z and the like.
//!
//! A thread of its own waits for signals, so that neither a disk that does not answer nor anything else that a run waits
//! for keeps them from being heard.

use crate::control::{Control, Level};
use crate::os::{process_groups, unsafe_calls};
use nix::sys::signal::{Signal, raise};
use signal_hook::iterator::{Handle, Signals as Arrivals};
use std::io::{self, Write};
use std::os::raw::c_int;
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

/// From the signal that kills a run's trials until the process is killed too, should the run not have ended.
const LAST_PATIENCE: Duration = Duration::from_millis(700);

/// Keeps the signal handling of [`signals`]; when dropped, the signals get their default action back.
#[derive(Debug)]
pub struct Signals {
    handled: Vec<Signal>,
    handle: Handle,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Signals {
    fn drop(&mut self) {
        self.handle.close();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        for &which in &self.handled {
            unsafe_calls::reset(which);
        }
    }
}

/// Lets signals stop the run.
///
/// | signal | does |
/// |---|---|
/// | `SIGINT` (Ctrl-C), `SIGTERM` | the first one drains the run, the second kills its trials, and the process itself where it has not ended within a second |
/// | `SIGHUP` (the terminal is gone) | drains the run, however often it comes: shell and kernel may each send one |
/// | `SIGTSTP` (Ctrl-Z) | stops all workers of this process and then the process; continued, it continues them |
///
/// `SIGHUP` and `SIGTSTP` stay ignored where this process was started so, as by `nohup`.
///
/// Works once in a process: the handler is installed a single time, so after the first [`Signals`] is dropped the
/// default action stays.
///
/// # Errors
/// The operating system refuses a handler, or there is no thread to be had.
pub fn signals(control: Control) -> io::Result<Signals> {
    // A file that may grow no more (`ulimit -f`) is an error of the write, and ends nothing.
    unsafe_calls::ignore(Signal::SIGXFSZ);
    let ignored = ignored();
    let mut handled = vec![Signal::SIGINT, Signal::SIGTERM];
    handled.extend(
        [Signal::SIGHUP, Signal::SIGTSTP]
            .iter()
            .filter(|which| !is_in(ignored, **which)),
    );
    let mut arrivals = Arrivals::new(handled.iter().map(|which| *which as c_int))?;
    let handle = arrivals.handle();
    let thread = Builder::new().name("signals".into()).spawn(move || {
        // Dropped, and the executioner with it, when the run is over.
        let mut executioner = None;
        for which in arrivals.forever() {
            match Signal::try_from(which) {
                Ok(Signal::SIGHUP) => control.drain(),
                Ok(Signal::SIGTSTP) => process_groups::suspend(),
                _ => {
                    control.escalate();
                    if control.level() == Level::Kill && executioner.is_none() {
                        executioner = Executioner::start();
                    }
                }
            }
        }
    });
    match thread {
        Ok(thread) => Ok(Signals {
            handled,
            handle,
            thread: Some(thread),
        }),
        Err(error) => {
            handled.into_iter().for_each(unsafe_calls::reset);
            Err(error)
        }
    }
}

/// Kills the workers and this process, unless it is dropped before its patience has ended.
struct Executioner(#[expect(dead_code, reason = "the thread notices when it is gone")] Sender<()>);

impl Executioner {
    /// None where there is no thread to be had: then a third signal has to do, by its default action.
    fn start() -> Option<Self> {
        let (alive, is_over) = channel::<()>();
        let thread = Builder::new().name("executioner".into()).spawn(move || {
            if is_over.recv_timeout(LAST_PATIENCE) == Err(RecvTimeoutError::Timeout) {
                let word = "error: the run does not end, as where a disk does not answer; killed. The same command goes on \
                            from here\n";
                let _ = io::stderr().write_all(word.as_bytes());
                process_groups::kill_all();
                let _ = raise(Signal::SIGKILL);
            }
        });
        if thread.is_err() {
            unsafe_calls::reset(Signal::SIGINT);
            unsafe_calls::reset(Signal::SIGTERM);
            return None;
        }
        Some(Self(alive))
    }
}

/// The signals that this process ignores, one bit each; none where `/proc` does not say.
fn ignored() -> u64 {
    let status = seedband_core::files::fsio::read(Path::new("/proc/self/status")).unwrap_or_default();
    parse_ignored(&status).unwrap_or_default()
}

/// The line `SigIgn:` of `proc_pid_status(5)`.
fn parse_ignored(status: &str) -> Option<u64> {
    let digits = status.lines().find_map(|line| line.strip_prefix("SigIgn:"))?;
    u64::from_str_radix(digits.trim(), 16).ok()
}

/// Signals are counted from 1, bits from 0.
fn is_in(set: u64, which: Signal) -> bool {
    set >> (which as i32 - 1) & 1 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ignored_signals_are_read_from_the_status() {
        let status =
            "Name:\tseedband\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000001001\nSigCgt:\t0000000000004002\n";
        let set = parse_ignored(status).unwrap();
        assert!(is_in(set, Signal::SIGHUP) && is_in(set, Signal::SIGPIPE));
        assert!(!is_in(set, Signal::SIGINT) && !is_in(set, Signal::SIGTSTP));
        assert_eq!(parse_ignored("Name:\tSigIgn\n"), None);
    }
}
