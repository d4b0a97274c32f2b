//! Ctrl-C.

use crate::control::Control;
use crate::os;
use nix::sys::signal::Signal;
use std::io;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinHandle;

/// Keeps the signal handling of [`signals`]; when dropped, the signals get their default action back and end the process again.
#[derive(Debug)]
pub struct Signals(JoinHandle<()>);

impl Drop for Signals {
    fn drop(&mut self) {
        self.0.abort();
        os::reset(Signal::SIGINT);
        os::reset(Signal::SIGTERM);
    }
}

/// Lets `SIGINT` and `SIGTERM` stop the run: the first one drains it, the second kills its trials. Has to be called within a tokio runtime.
///
/// Works once in a process: tokio installs its handler a single time, so after the first [`Signals`] is dropped the default action stays.
///
/// # Errors
/// The operating system refuses a handler.
pub fn signals(control: Control) -> io::Result<Signals> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let task = tokio::spawn(async move {
        loop {
            let heard = tokio::select! {
                heard = interrupt.recv() => heard,
                heard = terminate.recv() => heard,
            };
            if heard.is_none() {
                break;
            }
            control.press();
        }
    });
    Ok(Signals(task))
}
