//! Calls into the system that fail, as on a disk that is failing: what was asked for is done or it is said what was not,
//! nothing is half there, and the next run makes good.

use crate::interruption::signal;
use crate::support::{Place, STUDY, said};
use nix::sys::signal::Signal;
use seedband_testkit::failing_calls;
use seedband_testkit::process::{children, wait_for};
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// `seedband` in `place`, of whose calls `call` fails with `errno` where it is the one of that number.
fn failing(place: &Place, arguments: &[&str], call: &str, errno: i32, at: u32) -> Command {
    let mut command = place.program(arguments, Some(""));
    command
        .env("LD_PRELOAD", failing_calls())
        .env("FAIL_PROGRAM", "seedband")
        .env("FAIL_BELOW", place.path("results").canonicalize().unwrap())
        .env("FAIL_CALL", call)
        .env("FAIL_ERRNO", errno.to_string())
        .env("FAIL_AT", at.to_string());
    command
}

/// The journal's disk does not answer: neither do the threads that wait for it, and the signals are heard all the same.
#[test]
fn two_signals_end_a_run_whose_disk_does_not_answer() {
    let place = Place::new(STUDY);
    fs::create_dir(place.path("results")).unwrap();
    let mut command = failing(&place, &["run", "study.toml", "-j", "2", "-q"], "fsync", 0, 12);
    command.env("FAIL_ERRNO", "hang").env("FAKE_WORKER", "*/*=slow:50");
    command.env("FAIL_MARK", place.path("hangs"));
    let mut runner = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    wait_for("a worker", || !children(runner.id()).is_empty());
    wait_for("the disk to hang", || place.path("hangs").exists());
    let workers = children(runner.id());
    signal(&runner, Signal::SIGTERM);
    std::thread::sleep(Duration::from_millis(100));
    signal(&runner, Signal::SIGTERM);
    let asked = Instant::now();
    let status = runner.wait().unwrap();
    assert!(asked.elapsed() < Duration::from_secs(20), "{:?}", asked.elapsed());
    assert_eq!(status.signal(), Some(9), "{status}");
    let is_over = |pid: &u32| {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat"));
        stat.map_or(true, |stat| stat.contains(") Z "))
    };
    wait_for("the workers to end", || workers.iter().all(is_over));
    place.fake(&["run", "study.toml"], "").assert().code(0);
    assert_eq!(place.curves("results/tiny").len(), 6);
}

/// Few threads, or none: a message, or all is done with fewer.
#[test]
fn a_want_of_threads_is_no_panic() {
    for threads in [0, 1, 4, 9, 13, 20, 40] {
        let place = Place::new(STUDY);
        let mut command = place.program(&["run", "study.toml"], Some(""));
        command
            .env("LD_PRELOAD", failing_calls())
            .env("FAIL_PROGRAM", "seedband")
            .env("FAIL_THREADS", threads.to_string());
        let (status, _, err) = said(&mut assert_cmd::Command::from_std(command));
        assert!([0, 96, 100].contains(&status), "{threads}: {status}: {err}");
        assert!(!err.contains("panicked"), "{threads}: {err}");
        place.fake(&["run", "study.toml"], "").assert().code(0);
        assert_eq!(place.curves("results/tiny").len(), 6);
    }
}

/// EIO, EACCES, ENOSPC, ESTALE and EMFILE on Linux.
const ERRORS: [i32; 5] = [5, 13, 28, 116, 24];

const CALLS: [&str; 8] = ["open", "write", "fsync", "rename", "link", "mkdir", "unlink", "read"];

#[test]
fn one_call_that_fails_costs_no_study() {
    let whole = Place::new(STUDY);
    whole.fake(&["run", "study.toml"], "").assert().code(0);
    let whole = whole.curves("results/tiny");
    let (mut failed, mut tried) = (0, 0);
    for (number, call) in CALLS.iter().enumerate() {
        for (turn, at) in [1, 2, 4, 9, 20, 50].into_iter().enumerate() {
            let errno = ERRORS[(number + turn) % ERRORS.len()];
            let place = Place::new(STUDY);
            fs::create_dir(place.path("results")).unwrap();
            let command = failing(&place, &["run", "study.toml"], call, errno, at);
            let (status, _, err) = said(&mut assert_cmd::Command::from_std(command));
            let what = format!("{call} {at} failed with {errno}: {status}: {err}");
            assert!([0, 5, 96, 100].contains(&status), "{what}");
            assert!(!err.contains("panicked"), "{what}");
            tried += 1;
            failed += usize::from(status != 0);
            for (name, curve) in place.curves("results/tiny") {
                let expected = whole.iter().find(|(known, _)| *known == name);
                assert_eq!(expected.map(|(_, curve)| curve), Some(&curve), "{what}");
            }
            let (status, _, err) = said(&mut place.fake(&["run", "study.toml"], ""));
            assert_eq!(status, 0, "{what}; and then {err}");
            assert_eq!(place.curves("results/tiny"), whole, "{what}");
            assert!(place.path("results/tiny/report/index.html").is_file(), "{what}");
        }
    }
    // Most are made good within the run; some cannot be.
    assert!((1..tried / 2).contains(&failed), "{failed} of {tried}");
}
