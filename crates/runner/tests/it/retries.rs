//! Trials that are tried again: when, where, how often, and among how many.

use crate::support::{Study, finish, on_devices, outcome, watched, with_shared_folder};
use seedband_core::files::journal::Change;
use seedband_core::protocol::FailureClass;
use seedband_core::settings::GpuSlots;
use seedband_runner::{Job, RunEvent, State};
use std::time::{Duration, Instant};

/// A job whose trials are tried again twice, after `pause` milliseconds and then twice as long, and whose workers know
/// of each other.
fn job(study: &Study, seeds: u64, slots: u32, script: &str, pause: u32) -> Job {
    let mut job = study.job(0..seeds, slots, script);
    job.settings.retries = 2;
    job.settings.retry_delay = format!("{pause}ms");
    with_shared_folder(study, job)
}

fn put_off(events: &[RunEvent]) -> Vec<(FailureClass, Duration)> {
    let of = |event: &RunEvent| match event {
        RunEvent::TrialRetried { class, pause, .. } => Some((*class, *pause)),
        _ => None,
    };
    events.iter().filter_map(of).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_that_passes_costs_a_pause_and_no_curve() {
    let (study, whole) = (Study::new(), Study::new());
    outcome(whole.job(0..3, 1, "")).await;
    let start = Instant::now();
    let (result, events) = finish(job(&study, 3, 1, "a/1=times:2:crash", 40)).await;
    let result = result.unwrap();
    assert_eq!((result.finished, result.failed.len()), (3, 0), "{result:?}");
    let pauses = [Duration::from_millis(40), Duration::from_millis(80)];
    assert_eq!(put_off(&events), pauses.map(|pause| (FailureClass::LostWorker, pause)));
    assert!(start.elapsed() >= Duration::from_millis(120));
    assert_eq!(study.curves(), whole.curves());
    for number in [1, 2] {
        let attempt = study.attempt(1, number);
        assert!(matches!(attempt.outcome, Change::Failed { again: true, .. }));
        assert_eq!(attempt.exit.as_deref(), Some("killed by signal 9 (SIGKILL)"));
        assert!(attempt.started <= attempt.ended);
    }
    assert_eq!(study.attempt(1, 3).exit, None);
    // While one trial paused, the next one had its turn.
    let finished: Vec<u64> = events
        .iter()
        .filter_map(|event| match event {
            RunEvent::TrialFinished { trial, .. } => Some(trial.seed),
            _ => None,
        })
        .collect();
    assert_eq!(finished, [0, 2, 1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn retries_come_to_an_end() {
    let study = Study::new();
    let (result, events) = finish(job(&study, 2, 1, "a/1=times:3:exit:3", 1)).await;
    let result = result.unwrap();
    assert_eq!(
        (result.finished, result.failed.len(), put_off(&events).len()),
        (1, 1, 2)
    );
    assert_eq!(
        (result.failed[0].class, result.failed[0].attempts),
        (FailureClass::LostWorker, 3)
    );
    assert!(matches!(study.states(1..2)[..], [State::Failed { attempt: 3, .. }]));
    // The next run starts to count anew.
    assert_eq!(outcome(job(&study, 2, 1, "a/1=times:3:exit:3", 1)).await.finished, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_would_fail_in_the_same_way_is_not_tried_again() {
    for (behaviour, class) in [
        ("fail:bad-data", FailureClass::BadData),
        ("fail:bad-study", FailureClass::BadStudy),
        ("garbage", FailureClass::Protocol),
        ("diverge:0", FailureClass::NonFiniteStart),
    ] {
        let study = Study::new();
        let (result, events) = finish(job(&study, 2, 1, &format!("a/1={behaviour}"), 1)).await;
        let failed = result.unwrap().failed;
        assert_eq!((failed.len(), failed[0].class, failed[0].attempts), (1, class, 1));
        assert!(put_off(&events).is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_out_is_tried_again() {
    let study = Study::new();
    let mut job = job(&study, 2, 2, "a/1=times:1:hang", 1);
    job.settings.timeout = Some("1s".into());
    let (result, events) = finish(job).await;
    assert_eq!(result.unwrap().finished, 2);
    assert_eq!(put_off(&events), [(FailureClass::TimedOut, Duration::from_millis(1))]);
    assert_eq!(study.attempt(1, 1).exit.as_deref(), Some("killed by the runner"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_short_of_memory_takes_fewer_at_once_and_the_study_remembers() {
    let (study, whole) = (Study::new(), Study::new());
    outcome(whole.job(0..16, 1, "")).await;
    let crowded = |seeds| {
        let mut job = on_devices(&study, job(&study, seeds, 1, "*/*=at-most:2", 1), &["GPU-a"], "");
        job.settings.gpu_slots = GpuSlots::Count(4);
        job
    };
    let (result, events) = finish(crowded(12)).await;
    let result = result.unwrap();
    assert_eq!((result.finished, result.failed.len()), (12, 0), "{result:?}");
    let fewer = |events: &[RunEvent]| {
        let of = |event: &RunEvent| match event {
            RunEvent::SlotsReduced { device, slots, .. } => Some((device.clone(), *slots)),
            _ => None,
        };
        events.iter().filter_map(of).collect::<Vec<_>>()
    };
    // How many were at once when it was first met is chance; how many fit is not.
    assert_eq!(fewer(&events).last(), Some(&("cuda:0".to_owned(), 2)));
    assert!(
        put_off(&events)
            .iter()
            .all(|(class, _)| *class == FailureClass::OutOfMemory)
    );

    let (result, events) = finish(crowded(16)).await;
    assert_eq!(result.unwrap().finished, 4);
    assert_eq!(fewer(&events), [("cuda:0".to_owned(), 2)]);
    assert!(put_off(&events).is_empty());
    assert_eq!(study.curves(), whole.curves());
}

/// The same for the machine's memory, which trials on the CPU share.
#[tokio::test(flavor = "multi_thread")]
async fn a_machine_short_of_memory_takes_fewer_at_once_and_the_study_remembers() {
    let study = Study::new();
    let fewer = |events: &[RunEvent]| {
        let of = |event: &RunEvent| match event {
            RunEvent::SlotsReduced { device, slots, .. } if device == "this machine" => Some(*slots),
            _ => None,
        };
        events.iter().filter_map(of).next_back()
    };
    let (result, events) = finish(job(&study, 12, 4, "*/*=at-most:2", 1)).await;
    let result = result.unwrap();
    assert_eq!((result.finished, result.failed.len()), (12, 0), "{result:?}");
    assert_eq!(fewer(&events), Some(2));
    let class = |(class, _): &(FailureClass, Duration)| *class == FailureClass::HostOutOfMemory;
    assert!(!put_off(&events).is_empty() && put_off(&events).iter().all(class));

    let (result, events) = finish(job(&study, 16, 4, "*/*=at-most:2", 1)).await;
    assert_eq!((result.unwrap().finished, fewer(&events)), (4, Some(2)));
    assert!(put_off(&events).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trial_that_is_short_of_memory_alone_fails_in_the_end() {
    let study = Study::new();
    let (result, events) = finish(job(&study, 1, 2, "*/*=fail:out-of-memory", 1)).await;
    let failed = &result.unwrap().failed[0];
    assert_eq!((failed.class, failed.attempts), (FailureClass::HostOutOfMemory, 3));
    assert!(
        !events
            .iter()
            .any(|event| matches!(event, RunEvent::SlotsReduced { .. }))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_dies_is_excluded_and_its_trials_go_elsewhere() {
    let (study, whole) = (Study::new(), Study::new());
    outcome(whole.job(0..12, 1, "")).await;
    let dying = "[ \"$CUDA_VISIBLE_DEVICES\" = MIG-dying ] && export FAKE_WORKER='*/0=slow:1;*/*=fail:lost-device'";
    let job = job(&study, 12, 1, "*/*=slow:2", 1);
    let (result, events) = finish(on_devices(&study, job, &["MIG-dying", "3"], dying)).await;
    let result = result.unwrap();
    assert_eq!((result.finished, result.failed.len()), (12, 0), "{result:?}");
    assert_eq!(put_off(&events), [(FailureClass::LostDevice, Duration::ZERO); 3]);
    let excluded = |event: &&RunEvent| matches!(event, RunEvent::DeviceExcluded { device, .. } if device == "cuda:0");
    assert_eq!(events.iter().filter(excluded).count(), 1);
    assert_eq!(study.curves(), whole.curves());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trial_that_failed_on_one_device_is_tried_on_another() {
    let study = Study::new();
    let bad = "[ \"$CUDA_VISIBLE_DEVICES\" = GPU-bad ] && export FAKE_WORKER='*/*=crash'";
    let mut job = job(&study, 6, 1, "*/*=slow:5", 1);
    job.settings.retries = 1;
    let result = outcome(on_devices(&study, job, &["GPU-bad", "GPU-good"], bad)).await;
    assert_eq!((result.finished, result.failed.len()), (6, 0), "{result:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_too_many_failures_no_trial_begins_and_running_ones_finish() {
    let study = Study::new();
    let mut job = job(
        &study,
        10,
        2,
        "a/0=slow:40;a/1=fail:bad-data;a/2=fail:bad-data;*/*=slow:1",
        1,
    );
    job.settings.max_fails = Some(2);
    let (result, events) = finish(job).await;
    let result = result.unwrap();
    assert!(result.gave_up);
    assert_eq!(
        (result.failed.len(), result.finished, result.interrupted),
        (2, 1, 0),
        "{result:?}"
    );
    assert_eq!(result.left, 7);
    assert!(events.contains(&RunEvent::GaveUp { failed: 2 }));
    assert_eq!(outcome(study.job(0..10, 2, "")).await.finished, 9);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_stopped_does_not_wait_for_a_pause() {
    let study = Study::new();
    let job = job(&study, 2, 1, "a/0=times:1:crash", 3_600_000);
    let (result, _) = watched(job, |event, control| {
        if matches!(event, RunEvent::TrialFinished { .. }) {
            control.drain();
        }
    })
    .await;
    let result = result.unwrap();
    assert_eq!(
        (result.finished, result.failed.len(), result.left),
        (1, 0, 1),
        "{result:?}"
    );
    assert_eq!(study.states(0..1), [State::Queued]);
    assert_eq!(outcome(study.job(0..2, 1, "")).await.finished, 1);
}
