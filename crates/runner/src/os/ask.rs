//! Asking other programs something, with a limit: a wedged driver or network disk must not hang us, and nothing that is
//! asked lives on without us.

use crate::os::process_groups::ProcessGroup;
use crate::os::unsafe_calls;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// Loading libtorch from a cold network disk can take the better part of a minute.
pub(crate) const LIMIT: Duration = Duration::from_mins(1);

/// Most bytes of an answer that are read.
const MOST_BYTES: u64 = 64 << 20;

/// Between two looks whether the program has ended.
const PAUSE: Duration = Duration::from_millis(5);

/// How a program ended, and what it wrote.
#[derive(Debug)]
pub struct ProgramAnswer {
    /// How it ended.
    pub status: ExitStatus,
    /// Its standard output, the first 64 MiB of it.
    pub stdout: Vec<u8>,
    /// Its standard error, likewise.
    pub stderr: Vec<u8>,
}

/// Runs `command` without input until `deadline`, when it is killed with every process that it has started in its
/// group. It is killed too when this process ends, in whatever way.
///
/// # Errors
/// It does not start, or gives no answer in time.
pub fn ask_program(command: &mut Command, deadline: Instant) -> io::Result<ProgramAnswer> {
    // A file takes whatever is written while nobody reads, and needs no thread.
    let (stdout, stderr) = (tempfile::tempfile()?, tempfile::tempfile()?);
    command
        .stdin(Stdio::null())
        .stdout(stdout.try_clone()?)
        .stderr(stderr.try_clone()?);
    // This thread waits for it, and so lives as long.
    unsafe_calls::prepare(command, None);
    let (mut child, group) = ProcessGroup::spawn_std(command)?;
    let status = wait(&mut child, group, deadline)?;
    Ok(ProgramAnswer {
        status,
        stdout: content(stdout)?,
        stderr: content(stderr)?,
    })
}

/// Where a program is, by the folders of `PATH` that are named from the root: what a study's folder holds is none.
pub fn program_on_path(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut places = std::env::split_paths(&path).filter(|folder| folder.is_absolute());
    // What is not there does not start, wherever it is looked for.
    places
        .find_map(|folder| Some(folder.join(name)).filter(|place| place.is_file()))
        .unwrap_or_else(|| PathBuf::from("/nonexistent").join(name))
}

fn content(mut file: File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.take(MOST_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Waits until the program has ended. Its group goes in any case.
fn wait(child: &mut Child, group: ProcessGroup, deadline: Instant) -> io::Result<ExitStatus> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if Instant::now() >= deadline {
            drop(group);
            child.wait()?;
            return Err(io::Error::new(io::ErrorKind::TimedOut, "no answer in time"));
        }
        std::thread::sleep(PAUSE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_hangs_is_ended_with_its_children() {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new("sh");
        command
            .args(["-c", "sleep 1000 & echo $! > child; wait"])
            .current_dir(folder.path());
        let started = Instant::now();
        let error = ask_program(&mut command, started + Duration::from_millis(500))
            .err()
            .unwrap();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        let child = std::fs::read_to_string(folder.path().join("child")).unwrap();
        let stat = format!("/proc/{}/stat", child.trim());
        // Killed with its group; whoever inherits it reaps it.
        let is_over = || std::fs::read_to_string(&stat).map_or(true, |stat| stat.contains(") Z "));
        while !is_over() {
            assert!(started.elapsed() < Duration::from_secs(30), "it lives on");
            std::thread::sleep(PAUSE);
        }
    }

    #[test]
    fn long_answers_are_read_whole() {
        let mut command = Command::new("sh");
        command.args(["-c", "head -c 1000000 /dev/zero; echo word >&2; exit 3"]);
        let answer = ask_program(&mut command, Instant::now() + Duration::from_secs(30)).unwrap();
        assert_eq!((answer.stdout.len(), answer.status.code()), (1_000_000, Some(3)));
        assert_eq!(answer.stderr, b"word\n");
    }

    #[test]
    fn programs_are_looked_for_where_the_path_says() {
        assert!(program_on_path("sh").is_absolute() && program_on_path("sh").is_file());
        assert_eq!(
            program_on_path("no-such-program").to_str(),
            Some("/nonexistent/no-such-program")
        );
    }
}
