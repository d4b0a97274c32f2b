//! Exit statuses: documented in the README, stable, and the same for every command.

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
            message: error.into().describe(),
        }
    }
}
