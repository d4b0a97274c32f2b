//! What the workers of trials wrote to standard output and standard error.

mod selection;
mod tail;
mod trial_name;

pub use selection::LogSelection;
pub use tail::{LogLines, LogTail, last_lines};
