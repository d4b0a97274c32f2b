//! Several runners on one study.

use crate::support::{Study, claim_of_other, finish, outcome, trial, watched};
use seedband_runner::{ClaimRecord, Outcome, RunEvent, State};
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// The runner of another container that lives on.
fn elsewhere(claim: &mut ClaimRecord) {
    claim.process.namespaces = Some("pid:[1] time:[1]".into());
}

/// Signs of life until it is dropped.
struct Heart(Arc<AtomicBool>, Option<JoinHandle<()>>);

impl Heart {
    fn of(study: &Study, runner: &str) -> Self {
        let (path, is_over) = (study.dir.heartbeat(runner), Arc::new(AtomicBool::new(false)));
        let of_thread = is_over.clone();
        let beat = move || {
            let mut number = 0_u32;
            while !of_thread.load(Ordering::Relaxed) {
                number += 1;
                fs::write(&path, format!("{number:010}\n")).unwrap();
                std::thread::sleep(Duration::from_millis(20));
            }
        };
        Self(is_over, Some(std::thread::spawn(beat)))
    }
}

impl Drop for Heart {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
        self.1.take().unwrap().join().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_claim_is_taken_over_and_a_live_one_respected() {
    let study = Study::new();
    claim_of_other(&study, 0, |claim| claim.process.start += 1);
    claim_of_other(&study, 1, |_| ());
    claim_of_other(&study, 2, |claim| {
        elsewhere(claim);
        claim.runner = "beating".into();
    });
    let since = "2026-01-01T00:00:00Z".parse().unwrap();
    let states = study.states(0..3);
    assert_eq!(states[0], State::Queued);
    let State::Running {
        since: found, runner, ..
    } = &states[2]
    else {
        panic!("{states:?}")
    };
    assert_eq!((*found, runner.as_str()), (since, "beating"));

    fs::create_dir_all(study.dir.journals()).unwrap();
    let heart = Heart::of(&study, "beating");
    let (result, events) = finish(study.job(0..4, 2, "")).await;
    drop(heart);
    let result = result.unwrap();
    assert_eq!((result.finished, result.held, result.left), (2, 2, 0), "{result:?}");
    let held = |seed: u64| {
        events.iter().find_map(|event| match event {
            RunEvent::HeldElsewhere { trial, holder, claim } if trial.seed == seed => {
                Some((holder.as_ref().map(|holder| holder.runner.as_str()), claim.clone()))
            }
            _ => None,
        })
    };
    assert_eq!(held(1), Some((Some("other"), study.folder(1).claim())));
    assert_eq!(held(2), Some((Some("beating"), study.folder(2).claim())));
    let holders: Vec<&str> = result.holders.iter().map(|held| held.runner.as_str()).collect();
    assert_eq!(holders, ["other", "beating"]);

    // A live process of this container keeps its trial whatever the user says.
    let mut job = study.job(0..4, 2, "");
    job.take_over = vec![job.runner.process.host.clone()];
    let result = outcome(job).await;
    assert_eq!((result.finished, result.held), (1, 1));
    fs::remove_file(study.folder(1).claim()).unwrap();
    assert_eq!(outcome(study.job(0..4, 2, "")).await.finished, 1);
    assert_eq!(study.curves().len(), 4);
}

/// Of a runner on another host or in another container nothing is known but its signs of life; and a claim that says
/// nothing is nobody's for ever.
#[tokio::test(flavor = "multi_thread")]
async fn who_gives_no_sign_of_life_is_gone() {
    let study = Study::new();
    fs::create_dir_all(study.dir.journals()).unwrap();
    claim_of_other(&study, 0, elsewhere);
    claim_of_other(&study, 1, |claim| claim.process.host = "elsewhere".into());
    claim_of_other(&study, 2, |_| ());
    fs::write(study.folder(2).claim(), "").unwrap();
    fs::write(study.dir.heartbeat("other"), "0000000007\n").unwrap();
    let (result, events) = finish(study.job(0..4, 2, "")).await;
    let result = result.unwrap();
    assert_eq!((result.finished, result.held), (4, 0), "{result:?}");
    let watching = events.iter().filter_map(|event| match event {
        RunEvent::Watching { trial, patience, .. } => Some((trial.seed, *patience)),
        _ => None,
    });
    let mut watching: Vec<(u64, Duration)> = watching.collect();
    watching.sort_unstable();
    let patience = Duration::from_millis(300);
    assert_eq!(watching, [(0, patience), (1, patience), (2, patience)]);
    assert!(!study.dir.heartbeat("other").exists(), "what it left is cleared up");
    assert_eq!(study.curves().len(), 4);
}

/// A runner that was suspended for long, and whose trial has been taken over: it publishes nothing.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_over_is_not_published() {
    let study = Study::new();
    let other = std::sync::Once::new();
    let (result, events) = watched(study.job(0..2, 1, "*/*=slow:2"), |event, _| {
        if matches!(event, RunEvent::Step { step: 3, .. }) {
            other.call_once(|| claim_of_other(&study, 0, |_| ()));
        }
    })
    .await;
    let result: Outcome = result.unwrap();
    assert_eq!((result.finished, result.held), (1, 1), "{result:?}");
    assert!(events.iter().any(|event| matches!(event, RunEvent::TakenOver { .. })));
    assert!(!study.folder(0).curve().exists() && study.folder(0).claim().exists());
    fs::remove_file(study.folder(0).claim()).unwrap();
    assert_eq!(study.curves().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_runners_share_a_study_and_train_each_trial_once() {
    let (shared, alone) = (Study::new(), Study::new());
    outcome(alone.job(0..10, 2, "")).await;
    let mut second = shared.job(0..10, 2, "*/*=slow:2");
    second.runner.name.push_str("-second");
    second.plan.to_run.reverse();
    let first = shared.job(0..10, 2, "*/*=slow:2");
    let (first, second) = tokio::join!(outcome(first), outcome(second));
    assert_eq!(first.finished + second.finished, 10);
    for result in [&first, &second] {
        assert_eq!(result.finished + result.held + result.already, 10, "{result:?}");
    }
    assert_eq!(shared.curves(), alone.curves());
    for seed in 0..10 {
        let entries = shared
            .journal()
            .into_iter()
            .filter(|entry| entry.trial == trial(seed).id);
        assert_eq!(entries.count(), 2, "seed {seed}");
    }
}
