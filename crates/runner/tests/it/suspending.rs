//! Runners that are stopped and continued, with their workers or alone.

use crate::processes::{Runner, impatient_runner, runner, running, worker};
use crate::support::{Study, outcome};
use nix::sys::signal::Signal;
use seedband_testkit::process::{is_stopped, wait_for};
use std::time::Duration;

/// The patience of the runners here, in seconds, and a sleep that is longer.
const PATIENCE: u32 = 3;
const LONG: Duration = Duration::from_millis(3500);

#[tokio::test(flavor = "multi_thread")]
async fn ctrl_z_stops_all_workers_and_what_goes_on_is_the_same() {
    let (study, whole) = (Study::new(), Study::new());
    outcome(whole.job(0..4, 2, "")).await;

    let child = runner(&study, "*/*=slow:50");
    wait_for("both workers", || {
        worker(&study, 0).is_some() && worker(&study, 1).is_some()
    });
    let all = [child.pid(), worker(&study, 0).unwrap(), worker(&study, 1).unwrap()];
    assert!(!all.iter().any(|pid| is_stopped(pid)));
    for _ in 0..2 {
        child.signal(Signal::SIGTSTP);
        wait_for("all to be stopped", || all.iter().all(|pid| is_stopped(pid)));
        child.signal(Signal::SIGCONT);
        wait_for("all to go on", || !all.iter().any(|pid| is_stopped(pid)));
    }
    assert_eq!(child.outcome(&study), "finished 4 interrupted 0 left 0");
    assert_eq!(study.curves(), whole.curves());
}

#[test]
fn a_suspended_run_is_stopped_when_it_is_continued() {
    let study = Study::new();
    let child = runner(&study, "*/*=slow:50");
    wait_for("two to run", || running(&study) == 2);
    child.signal(Signal::SIGTSTP);
    wait_for("the runner to be stopped", || is_stopped(&child.pid()));
    child.signal(Signal::SIGTERM);
    child.signal(Signal::SIGCONT);
    assert_eq!(child.outcome(&study), "finished 2 interrupted 0 left 2");
}

/// Puts a runner to sleep for longer than its patience, by `how`; none of its limits may have passed meanwhile.
fn sleep_through(study: &Study, child: Runner, how: Signal) -> String {
    child.signal(how);
    wait_for("the runner to be stopped", || is_stopped(&child.pid()));
    std::thread::sleep(LONG);
    child.signal(Signal::SIGCONT);
    child.outcome(study)
}

#[test]
fn asleep_no_trial_runs_out_of_time() {
    // Alone, and with its workers.
    for how in [Signal::SIGSTOP, Signal::SIGTSTP] {
        let study = Study::new();
        let child = impatient_runner(&study, "*/*=slow:50", PATIENCE);
        wait_for("two to run", || {
            worker(&study, 0).is_some() && worker(&study, 1).is_some()
        });
        let ending = sleep_through(&study, child, how);
        assert_eq!(ending, "finished 4 interrupted 0 left 0", "{how}");
    }
}

#[test]
fn asleep_no_worker_is_late_to_be_ready() {
    let study = Study::new();
    let child = impatient_runner(&study, "start=late:1000", PATIENCE);
    wait_for("two to run", || running(&study) == 2);
    assert_eq!(worker(&study, 0), None);
    let ending = sleep_through(&study, child, Signal::SIGTSTP);
    assert_eq!(ending, "finished 4 interrupted 0 left 0");
}

#[test]
fn asleep_the_grace_period_does_not_pass() {
    let study = Study::new();
    let child = impatient_runner(&study, "*/*=slow:50", PATIENCE);
    wait_for("two to run", || {
        worker(&study, 0).is_some() && worker(&study, 1).is_some()
    });
    child.signal(Signal::SIGTERM);
    // Were both to arrive at once, it would be stopped before it is told to drain.
    std::thread::sleep(Duration::from_millis(100));
    let ending = sleep_through(&study, child, Signal::SIGTSTP);
    assert_eq!(ending, "finished 2 interrupted 0 left 2");
}
