//! What is on disk after a run.

use crate::support::{STEPS, Study, finish, outcome, train, trial, work};
use seedband_core::files::curve::{Curve, End};
use seedband_core::files::journal::Change;
use seedband_core::range_test::EarlyStop;
use seedband_core::range_test::{Smoothing, SmoothingKind, Stop};
use seedband_core::trial::Trial;
use seedband_runner::{Outcome, Plan, RunEvent, State, StatusReader};
use seedband_testkit::files::files_below;

fn halt(factor: f64) -> Vec<EarlyStop> {
    let smoothing = Smoothing {
        kind: SmoothingKind::None,
        ..Smoothing::default()
    };
    vec![EarlyStop {
        smoothing,
        stop: Stop {
            factor: Some(factor),
            ..Stop::default()
        },
    }]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_leaves_curves_attempts_and_a_journal() {
    let study = Study::new();
    let (result, events) = finish(study.job(0..3, 1, "")).await;
    let expected = Outcome {
        finished: 3,
        workers: vec!["fake-worker 0.2.0 on cpu (no libraries)".into()],
        ..Outcome::default()
    };
    assert_eq!(result.unwrap(), expected);
    assert_eq!(study.curves().len(), 3);

    assert_eq!(
        events[0],
        RunEvent::Planned {
            to_run: 3,
            finished: 0,
            slots: 1
        }
    );
    let count = |fits: fn(&RunEvent) -> bool| events.iter().filter(|event| fits(event)).count();
    // One worker trains trial after trial.
    assert_eq!(count(|event| matches!(event, RunEvent::SlotReady { .. })), 1);
    assert_eq!(
        count(|event| matches!(
            event,
            RunEvent::TrialStarted {
                steps: 20,
                attempt: 1,
                ..
            }
        )),
        3
    );
    assert_eq!(count(|event| matches!(event, RunEvent::Step { .. })), 3 * STEPS);
    assert_eq!(
        count(|event| matches!(
            event,
            RunEvent::TrialFinished {
                end: End::Completed,
                steps: 20,
                ..
            }
        )),
        3
    );

    let curve = Curve::read(&study.folder(1).curve()).unwrap();
    let rates: Vec<f64> = curve.steps.iter().map(|step| step.lr).collect();
    assert_eq!(rates, trial(1).recipe.schedule.used());
    let stored: Trial = seedband_core::files::fsio::read_json(&study.folder(1).trial()).unwrap();
    assert_eq!(stored, trial(1));

    let attempt = study.attempt(1, 1);
    assert!(attempt.started <= attempt.ended);
    assert_eq!(attempt.device, "cpu");
    assert_eq!(
        attempt.worker.as_deref(),
        Some("fake-worker 0.2.0 on cpu (no libraries)")
    );
    assert_eq!(
        attempt.outcome,
        Change::Finished {
            end: End::Completed,
            steps: 20,
            data: Some("fa4e".repeat(16)),
            weights: Some("(Weights, 1)".into()),
            parameters: Some(10),
            batch_size: Some(8),
        }
    );
    assert_eq!(study.log(1, 1), "trial a/1: finish\n");
    assert!(study.log(0, 1).contains("on cpu, CUDA_VISIBLE_DEVICES=``"));

    let changes: Vec<Change> = study.journal().into_iter().map(|entry| entry.change).collect();
    assert_eq!(changes.len(), 6);
    assert_eq!(changes[0], Change::Running { device: "cpu".into() });
    let Change::Finished { weights, .. } = &changes[1] else {
        panic!("{:?}", changes[1])
    };
    assert_eq!(weights.as_deref(), Some("(Weights, 0)"));
    assert_eq!(changes[3], attempt.outcome);
    assert_eq!(
        study.states(0..4)[2..],
        [
            State::Finished {
                end: End::Completed,
                steps: 20
            },
            State::Queued
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn curves_are_equal_to_the_byte_whatever_the_slots_and_the_order() {
    let (one, many) = (Study::new(), Study::new());
    outcome(one.job(0..7, 1, "")).await;
    let mut job = many.job(0..7, 4, "*/2=slow:5;*/5=slow:1");
    job.plan.to_run.reverse();
    outcome(job).await;
    assert_eq!(one.curves().len(), 7);
    assert_eq!(one.curves(), many.curves());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_run_trains_only_what_is_missing() {
    let study = Study::new();
    outcome(study.job(0..3, 2, "")).await;
    let before = study.curves();
    std::fs::remove_file(study.folder(1).curve()).unwrap();
    let text = std::fs::read_to_string(study.folder(2).curve()).unwrap();
    std::fs::write(study.folder(2).curve(), &text[..text.len() / 2]).unwrap();

    let (result, events) = finish(study.job(0..3, 2, "")).await;
    let result = result.unwrap();
    assert_eq!((result.already, result.finished), (1, 2));
    assert_eq!(study.curves(), before);
    assert!(
        events
            .iter()
            .any(|event| matches!(event, RunEvent::TrialStarted { attempt: 2, .. }))
    );
    assert_eq!(std::fs::read_dir(study.folder(0).attempts()).unwrap().count(), 1);
    assert_eq!(std::fs::read_dir(study.folder(1).attempts()).unwrap().count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_to_run_writes_nothing_and_needs_no_worker() {
    let study = Study::new();
    outcome(study.job(0..2, 1, "")).await;
    let files = files_below(study.dir.root());
    let mut job = study.job(0..2, 1, "start=crash");
    job.settings.devices = "cuda".into();
    job.machine.cuda.clear();
    let (result, events) = finish(job).await;
    assert_eq!(
        result.unwrap(),
        Outcome {
            already: 2,
            ..Outcome::default()
        }
    );
    assert_eq!(
        events,
        [
            RunEvent::Planned {
                to_run: 0,
                finished: 2,
                slots: 0
            },
            RunEvent::Done
        ]
    );
    assert_eq!(files_below(study.dir.root()), files);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_halted_trial_is_trained_again_only_for_a_laxer_rule() {
    let study = Study::new();
    let with = |halt| {
        let mut job = study.job(0..0, 1, "");
        job.plan = Plan::new(&study.dir, vec![train(0, halt)]).unwrap();
        job
    };
    assert_eq!(outcome(with(halt(2.0))).await.finished, 1);
    let short = Curve::read(&study.folder(0).curve()).unwrap();
    assert_eq!(short.end, End::StoppedEarly);
    assert!(short.steps.len() < STEPS);
    assert_eq!(outcome(with(halt(2.0))).await.already, 1);
    assert_eq!(outcome(with(halt(100.0))).await.finished, 1);
    let long = Curve::read(&study.folder(0).curve()).unwrap();
    assert_eq!((long.end, long.steps.len()), (End::Completed, STEPS));
    assert_eq!(long.steps[..short.steps.len()], short.steps);
    assert_eq!(outcome(with(vec![])).await.already, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn divergence_is_a_result() {
    let study = Study::new();
    assert_eq!(outcome(study.job(0..1, 1, "*/*=diverge:7")).await.finished, 1);
    assert_eq!(study.states(0..1), [State::Diverged { steps: 8 }]);
}

/// It remembers what it has read, and reads again what has changed.
#[tokio::test(flavor = "multi_thread")]
async fn an_observer_sees_curves_come_change_and_go() {
    let study = Study::new();
    let mut reader = StatusReader::new(study.dir.clone());
    let mut state = || reader.read(work(0..1)).unwrap().remove(0).state;
    assert_eq!(state(), State::Queued);
    outcome(study.job(0..1, 1, "")).await;
    let (end, steps) = (End::Completed, STEPS as u32);
    assert_eq!(state(), State::Finished { end, steps });
    let path = study.folder(0).curve();
    let whole = Curve::read(&path).unwrap();
    let (end, steps) = (End::NonFinite, whole.steps[..3].to_vec());
    let mut diverged = Curve { steps, end };
    diverged.steps[2].loss = f64::NAN;
    diverged.write(&path).unwrap();
    assert_eq!(state(), State::Diverged { steps: 3 });
    std::fs::write(&path, "damaged").unwrap();
    assert_eq!(state(), State::Queued);
    whole.write(&path).unwrap();
    assert!(matches!(state(), State::Finished { .. }));
    std::fs::remove_file(&path).unwrap();
    assert_eq!(state(), State::Queued);
}

#[tokio::test(flavor = "multi_thread")]
async fn configs_share_a_trial_wherever_it_lies() {
    let study = Study::new();
    let renamed = |name: &str| {
        let mut work = work(0..2);
        for train in &mut work {
            train.trial.config = name.into();
        }
        work
    };
    let mut job = study.job(0..2, 2, "");
    job.plan = Plan::new(&study.dir, work(0..2).into_iter().chain(renamed("b")).collect()).unwrap();
    assert_eq!(outcome(job).await.finished, 2);
    std::fs::remove_file(study.folder(1).curve()).unwrap();
    let mut job = study.job(0..0, 2, "");
    job.plan = Plan::new(&study.dir, renamed("c")).unwrap();
    let outcome = outcome(job).await;
    assert_eq!((outcome.already, outcome.finished), (1, 1));
    assert!(study.folder(1).curve().is_file());
    assert!(Plan::new(&study.dir, renamed("d")).unwrap().to_run.is_empty());
    assert_eq!(std::fs::read_dir(study.dir.trials()).unwrap().count(), 1);
}
