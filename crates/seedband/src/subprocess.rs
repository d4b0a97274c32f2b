//! Asking other programs something, with a limit: one that hangs must not hang us.

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use std::io::{self, Read, Seek};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// Most bytes of an answer that are read.
const MOST_BYTES: u64 = 64 << 20;

/// Between two looks whether the program has ended.
const PAUSE: Duration = Duration::from_millis(5);

/// How a program ended, and what it wrote to standard output.
pub(crate) struct Answer {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: Vec<u8>,
}

/// Runs `command` without input until `deadline`, when it is killed with every process that it has started in its
/// group.
pub(crate) fn ask(command: &mut Command, deadline: Instant) -> io::Result<Answer> {
    // A file takes whatever is written while nobody reads, and needs no thread.
    let mut stdout = tempfile::tempfile()?;
    let mut child = command
        .stdin(Stdio::null())
        .stdout(stdout.try_clone()?)
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()?;
    let status = wait(&mut child, deadline)?;
    let mut bytes = Vec::new();
    stdout.rewind()?;
    stdout.take(MOST_BYTES).read_to_end(&mut bytes)?;
    Ok(Answer { status, stdout: bytes })
}

fn wait(child: &mut Child, deadline: Instant) -> io::Result<ExitStatus> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if Instant::now() >= deadline {
            // It may have ended in between, and then there is nothing to kill.
            let _ = killpg(Pid::from_raw(child.id() as i32), Signal::SIGKILL);
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
        let error = ask(&mut command, started + Duration::from_millis(500)).err().unwrap();
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
        command.args(["-c", "head -c 1000000 /dev/zero; exit 3"]);
        let answer = ask(&mut command, Instant::now() + Duration::from_secs(30)).unwrap();
        assert_eq!((answer.stdout.len(), answer.status.code()), (1_000_000, Some(3)));
    }
}
