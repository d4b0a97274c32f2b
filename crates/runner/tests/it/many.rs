//! Thousands of trials. This test program runs itself, so that the memory it looks at is that of one run: see
//! [`as_a_runner`].

use crate::support::Study;
use seedband_runner::{Control, RunEvent, run_blocking};
use std::process::Command;

const SAID: &str = "SEEDBAND_TEST_MANY";

const TRIALS: u64 = 5000;

/// Memory of this process that is in use, in KiB: `RssAnon` of `/proc/self/status` (`proc_pid_status(5)`).
fn resident() -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
    line.trim().strip_suffix(" kB").unwrap().parse().unwrap()
}

/// Not a test by itself: a run of many trials, and the memory in use after some of them and after all.
#[test]
fn as_a_runner() {
    let Ok(said) = std::env::var(SAID) else { return };
    let study = Study::new();
    let (mut finished, mut early, mut late) = (0, 0, 0);
    let outcome = run_blocking(study.job(0..TRIALS, 4, ""), &Control::new(), |event| {
        if matches!(event, RunEvent::TrialFinished { .. }) {
            finished += 1;
            match finished {
                // By then every buffer has its size.
                500 => early = resident(),
                TRIALS => late = resident(),
                _ => {}
            }
        }
    });
    assert_eq!(outcome.unwrap().finished as u64, TRIALS);
    std::fs::write(said, format!("{early} {late}")).unwrap();
}

/// What a run holds in memory is its plan; trials that have come and gone leave nothing there.
#[test]
fn memory_does_not_grow_with_the_trials_that_have_finished() {
    let study = Study::new();
    let said = study.beside("said");
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "many::as_a_runner", "--nocapture"])
        .env(SAID, &said)
        .status()
        .unwrap();
    assert!(status.success());
    let said = std::fs::read_to_string(said).unwrap();
    let (early, late) = said.split_once(' ').unwrap();
    let (early, late): (u64, u64) = (early.parse().unwrap(), late.parse().unwrap());
    // 4500 curves of 20 steps of 56 bytes, had they been kept, are 4.8 MiB, and the events of all trials, had they
    // piled up, 12.
    assert!(
        late < early + 2048,
        "{early} KiB after 500 trials, {late} KiB after {TRIALS}"
    );
}
