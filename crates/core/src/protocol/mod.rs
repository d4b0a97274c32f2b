//! The lines that runner and worker exchange.
//!
//! JSON, one message a line, UTF-8, over a socket that the environment variable [`CHANNEL`] names. What a worker writes
//! to standard output and standard error is its log. The built-in trainer and a user's own program speak the same
//! lines; the runner cannot tell them apart. Every message of a trial names the trial, so a worker may train several at
//! once. `docs/protocol.md` says it to the letter.
//!
//! A worker starts by saying `ready`. For each `train` request it says `started`, one `step` for each step, and
//! `finished` or `failed`. A step after which the recipe asks for a validation carries it, so it is said after its
//! update. A trial with a training is trained by its plan in place of the recipe's schedule, and validated after each
//! epoch and after the last step. A `save-init` request is answered by `saved` or `failed`. A worker ends when the
//! runner closes the socket.
//!
//! Unknown keys of a message are ignored, so that a newer side can talk to an older one of the same version; another
//! version is refused. What says how to train is strict: an unknown key anywhere within `trial` or `early-stops` makes
//! the request one that cannot be understood, since a trainer that passed over a setting would train something else.

mod event;
mod request;
mod stream_seeds;

pub use crate::failure::FailureClass;
pub use crate::json_line::to_line;
pub use event::{Event, Failed, Finished, Ready, Saved, Started, StepDone};
pub use request::{Request, Train};
pub use stream_seeds::StreamSeeds;

/// The environment variable that names the socket: a path, on which the worker connects once.
pub const CHANNEL: &str = "SEEDBAND_CHANNEL";

/// Version of the protocol. A worker of another version is refused.
pub const VERSION: u32 = 2;

/// Longest line that either side reads, in bytes; a longer one is a protocol violation.
pub const MAX_LINE: usize = 1 << 20;
