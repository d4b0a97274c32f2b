//! Several runners on one study.

use crate::support::{Study, claim_of_other, finish, outcome, trial};
use seedband_runner::{RunEvent, State};

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_claim_is_taken_over_and_a_live_one_respected() {
    let study = Study::new();
    claim_of_other(&study, 0, |claim| claim.process_start += 1);
    claim_of_other(&study, 1, |_| ());
    claim_of_other(&study, 2, |claim| claim.host = "elsewhere".into());
    let since = "2026-01-01T00:00:00Z".parse().unwrap();
    let states = study.states(0..3);
    assert_eq!(states[0], State::Queued);
    assert_eq!(
        states[2],
        State::Running {
            since,
            attempt: None,
            device: None,
            runner: "other".into(),
            host: "elsewhere".into(),
            pid: std::process::id(),
            progress: None,
        }
    );

    let (result, events) = finish(study.job(0..4, 2, "")).await;
    let result = result.unwrap();
    assert_eq!((result.finished, result.held, result.left), (2, 2, 0));
    let held: Vec<&RunEvent> = events
        .iter()
        .filter(|event| matches!(event, RunEvent::HeldElsewhere { .. }))
        .collect();
    let RunEvent::HeldElsewhere {
        trial: name,
        holder: Some(holder),
        claim,
    } = held[0]
    else {
        panic!("{held:?}")
    };
    assert_eq!((name.seed, holder.runner.as_str()), (1, "other"));
    assert_eq!(*claim, study.folder(1).claim());

    let holders: Vec<(&str, u32)> = result
        .holders
        .iter()
        .map(|held| (held.host.as_str(), held.pid))
        .collect();
    assert_eq!(holders[0].1, std::process::id());

    // The user says that the other machine is gone. A live process of this one keeps its trial whatever the user says.
    let mut job = study.job(0..4, 2, "");
    job.take_over = vec!["elsewhere".into(), job.runner.host.clone()];
    let result = outcome(job).await;
    assert_eq!((result.finished, result.held), (1, 1));
    std::fs::remove_file(study.folder(1).claim()).unwrap();
    assert_eq!(outcome(study.job(0..4, 2, "")).await.finished, 1);
    assert_eq!(study.curves().len(), 4);
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
