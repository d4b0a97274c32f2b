//! The state of each trial, from the files alone.

mod reader;
mod state;

pub use reader::{StatusError, StatusReader, status};
pub use state::{AttemptStatus, State, TrialStatus};
