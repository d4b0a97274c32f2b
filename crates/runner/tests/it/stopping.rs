//! Stopping early.

use crate::support::{Study, outcome, watched};
use seedband_core::files::journal::Change;
use seedband_runner::{RunEvent, State};
use seedband_testkit::process::wait_for;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn drain_lets_running_trials_finish() {
    let study = Study::new();
    let mut started = 0;
    let (result, events) = watched(study.job(0..6, 2, "*/*=slow:20"), |event, control| {
        started += usize::from(matches!(event, RunEvent::TrialStarted { .. }));
        if started == 2 {
            control.drain();
        }
    })
    .await;
    let result = result.unwrap();
    assert_eq!(
        (result.finished, result.interrupted, result.left, result.failed.len()),
        (2, 0, 4, 0)
    );
    assert!(events.contains(&RunEvent::Draining {
        running: 2,
        grace: Duration::from_secs(30)
    }));
    assert_eq!(study.curves().len(), 2);
    assert_eq!(outcome(study.job(0..6, 2, "")).await.finished, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_grace_period_running_trials_are_interrupted() {
    let study = Study::new();
    let mut job = study.job(0..4, 2, "*/0=hang;*/1=stall");
    job.timeouts.grace = Duration::from_millis(300);
    let (result, events) = watched(job, |event, control| {
        if matches!(event, RunEvent::Step { step: 1, .. }) {
            control.drain();
        }
    })
    .await;
    let result = result.unwrap();
    assert_eq!((result.finished, result.interrupted, result.left), (0, 2, 2));
    assert_eq!(
        events
            .iter()
            .filter(|event| matches!(event, RunEvent::TrialInterrupted { .. }))
            .count(),
        2
    );
    assert_eq!(study.last(1), Change::Interrupted);
    assert_eq!(study.attempt(0, 1).outcome, Change::Interrupted);
    let interrupted = || State::Interrupted { attempt: 1 };
    assert_eq!(study.states(0..3), [interrupted(), interrupted(), State::Queued]);
    assert!(study.curves().is_empty());
    assert_eq!(outcome(study.job(0..4, 2, "")).await.finished, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn kill_does_not_wait() {
    for script in ["*/*=hang", "start=silent"] {
        let study = Study::new();
        let job = study.job(0..4, 2, script);
        let (result, _) = watched(job, |event, control| {
            if matches!(event, RunEvent::Planned { .. }) {
                let (control, states) = (control.clone(), study.dir.clone());
                std::thread::spawn(move || {
                    wait_for("both to run", || {
                        let entries = seedband_core::files::journal::read_all(&states.journals())
                            .unwrap_or_default()
                            .entries;
                        entries.len() == 2
                    });
                    control.kill();
                });
            }
        })
        .await;
        let result = result.unwrap();
        assert_eq!(
            (result.interrupted, result.left, result.failed.len()),
            (2, 2, 0),
            "{script}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_was_stopped_before_it_began_starts_nothing() {
    let study = Study::new();
    let (result, _) = watched(study.job(0..4, 2, ""), |_, _| ()).await;
    assert_eq!(result.unwrap().finished, 4);
    let control = seedband_runner::Control::new();
    control.drain();
    let (sender, _receiver) = tokio::sync::mpsc::unbounded_channel();
    let result = seedband_runner::run(study.job(4..7, 2, ""), control, sender)
        .await
        .unwrap();
    assert_eq!((result.finished, result.left), (0, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_run_gives_its_claims_back() {
    let study = Study::new();
    let (sender, mut events) = tokio::sync::mpsc::unbounded_channel();
    let job = study.job(0..2, 2, "*/*=stall");
    let running = tokio::spawn(seedband_runner::run(job, seedband_runner::Control::new(), sender));
    while !matches!(events.recv().await, Some(RunEvent::Step { .. })) {}
    running.abort();
    assert!(running.await.unwrap_err().is_cancelled());
    assert!(study.curves().is_empty());
    assert_eq!(outcome(study.job(0..2, 2, "")).await.finished, 2);
}
