//! Every file that a run reads, cut at every byte: the state of the study is told, and the next run ends with the same
//! curves, to the byte.

use crate::support::{Study, finish, outcome, trial};
use seedband_core::files::layout::TrialDir;
use seedband_runner::{Outcome, RunEvent, RunnerIdentity, State};
use seedband_testkit::files::{copy_folder, files_below};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::task::JoinSet;

/// Curves of a study that nothing happened to.
async fn untouched(seeds: u64) -> BTreeMap<PathBuf, String> {
    let study = Study::in_memory();
    assert_eq!(outcome(study.job(0..seeds, 2, "")).await.finished, seeds as usize);
    study.curves()
}

/// A journal tells what happened, and what it has lost is at most that: a trial is finished by its curve, and one whose
/// end is not told is run.
#[tokio::test(flavor = "multi_thread")]
async fn a_journal_is_cut_at_every_byte_and_the_study_goes_on() {
    let whole = Arc::new(untouched(3).await);
    // Seed 0 is finished, seed 1 has failed, and seed 2 was never begun.
    let left = Study::in_memory();
    outcome(left.job(0..2, 1, "data=aaaa;a/1=fail:bad-data")).await;
    let journals: Vec<PathBuf> = files_below(&left.dir.journals());
    let [journal] = &journals[..] else {
        panic!("{journals:?}")
    };
    let name = journal.strip_prefix(left.dir.root()).unwrap();
    let bytes = fs::read(journal).unwrap();
    // A run waits for its worker most of the time, so several are at it at once.
    let mut running = JoinSet::new();
    for length in 0..=bytes.len() {
        let study = Study::in_memory();
        copy_folder(left.dir.root(), study.dir.root());
        fs::write(study.dir.root().join(name), &bytes[..length]).unwrap();
        let lines = bytes[..length].split(|byte| *byte == b'\n').count() - 1;
        while running.len() >= 8 {
            running.join_next().await.unwrap().unwrap();
        }
        running.spawn(goes_on(study, length, lines, Arc::clone(&whole)));
    }
    while let Some(done) = running.join_next().await {
        done.unwrap();
    }
}

/// Checks a study whose journal was cut after `length` bytes, `lines` whole lines.
async fn goes_on(study: Study, length: usize, lines: usize, whole: Arc<BTreeMap<PathBuf, String>>) {
    // The header, both entries of seed 0, then those of seed 1.
    let states = study.states(0..3);
    assert!(
        matches!(states[0], State::Finished { steps: 20, .. }),
        "{length}: {states:?}"
    );
    match lines {
        0..=3 => assert_eq!(states[1], State::Queued, "{length}"),
        4 => assert_eq!(states[1], State::Interrupted { attempt: 1 }, "{length}"),
        5 => assert!(matches!(states[1], State::Failed { attempt: 1, .. }), "{length}"),
        _ => panic!("{lines} lines"),
    }
    assert_eq!(states[2], State::Queued, "{length}");

    let result = outcome(study.job(0..3, 1, "data=aaaa")).await;
    assert_eq!((result.already, result.finished), (1, 2), "{length}: {result:?}");
    assert_eq!(study.curves(), *whole, "{length}");
    // The attempt whose beginning is forgotten has its folder, and is not written over.
    assert_eq!(fs::read_dir(study.folder(1).attempts()).unwrap().count(), 2, "{length}");
}

/// Cuts a file of a finished trial at every byte but the last, a newline, and tells the states that the trial then has;
/// each once.
async fn states_of(file: impl Fn(&TrialDir) -> PathBuf) -> Vec<State> {
    let study = Study::in_memory();
    outcome(study.job(0..1, 1, "")).await;
    let path = file(&study.folder(0));
    let bytes = fs::read(&path).unwrap();
    let mut states = Vec::new();
    for length in 0..bytes.len() - 1 {
        fs::write(&path, &bytes[..length]).unwrap();
        states.extend(study.states(0..1));
        states.dedup();
    }
    states
}

/// Finishes a study, cuts one file of each trial, each a few bytes later than that of the seed before, and runs it
/// again. Gives the curves before, and how many trials there are.
async fn cut_and_run(file: impl Fn(&TrialDir) -> PathBuf) -> (Study, BTreeMap<PathBuf, String>, usize, Outcome) {
    const APART: usize = 3;
    let probe = Study::in_memory();
    outcome(probe.job(0..1, 1, "")).await;
    let size = fs::metadata(file(&probe.folder(0))).unwrap().len();
    let seeds = size / APART as u64;
    let study = Study::in_memory();
    outcome(study.job(0..seeds, 2, "")).await;
    let whole = study.curves();
    for seed in 0..seeds {
        let path = file(&study.folder(seed));
        let bytes = fs::read(&path).unwrap();
        // Files of other seeds may be shorter by some digits.
        let length = (seed as usize * APART).min(bytes.len() - 2);
        fs::write(&path, &bytes[..length]).unwrap();
    }
    let result = outcome(study.job(0..seeds, 2, "")).await;
    (study, whole, seeds as usize, result)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_curve_cut_at_any_byte_is_trained_again_to_the_same_bytes() {
    assert_eq!(states_of(TrialDir::curve).await, [State::Queued]);
    let (study, whole, trials, result) = cut_and_run(TrialDir::curve).await;
    assert_eq!((result.finished, result.already), (trials, 0), "{result:?}");
    assert_eq!(study.curves(), whole);
}

/// The folder's name and the curve in it are left, so nothing has to be trained for it.
#[tokio::test(flavor = "multi_thread")]
async fn a_trial_cut_at_any_byte_is_written_again_and_keeps_its_curve() {
    assert_eq!(states_of(TrialDir::trial).await, [State::Queued]);
    let (study, whole, trials, result) = cut_and_run(TrialDir::trial).await;
    assert_eq!((result.finished, result.already), (0, trials), "{result:?}");
    assert_eq!(study.curves(), whole);
    for seed in 0..trials as u64 {
        let stored: seedband_core::trial::Trial =
            seedband_core::files::fsio::read_json(&study.folder(seed).trial()).unwrap();
        assert_eq!(stored, trial(seed));
    }
}

/// It tells people how an attempt went, and nothing is decided by it.
#[tokio::test(flavor = "multi_thread")]
async fn the_record_of_an_attempt_cut_at_any_byte_changes_nothing() {
    let record = |folder: &TrialDir| folder.attempt(1).join("attempt.json");
    assert!(matches!(
        states_of(record).await[..],
        [State::Finished { steps: 20, .. }]
    ));
    let (study, whole, trials, result) = cut_and_run(record).await;
    assert_eq!((result.finished, result.already), (0, trials), "{result:?}");
    assert_eq!(study.curves(), whole);
}

/// A claim is whole or not there; one that is not, wherever it came from, is somebody's for as long as a sign of life may
/// take to come, and nobody's then.
#[tokio::test(flavor = "multi_thread")]
async fn a_claim_cut_at_any_byte_ages_out() {
    let mut process = RunnerIdentity::this_process().process;
    // Above the kernel's highest process id.
    process.pid = 5_000_000;
    let record = seedband_runner::ClaimRecord {
        runner: "gone".into(),
        process,
        heartbeat_ms: None,
        at: "2026-01-01T00:00:00Z".parse().unwrap(),
    };
    let text = seedband_core::protocol::to_line(&record);
    // The last two stand for a claim without its newline and a whole one: their runner is known to be gone.
    let whole = text.len() as u64 - 1;
    let study = Study::in_memory();
    for seed in 0..whole + 2 {
        let folder = study.folder(seed);
        fs::create_dir_all(folder.root()).unwrap();
        fs::write(folder.claim(), &text[..seed as usize]).unwrap();
    }
    assert!(study.states(0..whole + 2).iter().all(|state| *state == State::Queued));
    let (result, events) = finish(study.job(0..whole + 2, 2, "")).await;
    let result = result.unwrap();
    assert_eq!((result.held, result.finished as u64), (0, whole + 2), "{result:?}");
    let watched = events
        .iter()
        .filter(|event| matches!(event, RunEvent::Watching { holder: None, .. }));
    assert_eq!(watched.count() as u64, whole);
    assert_eq!(study.curves(), untouched(whole + 2).await);
}
