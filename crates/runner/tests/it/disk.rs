//! A disk that is really full: a small file system of its own, mounted in a name space that only the runner sees. This
//! test program runs itself there: see [`as_a_runner_on_a_small_disk`].

use crate::support::{Study, job, outcome, trial, watched, work};
use seedband_core::files::journal;
use seedband_core::files::journal::{Change, Entry};
use seedband_core::files::layout::StudyDir;
use seedband_runner::{RunError, RunEvent};
use seedband_testkit::files::files_below;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

const DISK: &str = "SEEDBAND_TEST_DISK";
const FREE: &str = "SEEDBAND_TEST_FREE";
const ENDS: &str = "SEEDBAND_TEST_ENDS";

/// Trials of each run here.
const TRIALS: u64 = 6;

/// Bytes and files that the small disk has room for.
const SIZE: usize = 512 << 10;
const INODES: usize = 512;

/// How the run ends.
#[derive(Clone, Copy, PartialEq)]
enum Ends {
    /// Room is made after a while.
    Freed,
    /// Nobody makes room, and the run is told to stop at once.
    Killed,
}

/// Not a test by itself: a runner on a disk with little room. What it files is copied to where there is more, for the
/// test to look at.
#[test]
fn as_a_runner_on_a_small_disk() {
    let (Ok(disk), Ok(free), Ok(ends)) = (std::env::var(DISK), std::env::var(FREE), std::env::var(ENDS)) else {
        return;
    };
    let disk = PathBuf::from(disk);
    let ballast = disk.join("ballast");
    fs::create_dir(&ballast).unwrap();
    let (unit, free) = free.split_once(':').unwrap();
    let free: usize = free.parse().unwrap();
    if unit == "bytes" {
        fs::write(ballast.join("all"), vec![1; SIZE - free]).unwrap();
    } else {
        // The root of the disk, the folder of the ballast and an allowance of the kernel are files too.
        let mut names = 0..;
        while fs::write(ballast.join(names.next().unwrap().to_string()), "").is_ok() {}
        for number in 0..free {
            fs::remove_file(ballast.join(number.to_string())).unwrap();
        }
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let ends = if ends == "freed" { Ends::Freed } else { Ends::Killed };
    let said = runtime.block_on(run(&disk, &ballast, ends));
    copy(&disk.join("study"), &disk.with_file_name("copy"));
    fs::write(disk.with_file_name("said"), said).unwrap();
}

/// Not a test by itself: a journal that is written until the disk is full, in the middle of a line, and on when there
/// is room again.
#[test]
fn as_a_journal_on_a_small_disk() {
    let Ok(disk) = std::env::var(DISK) else { return };
    let disk = PathBuf::from(disk);
    let ballast = disk.join("ballast");
    fs::write(&ballast, vec![1; SIZE - (8 << 10)]).unwrap();
    let path = disk.join("journal.jsonl");
    let mut journal = journal::Writer::create(&path, "runner").unwrap();
    let entry = |attempt| Entry {
        at: "2026-01-01T00:00:00Z".parse().unwrap(),
        trial: trial(0).id,
        attempt,
        change: Change::Interrupted,
    };
    let full = (1..1000)
        .find(|attempt| journal.append(&entry(*attempt)).is_err())
        .unwrap();
    let written = fs::metadata(&path).unwrap().len();
    fs::remove_file(ballast).unwrap();
    journal.append(&entry(full)).unwrap();
    journal.sync().unwrap();
    let read = journal::read(&path).unwrap();
    assert_eq!(read.entries, (1..=full).map(entry).collect::<Vec<_>>());
    // A page and more, so that it was not simply the first line that found no room.
    assert!(written > 4096, "{written}");
}

#[test]
fn a_journal_goes_on_after_a_line_that_did_not_fit() {
    let study = Study::new();
    let disk = study.beside("disk");
    fs::create_dir(&disk).unwrap();
    if !on_small_disk(&disk, &["true"], "", "").status.success() {
        return;
    }
    let program = std::env::current_exe().unwrap();
    let test = ["--exact", "disk::as_a_journal_on_a_small_disk", "--nocapture"];
    let command: Vec<&str> = [program.to_str().unwrap()].into_iter().chain(test).collect();
    let output = on_small_disk(&disk, &command, "", "");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

async fn run(disk: &Path, ballast: &Path, ends: Ends) -> String {
    let dir = StudyDir::new(disk.join("study"));
    fs::create_dir_all(dir.journals()).unwrap();
    let mut job = job(dir, work(0..TRIALS), 2, "*/*=slow:1");
    job.timeouts.disk_retry = Duration::from_millis(20);
    let (result, events) = watched(job, |event, control| {
        if matches!(event, RunEvent::DiskFull { .. }) {
            match ends {
                Ends::Freed => {
                    let ballast = ballast.to_path_buf();
                    std::thread::spawn(move || {
                        std::thread::sleep(Duration::from_millis(60));
                        fs::remove_dir_all(ballast).unwrap();
                    });
                }
                Ends::Killed => control.kill(),
            }
        }
    })
    .await;
    let count = |fits: fn(&RunEvent) -> bool| events.iter().filter(|event| fits(event)).count();
    let full = count(|event| matches!(event, RunEvent::DiskFull { .. }));
    let freed = count(|event| matches!(event, RunEvent::DiskFreed));
    match result {
        Ok(outcome) if outcome.storage_error.is_some() => format!("storage full {full} freed {freed}"),
        Ok(outcome) => format!(
            "finished {} failed {} full {full} freed {freed}",
            outcome.finished,
            outcome.failed.len()
        ),
        Err(RunError::Storage(error)) if error.is_disk_full() => format!("storage full {full} freed {freed}"),
        Err(error) => format!("{error:?}"),
    }
}

fn copy(from: &Path, to: &Path) {
    for path in files_below(from) {
        let target = to.join(path.strip_prefix(from).unwrap());
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(&path, target).unwrap();
    }
}

/// Runs a command with `disk` as a small file system.
fn on_small_disk(disk: &Path, command: &[&str], free: &str, ends: &str) -> Output {
    let mount = format!("mount -t tmpfs -o size={SIZE},nr_inodes={INODES} none \"$0\" && exec \"$@\"");
    Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", &mount])
        .arg(disk)
        .args(command)
        .env(DISK, disk)
        .env(FREE, free)
        .env(ENDS, ends)
        .output()
        .unwrap()
}

/// What the runner said at its end, and the files it left; none where this machine lets nobody mount.
fn left_by(free: &str, ends: &str) -> Option<(String, BTreeMap<PathBuf, String>)> {
    let study = Study::new();
    let disk = study.beside("disk");
    fs::create_dir(&disk).unwrap();
    if !on_small_disk(&disk, &["true"], "", "").status.success() {
        return None;
    }
    let program = std::env::current_exe().unwrap();
    let test = ["--exact", "disk::as_a_runner_on_a_small_disk", "--nocapture"];
    let command: Vec<&str> = [program.to_str().unwrap()].into_iter().chain(test).collect();
    let output = on_small_disk(&disk, &command, free, ends);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{free} {ends}: {errors}");
    let copy = study.beside("copy");
    let found = files_below(&copy).into_iter().map(|path| {
        let name = path.strip_prefix(&copy).unwrap().to_path_buf();
        (name, fs::read_to_string(&path).unwrap())
    });
    Some((fs::read_to_string(study.beside("said")).unwrap(), found.collect()))
}

/// Where a file system cannot be mounted, as in some containers, this says so and checks nothing.
#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::print_stderr, reason = "a test that checks nothing has to say so")]
async fn a_full_disk_is_waited_out_and_no_curve_is_lost() {
    let whole = Study::new();
    outcome(whole.job(0..TRIALS, 1, "")).await;
    let whole = whole.curves();
    let mut met = 0;
    // So that every kind of file is the one that does not fit.
    let free = (12..=104).step_by(8).map(|kib| format!("bytes:{}", kib << 10));
    for free in free.chain((8..=56).step_by(4).map(|files| format!("files:{files}"))) {
        let Some((said, files)) = left_by(&free, "freed") else {
            eprintln!("this machine lets nobody mount a file system: a full disk is not tried");
            return;
        };
        assert!(
            said.starts_with(&format!("finished {TRIALS} failed 0 ")),
            "{free}: {said}"
        );
        met += usize::from(said.ends_with("full 1 freed 1"));
        let curves = files.iter().filter(|(path, _)| path.ends_with("curve.jsonl"));
        let curves: BTreeMap<PathBuf, String> = curves.map(|(path, text)| (path.clone(), text.clone())).collect();
        assert_eq!(curves, whole, "{free}");
        // Each trial was run once: a full disk fails none, interrupts none, and leaves no half of an attempt.
        for name in ["attempt.json", "log"] {
            let attempts = files.keys().filter(|path| path.ends_with(name)).count();
            assert_eq!(attempts, whole.len(), "{free} {name}");
        }
        let hidden = |path: &&PathBuf| {
            path.file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with('.'))
        };
        assert_eq!(files.keys().find(hidden), None, "{free}");
    }
    assert!(met >= 15, "the disk was full in {met} runs only");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_waits_for_room_can_be_stopped() {
    let mut met = 0;
    for kib in (12..=108).step_by(16) {
        let Some((said, files)) = left_by(&format!("bytes:{}", kib << 10), "killed") else {
            return;
        };
        // Killed in the middle of a wait, it either had nothing to write any more or says what it could not.
        assert!(
            said.starts_with("storage full 1 freed 0") || said.starts_with("finished "),
            "{kib}: {said}"
        );
        met += usize::from(said.contains("full 1"));
        for (path, text) in files.iter().filter(|(path, _)| path.ends_with("curve.jsonl")) {
            assert!(text.ends_with('\n') && text.lines().count() > 20, "{}", path.display());
        }
    }
    assert!(met >= 3, "the disk was full in {met} runs only");
}
