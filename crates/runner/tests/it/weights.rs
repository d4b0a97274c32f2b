//! Initial weights without training.

use crate::support::{Study, claim_of_other, outcome, train, trial, work};
use seedband_core::files::fsio;
use seedband_core::files::layout::TrialDir;
use seedband_runner::{SaveError, Timeouts, WorkerProgram, save_weights, save_weights_blocking};
use seedband_testkit::files::files_below;
use seedband_testkit::process::wait_for;
use seedband_testkit::program;
use std::time::{Duration, Instant};

fn worker(script: &str) -> WorkerProgram {
    let mut worker = WorkerProgram::new(program("fake-worker"));
    worker.variables.push(("FAKE_WORKER".into(), script.into()));
    worker
}

/// Limits that a worker which says nothing reaches soon.
fn short() -> Timeouts {
    Timeouts {
        ready: Duration::from_secs(1),
        save_weights: Duration::from_secs(1),
        ..Timeouts::default()
    }
}

/// Seeds that were saved, in order, and how it ended.
fn save(
    study: &Study,
    seeds: std::ops::Range<u64>,
    script: &str,
    timeouts: &Timeouts,
) -> (Vec<u64>, Result<(), SaveError>) {
    let mut saved = Vec::new();
    let result = save_weights_blocking(&study.dir, &worker(script), work(seeds), timeouts, |trial, path| {
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
    let mut saved = Vec::new();
    let program = worker("");
    let keep = |trial: &seedband_core::trial::Trial, _: &std::path::Path| saved.push(trial.seed);
    save_weights(&study.dir, &program, work(0..3), &Timeouts::default(), keep)
        .await
        .unwrap();
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
        ("a/1=exit:2", "`a/1`: the worker has ended; its log is above"),
        (
            "start=version:9",
            "the worker speaks version 9 of the protocol, this program 2",
        ),
        ("start=exit:3", "the worker ended before it was ready: exit status 3"),
    ] {
        let study = Study::new();
        let (saved, result) = save(&study, 0..3, script, &Timeouts::default());
        let message = result.unwrap_err().to_string();
        assert!(message.contains(part), "{script}: {message}");
        assert_eq!(saved.len(), usize::from(!script.starts_with("start")), "{script}");
        assert_eq!(study.folder(0).init().is_file(), saved == [0]);
        assert!(!study.folder(2).root().exists());
        assert!(!study.folder(1).claim().exists());
    }
    let study = Study::new();
    let missing = WorkerProgram::new("/no/such/worker");
    let result = save_weights_blocking(&study.dir, &missing, work(0..1), &Timeouts::default(), |_, _| ());
    assert!(
        matches!(&result, Err(SaveError::Start(message)) if message.contains("`/no/such/worker`")),
        "{result:?}"
    );
    assert!(files_below(study.dir.root()).is_empty());
}

#[test]
fn a_worker_that_says_nothing_is_given_up() {
    for (script, part) in [
        ("start=silent", "the worker was not ready after 1 s"),
        ("a/1=hang", "`a/1`: the worker wrote no weights within 1 s"),
    ] {
        let study = Study::new();
        let start = Instant::now();
        let (saved, result) = save(&study, 0..3, script, &short());
        let message = result.unwrap_err().to_string();
        assert!(message.contains(part), "{script}: {message}");
        assert_eq!(saved.len(), usize::from(script != "start=silent"), "{script}");
        assert!(start.elapsed() >= Duration::from_secs(1));
    }
}

#[test]
fn the_folder_of_another_trial_is_left_alone() {
    let study = Study::new();
    let whole = study.dir.trial_by_whole_id(&train(0, vec![]).trial);
    let occupy = |folder: &TrialDir| {
        std::fs::create_dir_all(folder.root()).unwrap();
        fsio::write_json(&folder.trial(), &train(7, vec![]).trial).unwrap();
    };
    occupy(&study.folder(0));
    let (saved, result) = save(&study, 0..1, "", &Timeouts::default());
    assert!(result.is_ok(), "{result:?}");
    assert_eq!(saved, [0]);
    assert!(whole.init().is_file() && !study.folder(0).init().exists());
    occupy(&whole);
    let (saved, result) = save(&study, 0..1, "", &Timeouts::default());
    assert!(matches!(result, Err(SaveError::Occupied { .. })), "{result:?}");
    assert!(saved.is_empty() && !study.folder(0).init().exists());
}

#[test]
fn a_trial_that_another_runner_holds_is_left_out_and_said() {
    let study = Study::new();
    claim_of_other(&study, 1, |_| ());
    claim_of_other(&study, 2, |claim| claim.process.start += 1);
    let (saved, result) = save(&study, 0..4, "", &Timeouts::default());
    assert_eq!(saved, [0, 2, 3], "the runner of seed 2 is gone");
    let Err(SaveError::Held { trials, claim }) = result else {
        panic!("{result:?}")
    };
    assert_eq!((trials, claim), (vec!["a/1".to_owned()], study.folder(1).claim()));
    assert!(!study.folder(1).init().exists() && !study.folder(2).claim().exists());
}

/// A runner that begins a trial removes what is hidden in its folder: what a killed one was writing. A file that is
/// being written is none of that.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_beside_it_does_not_touch_what_is_being_written() {
    let study = Study::new();
    let (dir, folder) = (study.dir.clone(), study.folder(0));
    let program = worker("a/0=hang");
    let saving = tokio::spawn(async move {
        let timeouts = Timeouts::default();
        save_weights(&dir, &program, work(0..1), &timeouts, |_, _| ()).await
    });
    wait_for("the claim", || folder.trial().is_file());
    let half_written = fsio::hidden_beside(&folder.init());
    std::fs::write(&half_written, "half").unwrap();
    let result = outcome(study.job(0..2, 1, "")).await;
    assert_eq!((result.finished, result.held), (1, 1), "{result:?}");
    assert!(half_written.is_file());

    saving.abort();
    assert!(saving.await.unwrap_err().is_cancelled());
    assert_eq!(outcome(study.job(0..2, 1, "")).await.finished, 1);
    assert!(!half_written.exists());
}
