//! Trials that fail, one by one, while the others go on.

use crate::support::{Study, finish, outcome, trial};
use seedband_core::files::curve::End;
use seedband_core::files::journal::Change;
use seedband_core::protocol::FailureClass;
use seedband_runner::{RunEvent, State};
use seedband_testkit::process::is_alive;

/// Seed 1 misbehaves between two others on one slot: its class, and what its message contains.
async fn check(behaviour: &str, class: FailureClass, says: &str) {
    let study = Study::new();
    let (result, events) = finish(study.job(0..3, 1, &format!("a/1={behaviour}"))).await;
    let result = result.unwrap();
    assert_eq!(
        (result.finished, result.failed.len()),
        (2, 1),
        "{behaviour}: {result:?}"
    );
    let failed = &result.failed[0];
    assert_eq!(
        (failed.class, failed.trial.seed),
        (class, 1),
        "{behaviour}: {}",
        failed.message
    );
    assert!(failed.message.contains(says), "{behaviour}: {}", failed.message);
    assert_eq!(
        failed.log.as_deref(),
        Some(study.folder(1).attempt(1).join("log").as_path())
    );
    let change = Change::Failed {
        class,
        message: failed.message.clone(),
        again: false,
    };
    assert_eq!(study.last(1), change);
    assert_eq!(study.attempt(1, 1).outcome, change);
    let state = State::Failed {
        attempt: 1,
        class,
        message: failed.message.clone(),
    };
    assert_eq!(study.states(1..2), [state]);
    assert_eq!(study.curves().len(), 2, "{behaviour}");
    assert!(
        events
            .iter()
            .any(|event| matches!(event, RunEvent::TrialFailed { slot: 0, .. }))
    );

    let again = outcome(study.job(0..3, 1, "")).await;
    assert_eq!((again.already, again.finished), (2, 1), "{behaviour}");
    assert!(matches!(
        study.attempt(1, 2).outcome,
        Change::Finished {
            end: End::Completed,
            ..
        }
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_dies_fails_its_trial_alone() {
    check(
        "crash",
        FailureClass::LostWorker,
        "killed by signal 9 (SIGKILL); its last log line: `trial a/1: crash`",
    )
    .await;
    check(
        "exit:3",
        FailureClass::LostWorker,
        "exit status 3; its last log line: `out of ideas`",
    )
    .await;
    // The same on a worker that was started for the trial.
    let study = Study::new();
    let result = outcome(study.job(0..2, 1, "*/*=crash")).await;
    assert_eq!((result.finished, result.failed.len()), (0, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_protocol_forbids_fails_the_trial() {
    for (behaviour, says) in [
        ("garbage", "the worker said `epoch 1: loss 2.31`, which is no event"),
        ("wrong-trial", "`somebody else's`"),
        ("gap", "step 3 where step 2 was expected"),
        ("miscount", "counts 19 steps, it sent 20"),
        ("nan-midway", "step 3 after a loss that is not finite"),
        ("too-many", "more than the 20 steps"),
        (
            "other-rates",
            "trained step 0 with a learning rate of 1.0099999999999999e-7 where 1e-7 is planned",
        ),
        ("flood", "a line that is too long"),
    ] {
        check(behaviour, FailureClass::Protocol, says).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn half_a_line_is_not_half_an_event() {
    let study = Study::new();
    let result = outcome(study.job(0..1, 1, "*/*=half-line")).await;
    assert_eq!(result.failed[0].class, FailureClass::LostWorker);
    assert!(
        result.failed[0].message.contains("exit status 0"),
        "{}",
        result.failed[0].message
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reported_failure_keeps_its_class_and_the_worker_where_that_is_fit() {
    for (reported, class, workers) in [
        ("bad-data", FailureClass::BadData, 1),
        ("internal", FailureClass::Internal, 2),
        // The worker's device is the CPU, whose memory is the machine's.
        ("out-of-memory", FailureClass::HostOutOfMemory, 2),
    ] {
        let study = Study::new();
        let (result, events) = finish(study.job(0..3, 1, &format!("a/1=fail:{reported}"))).await;
        let result = result.unwrap();
        assert_eq!(result.failed[0].class, class);
        assert_eq!(result.failed[0].message, "as the script says");
        let ready = |event: &&RunEvent| matches!(event, RunEvent::SlotReady { .. });
        assert_eq!(events.iter().filter(ready).count(), workers, "{reported}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_is_ended_by_the_time_out_and_nothing_is_left_of_the_worker() {
    for behaviour in ["hang", "stall", "child"] {
        let study = Study::new();
        let mut job = study.job(0..3, 2, &format!("a/1={behaviour}"));
        job.settings.timeout = Some("1500ms".into());
        let result = outcome(job).await;
        assert_eq!((result.finished, result.failed.len()), (2, 1), "{behaviour}");
        assert_eq!(result.failed[0].class, FailureClass::TimedOut);
        assert_eq!(result.failed[0].message, "the trial took longer than 1.5 s");
        assert_eq!(study.curves().len(), 2);
        if behaviour == "child" {
            let log = study.log(1, 1);
            let child = log.lines().find_map(|line| line.strip_prefix("child ")).unwrap();
            assert!(!is_alive(child));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_ends_after_a_trial_does_not_harm_the_next() {
    let study = Study::new();
    let result = outcome(study.job(0..4, 1, "*/*=finish-exit")).await;
    assert_eq!((result.finished, result.failed.len()), (4, 0), "{result:?}");
    assert_eq!(study.curves().len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_speaks_out_of_turn_is_not_trusted() {
    let study = Study::new();
    let result = outcome(study.job(0..3, 1, "*/0=finish-speak")).await;
    assert_eq!((result.finished, result.failed.len()), (2, 1));
    assert_eq!(result.failed[0].class, FailureClass::Protocol);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_megabyte_of_log_does_not_block() {
    let study = Study::new();
    assert_eq!(outcome(study.job(0..2, 1, "*/*=long-log")).await.finished, 2);
    assert!(study.log(1, 1).len() > 1_000_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn other_data_than_before_is_refused() {
    let study = Study::new();
    assert_eq!(outcome(study.job(0..2, 1, "data=aaaa")).await.finished, 2);
    let result = outcome(study.job(0..4, 1, "data=bbbb")).await;
    assert_eq!((result.already, result.finished, result.failed.len()), (2, 0, 2));
    for failed in &result.failed {
        assert_eq!(failed.class, FailureClass::BadData);
        assert!(
            failed
                .message
                .contains("differs from what the study was run on (fingerprint `bbbb`, before `aaaa`)")
        );
    }
    assert_eq!(study.curves().len(), 2);
    assert_eq!(outcome(study.job(0..4, 2, "data=aaaa")).await.finished, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_that_begin_alike_do_not_share_a_folder() {
    let study = Study::new();
    let mut other = trial(0);
    other.id = format!("{}{}", other.id.short(), "0".repeat(24)).into();
    std::fs::create_dir_all(study.folder(0).root()).unwrap();
    seedband_core::files::fsio::write_json(&study.folder(0).trial(), &other).unwrap();
    let result = outcome(study.job(0..2, 1, "")).await;
    assert_eq!((result.finished, result.failed.len()), (2, 0));
    assert!(!study.folder(0).attempts().exists(), "it is the other trial's");
    let own = study.dir.trial_by_whole_id(&trial(0));
    assert!(own.curve().is_file());
    assert_eq!(own.owner().unwrap(), Some(trial(0).id));
    let states = study.states(0..2);
    assert!(states.iter().all(State::has_curve), "{states:?}");
    // It is found again, and nothing is trained twice.
    let result = outcome(study.job(0..2, 1, "")).await;
    assert_eq!((result.already, result.finished), (2, 0));
}

/// A folder that is named by all digits of an id can be another trial's only if a person has made it so.
#[tokio::test(flavor = "multi_thread")]
async fn a_folder_of_another_trial_is_never_written_into() {
    let study = Study::new();
    let whole = study.dir.trial_by_whole_id(&trial(0));
    let mut other = trial(0);
    other.id = format!("{}{}", other.id.short(), "0".repeat(24)).into();
    for folder in [&study.folder(0), &whole] {
        std::fs::create_dir_all(folder.root()).unwrap();
        seedband_core::files::fsio::write_json(&folder.trial(), &other).unwrap();
    }
    let result = outcome(study.job(0..2, 1, "")).await;
    assert_eq!((result.finished, result.failed.len()), (1, 1));
    assert_eq!(result.failed[0].class, FailureClass::Storage);
    assert!(
        result.failed[0]
            .message
            .contains(&format!("belongs to trial `{}`", other.id)),
        "{}",
        result.failed[0].message
    );
    assert!(!whole.attempts().exists());
    assert_eq!(study.curves().len(), 1);
}
