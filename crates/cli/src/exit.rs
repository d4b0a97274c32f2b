//! Exit statuses: documented in the README, stable, and the same for every command.

use std::error::Error;

/// Everything asked for is done.
pub(crate) const DONE: u8 = 0;
/// The program itself is at fault.
pub(crate) const INTERNAL: u8 = 1;
/// The command line asks for what cannot be done so; clap's own too.
pub(crate) const USAGE: u8 = 2;
/// More trials are to be run: held by another runner, or not started.
pub(crate) const INCOMPLETE: u8 = 5;
/// The study or the set-up cannot be used; nothing was run.
pub(crate) const BAD_SETUP: u8 = 96;
/// Some trials failed; the others are done.
pub(crate) const TRIALS_FAILED: u8 = 100;
/// Stopped by Ctrl-C or SIGTERM.
pub(crate) const INTERRUPTED: u8 = 130;

/// Why a command ends without what was asked: the message for people, and the exit status for programs.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) status: u8,
    pub(crate) message: String,
}

/// Any error of the library is one of study or set-up, unless a command says otherwise.
impl<E: Into<seedband::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self {
            status: BAD_SETUP,
            message: describe(&error.into()),
        }
    }
}

/// An error, its causes, and the way out where it is known.
pub(crate) fn describe(error: &seedband::Error) -> String {
    let text = chain(error);
    match error.advice() {
        // What takes several lines has its way out on the last one.
        Some(advice) if text.contains('\n') => format!("{text}\n{advice}"),
        Some(advice) => format!("{text}; {advice}"),
        None => text,
    }
}

/// An error and its causes on one line; a cause that the error's own text holds already is left out.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text = format!("{text}: {inner_text}");
        }
        cause = inner.source();
    }
    text
}
