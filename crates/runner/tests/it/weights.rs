//! Initial weights without training.

use crate::support::{Study, outcome, train, trial, work};
use seedband_runner::{SaveError, WorkerProgram, save_weights};
use seedband_testkit::files::files_below;
use seedband_testkit::program;

fn worker(script: &str) -> WorkerProgram {
    let mut worker = WorkerProgram::new(program("fake-worker"));
    worker.variables.push(("FAKE_WORKER".into(), script.into()));
    worker
}

/// Seeds that were saved, in order, and how it ended.
fn save(study: &Study, seeds: std::ops::Range<u64>, script: &str) -> (Vec<u64>, Result<(), SaveError>) {
    let mut saved = Vec::new();
    let result = save_weights(&study.dir, &worker(script), work(seeds), |trial, path| {
        assert_eq!(std::fs::read_to_string(path).unwrap(), trial.id.as_str());
        saved.push(trial.seed);
    });
    (saved, result)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_keeps_them_where_it_is_told_to() {
    let study = Study::new();
    outcome(study.job(0..1, 1, "")).await;
    assert!(!study.folder(0).init().exists());
    let mut job = study.job(0..3, 2, "");
    job.settings.save_init = true;
    assert_eq!(outcome(job).await.finished, 2);
    // The first was finished before and is not run for its weights alone.
    let there = |seed| study.folder(seed).init().is_file();
    assert_eq!([0, 1, 2].map(there), [false, true, true]);
    assert_eq!(
        std::fs::read_to_string(study.folder(2).init()).unwrap(),
        trial(2).id.as_str()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn trials_that_were_never_run_get_theirs_and_are_still_to_be_run() {
    let study = Study::new();
    outcome(study.job(1..2, 1, "")).await;
    let (saved, result) = save(&study, 0..3, "");
    result.unwrap();
    assert_eq!(saved, [0, 1, 2]);
    assert!(!study.folder(0).curve().exists() && study.folder(1).curve().exists());
    let result = outcome(study.job(0..3, 2, "")).await;
    assert_eq!((result.finished, result.already), (2, 1));
    assert!(study.folder(0).init().is_file());
}

#[test]
fn what_goes_wrong_is_said_once_and_what_was_written_stays() {
    for (script, part) in [
        ("a/1=fail:bad-data", "`a/1` (bad-data): as the script says"),
        ("a/1=garbage", "the worker said `saved!`"),
        (
            "a/1=wrong-trial",
            "the worker said `{\"type\":\"saved\",\"trial\":\"somebody else's\"}`",
        ),
        ("a/1=exit:2", "cannot talk to the worker"),
        ("start=version:9", "\"protocol\":9"),
        ("start=exit:3", "cannot talk to the worker"),
    ] {
        let study = Study::new();
        let (saved, result) = save(&study, 0..3, script);
        let message = result.unwrap_err().to_string();
        assert!(message.contains(part), "{script}: {message}");
        assert_eq!(saved.len(), usize::from(!script.starts_with("start")), "{script}");
        assert_eq!(study.folder(0).init().is_file(), saved == [0]);
        assert!(!study.folder(2).root().exists());
    }
    let study = Study::new();
    let missing = WorkerProgram::new("/no/such/worker");
    let result = save_weights(&study.dir, &missing, work(0..1), |_, _| ());
    assert!(matches!(result, Err(SaveError::Worker { .. })), "{result:?}");
    assert!(files_below(study.dir.root()).is_empty());
}

#[test]
fn the_folder_of_another_trial_is_left_alone() {
    let study = Study::new();
    let folder = study.folder(0);
    std::fs::create_dir_all(folder.root()).unwrap();
    seedband_core::files::fsio::write_json(&folder.trial(), &train(7, vec![]).trial).unwrap();
    let (saved, result) = save(&study, 0..1, "");
    assert!(matches!(result, Err(SaveError::Occupied { .. })), "{result:?}");
    assert!(saved.is_empty() && !folder.init().exists());
}
