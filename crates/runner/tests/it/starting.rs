//! Workers that do not come up.

use crate::support::{Study, finish, outcome, program_of};
use seedband_core::files::journal::Change;
use seedband_core::protocol::FailureClass;
use seedband_runner::{RunError, RunEvent, State, WorkerProgram};
use seedband_testkit::process::is_alive;
use std::time::Duration;

/// What the run says when no worker ever comes up.
async fn message(script: &str, change: impl FnOnce(&mut seedband_runner::Job)) -> String {
    let study = Study::new();
    let mut job = study.job(0..20, 2, script);
    job.timeouts.ready = Duration::from_secs(1);
    change(&mut job);
    let (result, events) = finish(job).await;
    let Err(RunError::NoDevice { message, log }) = result else {
        panic!("{script}: {result:?}")
    };
    assert!(log.starts_with(study.dir.root()) && log.is_file());
    // No trial is to blame. When the third fails to start, the other slot can be at a fourth.
    let count = |fits: fn(&RunEvent) -> bool| events.iter().filter(|event| fits(event)).count();
    assert!((3..=4).contains(&count(|event| matches!(event, RunEvent::TrialRetried { .. }))));
    assert_eq!(count(|event| matches!(event, RunEvent::TrialFailed { .. })), 0);
    assert_eq!(count(|event| matches!(event, RunEvent::DeviceExcluded { .. })), 1);
    assert!(study.curves().is_empty());
    message
}

#[tokio::test(flavor = "multi_thread")]
async fn a_study_is_not_ground_through_without_workers() {
    let exit = message("start=exit:127", |_| ()).await;
    assert!(
        exit.contains("exit status 127; its last log line: `error while loading shared libraries: libfake.so`"),
        "{exit}"
    );
    let crash = message("start=crash", |_| ()).await;
    assert!(crash.contains("killed by signal 9"), "{crash}");
    let silent = message("start=silent", |_| ()).await;
    assert_eq!(silent, "the worker was not ready after 1 s");
    let garbage = message("start=garbage", |_| ()).await;
    assert_eq!(garbage, "the worker's first line is not `ready`");
    let version = message("start=version:9", |_| ()).await;
    assert!(
        version.contains("speaks version 9 of the protocol, this program 2"),
        "{version}"
    );
    let missing = message("", |job| *program_of(job) = WorkerProgram::new("/no/such/worker")).await;
    assert!(missing.contains("cannot start `/no/such/worker`"), "{missing}");
}

#[tokio::test(flavor = "multi_thread")]
async fn trials_that_could_not_start_wait_for_the_next_run() {
    let study = Study::new();
    assert!(finish(study.job(0..2, 2, "start=exit:1")).await.0.is_err());
    assert_eq!(study.states(0..2), [State::Queued, State::Queued]);
    let attempt = study.attempt(0, 1);
    assert_eq!((attempt.worker, attempt.exit.as_deref()), (None, Some("exit status 1")));
    assert!(matches!(
        attempt.outcome,
        Change::Failed {
            class: FailureClass::CannotStart,
            again: true,
            ..
        }
    ));
    assert_eq!(outcome(study.job(0..2, 2, "")).await.finished, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_does_not_end_is_ended() {
    let study = Study::new();
    let mut job = study.job(0..2, 1, "end=linger");
    job.timeouts.exit = Duration::from_millis(200);
    assert_eq!(outcome(job).await.finished, 2);
    let log = study.log(0, 1);
    let pid = log.split_whitespace().nth(1).unwrap();
    assert!(!is_alive(pid));
}
