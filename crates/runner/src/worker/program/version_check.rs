//! Whether a worker starts.

use crate::os::ask::{LIMIT, ask_program};
use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// Whether the worker starts.
pub(super) enum Answer {
    Starts,
    /// The last line it wrote, or how it ended.
    Fails(String),
}

/// Asks the worker for its `--version`, which makes the loader look for all its libraries.
pub(super) fn version(worker: &Path, library_path: Option<&OsStr>) -> Answer {
    let mut command = Command::new(worker);
    command.arg("--version");
    if let Some(library_path) = library_path {
        command.env("LD_LIBRARY_PATH", library_path);
    }
    match ask_program(&mut command, Instant::now() + LIMIT) {
        Ok(output) if output.status.success() => Answer::Starts,
        Ok(output) => {
            let text = String::from_utf8_lossy(&output.stderr).into_owned();
            let line = text.lines().map(str::trim).rfind(|line| !line.is_empty());
            Answer::Fails(line.map_or_else(|| output.status.to_string(), str::to_owned))
        }
        Err(error) => Answer::Fails(error.to_string()),
    }
}
