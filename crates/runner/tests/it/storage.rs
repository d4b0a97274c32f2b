//! Results that cannot be kept.

use crate::support::{Study, finish, job, watched, work};
use seedband_core::files::fsio::FsError;
use seedband_core::files::layout::StudyDir;
use seedband_runner::{RunError, RunEvent};

/// Nobody may make folders in sysfs, not even root.
#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_cannot_be_written_ends_the_run_at_once() {
    let dir = StudyDir::new("/sys/seedband-test");
    let (result, events) = finish(job(dir, work(0..3), 1, "")).await;
    let Err(RunError::Storage(error @ FsError::Io { .. })) = result else {
        panic!("{result:?}")
    };
    assert!(
        error
            .to_string()
            .contains("cannot create the folder `/sys/seedband-test`"),
        "{error}"
    );
    assert_eq!(events.len(), 2);
}

/// A folder in a curve's place: the write fails when the first trial ends.
#[tokio::test(flavor = "multi_thread")]
async fn a_curve_that_cannot_be_written_ends_the_run_and_leaves_no_part_of_it() {
    let study = Study::new();
    let (result, events) = watched(study.job(0..6, 2, "*/1=hang;*/*=slow:10"), |event, _| {
        if let RunEvent::TrialStarted { trial, .. } = event {
            std::fs::create_dir_all(study.folder(trial.seed).curve().join("in the way")).unwrap();
        }
    })
    .await;
    let Err(RunError::Storage(error)) = result else {
        panic!("{result:?}")
    };
    assert!(error.to_string().contains("curve.jsonl"), "{error}");
    assert!(
        !events
            .iter()
            .any(|event| matches!(event, RunEvent::TrialFinished { .. } | RunEvent::TrialFailed { .. }))
    );
    assert_eq!(
        events
            .iter()
            .filter(|event| matches!(event, RunEvent::TrialStarted { .. }))
            .count(),
        1
    );
    assert!(study.curves().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_torn_or_damaged_journal_of_an_earlier_run_is_no_obstacle() {
    let study = Study::new();
    std::fs::create_dir_all(study.dir.journals()).unwrap();
    let header = "{\"journal\":1,\"runner\":\"x\",\"at\":\"2026-01-01T00:00:00Z\"}\n";
    let path = study.dir.journal("x");
    std::fs::write(&path, format!("{header}{{\"at\":\"2026")).unwrap();
    assert_eq!(finish(study.job(0..1, 1, "")).await.0.unwrap().finished, 1);
    std::fs::write(&path, format!("{header}what\n")).unwrap();
    let result = finish(study.job(0..2, 1, "")).await.0.unwrap();
    assert_eq!((result.finished, result.already), (1, 1));
}
