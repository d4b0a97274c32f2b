//! Git as a process.

use seedband_runner::{ask_program, program_on_path};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// Git in `folder`, with nothing of the environment that leads it to another repository, writes traces, or asks for a
/// password; without a lock.
pub(super) fn git(folder: &Path) -> Command {
    let mut command = Command::new(program_on_path("git"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("GIT_") && name != "GIT_EXEC_PATH" {
            command.env_remove(name);
        }
    }
    command
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_NO_LAZY_FETCH", "1")
        .args([
            "--no-pager",
            "-c",
            "core.fsmonitor=false",
            "-c",
            "core.hooksPath=/dev/null",
        ])
        .current_dir(folder);
    command
}

/// What a command says that succeeds in time.
pub(super) fn answer(command: &mut Command, deadline: Instant) -> Option<Vec<u8>> {
    let answer = ask_program(command, deadline).ok()?;
    answer.status.success().then_some(answer.stdout)
}
