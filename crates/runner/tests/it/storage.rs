//! Results that cannot be kept.

use crate::support::{Study, finish, job, watched, work};
use seedband_core::files::fsio::FsError;
use seedband_core::files::layout::StudyDir;
use seedband_core::protocol::FailureClass;
use seedband_runner::{RunError, RunEvent, State};

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

/// A folder in a curve's place: the write fails when the trial ends, and costs that trial alone.
#[tokio::test(flavor = "multi_thread")]
async fn a_curve_that_cannot_be_written_costs_its_trial() {
    for retries in [0, 1] {
        let study = Study::new();
        let in_the_way = study.folder(0).curve().join("in the way");
        let mut job = study.job(0..4, 2, "*/0=slow:10");
        job.settings.retries = retries;
        let (result, events) = watched(job, |event, _| match event {
            RunEvent::TrialStarted { trial, attempt: 1, .. } if trial.seed == 0 => {
                std::fs::create_dir_all(&in_the_way).unwrap();
            }
            // Somebody clears it away.
            RunEvent::TrialRetried { .. } => std::fs::remove_dir_all(study.folder(0).curve()).unwrap(),
            _ => {}
        })
        .await;
        let result = result.unwrap();
        let retried = events.iter().filter_map(|event| match event {
            RunEvent::TrialRetried { class, message, .. } => Some((*class, message.contains("curve.jsonl"))),
            _ => None,
        });
        if retries == 0 {
            assert_eq!((result.finished, result.failed.len()), (3, 1), "{result:?}");
            let failed = &result.failed[0];
            assert_eq!((failed.class, failed.attempts), (FailureClass::Storage, 1));
            assert!(failed.message.contains("curve.jsonl"), "{}", failed.message);
            assert_eq!(retried.count(), 0);
            assert!(matches!(study.states(0..1)[0], State::Failed { .. }));
        } else {
            assert_eq!((result.finished, result.failed.len()), (4, 0), "{result:?}");
            assert_eq!(retried.collect::<Vec<_>>(), [(FailureClass::Storage, true)]);
            assert_eq!(study.curves().len(), 4);
        }
    }
}

/// What stands in the way of a claim: the other trials are run.
#[tokio::test(flavor = "multi_thread")]
async fn a_claim_that_cannot_be_made_costs_its_trial() {
    let study = Study::new();
    std::fs::create_dir_all(study.folder(1).claim().join("in the way")).unwrap();
    let result = finish(study.job(0..3, 2, "")).await.0.unwrap();
    assert_eq!((result.finished, result.failed.len()), (2, 1), "{result:?}");
    assert!(result.failed[0].message.contains("claim"), "{result:?}");
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
