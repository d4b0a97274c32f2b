//! Ctrl-C, Ctrl-Z and the like.

use crate::control::Control;
use crate::os::{process_groups, unsafe_calls};
use nix::sys::signal::Signal;
use std::io;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinSet;

/// Keeps the signal handling of [`signals`]; when dropped, the signals get their default action back.
#[derive(Debug)]
pub struct Signals {
    handled: Vec<Signal>,
    tasks: JoinSet<()>,
}

impl Drop for Signals {
    fn drop(&mut self) {
        self.tasks.abort_all();
        for &which in &self.handled {
            unsafe_calls::reset(which);
        }
    }
}

impl Signals {
    fn handle(&mut self, which: Signal, act: impl Fn() + Send + 'static) -> io::Result<()> {
        let mut stream = signal(SignalKind::from_raw(which as i32))?;
        self.handled.push(which);
        self.tasks.spawn(async move {
            while stream.recv().await.is_some() {
                act();
            }
        });
        Ok(())
    }
}

/// Lets signals stop the run. Has to be called within a tokio runtime.
///
/// | signal | does |
/// |---|---|
/// | `SIGINT` (Ctrl-C), `SIGTERM` | the first one drains the run, the second kills its trials |
/// | `SIGHUP` (the terminal is gone) | drains the run, however often it comes: shell and kernel may each send one |
/// | `SIGTSTP` (Ctrl-Z) | stops all workers of this process and then the process; continued, it continues them |
///
/// `SIGHUP` and `SIGTSTP` stay ignored where this process was started so, as by `nohup`.
///
/// Works once in a process: tokio installs its handler a single time, so after the first [`Signals`] is dropped the
/// default action stays.
///
/// # Errors
/// The operating system refuses a handler.
pub fn signals(control: Control) -> io::Result<Signals> {
    let mut signals = Signals {
        handled: Vec::new(),
        tasks: JoinSet::new(),
    };
    for which in [Signal::SIGINT, Signal::SIGTERM] {
        let control = control.clone();
        signals.handle(which, move || control.escalate())?;
    }
    let ignored = ignored();
    if !is_in(ignored, Signal::SIGHUP) {
        signals.handle(Signal::SIGHUP, move || control.drain())?;
    }
    if !is_in(ignored, Signal::SIGTSTP) {
        signals.handle(Signal::SIGTSTP, process_groups::suspend)?;
    }
    Ok(signals)
}

/// The signals that this process ignores, one bit each; none where `/proc` does not say.
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
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
