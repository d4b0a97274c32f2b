//! Trials that wait for others are planned while those go on.

use crate::support::{Study, finish, watched, work};
use seedband_core::protocol::FailureClass;
use seedband_runner::{DeferredTrials, Plannable, RunEvent};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// A gate that is closed at first.
#[derive(Default)]
struct Gate(Mutex<bool>, Condvar);

impl Gate {
    fn open(&self) {
        *self.0.lock().unwrap() = true;
        self.1.notify_all();
    }

    fn pass(&self) {
        let closed = self.0.lock().unwrap();
        drop(self.1.wait_while(closed, |is_open| !*is_open).unwrap());
    }
}

fn planning_failures(events: &[RunEvent]) -> Vec<&str> {
    let mut messages = Vec::new();
    for event in events {
        if let RunEvent::PlanningFailed { message } = event {
            messages.push(message.as_str());
        }
    }
    messages
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_of_planning_costs_no_trial_and_is_made_good() {
    let study = Study::new();
    let mut job = study.job(0..2, 2, "a/1=slow:20");
    let asked = AtomicUsize::new(0);
    job.deferred = Some(DeferredTrials::new(2, move || {
        if asked.fetch_add(1, Ordering::Relaxed) == 0 {
            return Err("a curve cannot be read".into());
        }
        let (ready, waiting) = (work(0..4), 0);
        Ok(Plannable { ready, waiting })
    }));
    let (result, events) = finish(job).await;
    let result = result.unwrap();
    assert_eq!(
        (result.finished, result.interrupted, result.waiting),
        (4, 0, 0),
        "{result:?}"
    );
    assert_eq!(result.planning_error, None);
    assert_eq!(planning_failures(&events), ["a curve cannot be read"]);
    let position = |fits: fn(&RunEvent) -> bool| events.iter().position(fits).unwrap();
    let told = position(|event| matches!(event, RunEvent::PlanningFailed { .. }));
    let slow = position(|event| matches!(event, RunEvent::TrialFinished { trial, .. } if trial.seed == 1));
    assert!(told < slow, "it was told while a trial was at work");
}

#[tokio::test(flavor = "multi_thread")]
async fn trials_that_cannot_be_planned_are_counted_with_the_reason() {
    let study = Study::new();
    let mut job = study.job(0..2, 1, "");
    job.deferred = Some(DeferredTrials::new(3, || Err("a curve cannot be read".into())));
    let (result, events) = finish(job).await;
    let result = result.unwrap();
    assert_eq!((result.finished, result.waiting), (2, 3), "{result:?}");
    assert_eq!(result.planning_error.as_deref(), Some("a curve cannot be read"));
    assert_eq!(planning_failures(&events), ["a curve cannot be read"]);
}

/// A run whose planning hangs, until after it has ended; `look` sees its events. Whether planning had ended before.
async fn hanging(look: impl FnMut(&RunEvent, &seedband_runner::Control)) -> (seedband_runner::Outcome, bool) {
    let study = Study::new();
    let mut job = study.job(0..2, 2, "a/1=stall");
    job.settings.timeout = Some("1s".into());
    let (gate, has_passed) = (Arc::new(Gate::default()), Arc::new(AtomicBool::new(false)));
    let (entry, passed) = (Arc::clone(&gate), Arc::clone(&has_passed));
    job.deferred = Some(DeferredTrials::new(1, move || {
        entry.pass();
        passed.store(true, Ordering::Relaxed);
        Ok(Plannable::default())
    }));
    // Should the run wait for its plan, it gets one in the end, and the test fails by that.
    let rescue = Arc::clone(&gate);
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_mins(1));
        rescue.open();
    });
    let (result, _) = watched(job, look).await;
    let was_planned = has_passed.load(Ordering::Relaxed);
    gate.open();
    (result.unwrap(), was_planned)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_stopped_does_not_wait_for_its_plan() {
    let (result, was_planned) = hanging(|event, control| {
        if matches!(event, RunEvent::TrialFinished { .. }) {
            control.kill();
        }
    })
    .await;
    assert!(!was_planned);
    assert_eq!(
        (result.finished, result.interrupted, result.left),
        (1, 1, 1),
        "{result:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_of_a_trial_runs_out_while_others_are_planned() {
    let (result, was_planned) = hanging(|event, control| {
        if matches!(event, RunEvent::TrialFailed { .. }) {
            control.drain();
        }
    })
    .await;
    assert!(!was_planned);
    let classes: Vec<FailureClass> = result.failed.iter().map(|failed| failed.class).collect();
    assert_eq!(
        (classes, result.finished),
        (vec![FailureClass::TimedOut], 1),
        "{result:?}"
    );
}
