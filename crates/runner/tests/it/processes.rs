//! Runners as processes of their own, killed and interrupted. This test program runs itself: see [`as_a_runner`].

use crate::support::{Study, is_alive, job, outcome, wait_for, work};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use seedband_core::layout::StudyDir;
use seedband_runner::{Control, State, run_blocking};
use std::process::{Child, Command, Stdio};

const STUDY: &str = "SEEDBAND_TEST_STUDY";
const SCRIPT: &str = "SEEDBAND_TEST_SCRIPT";

/// Not a test by itself: a runner on the study that the variables name. Its outcome goes to standard output.
#[test]
fn as_a_runner() {
    let (Ok(study), Ok(script)) = (std::env::var(STUDY), std::env::var(SCRIPT)) else {
        return;
    };
    let job = job(StudyDir::new(study), work(0..4), 2, &script);
    let outcome = run_blocking(job, &Control::new(), |_| ()).unwrap();
    std::fs::write(
        std::env::var("SEEDBAND_TEST_OUTCOME").unwrap(),
        format!(
            "finished {} interrupted {} left {}",
            outcome.finished, outcome.interrupted, outcome.left
        ),
    )
    .unwrap();
}

fn runner(study: &Study, script: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "processes::as_a_runner", "--nocapture"])
        .env(STUDY, study.dir.root())
        .env(SCRIPT, script)
        .env("SEEDBAND_TEST_OUTCOME", study.beside("outcome"))
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

fn signal(child: &Child, signal: Signal) {
    kill(Pid::from_raw(child.id() as i32), signal).unwrap();
}

fn running(study: &Study) -> usize {
    if !study.dir.root().exists() {
        return 0;
    }
    study
        .states(0..4)
        .iter()
        .filter(|state| matches!(state, State::Running { device: Some(_), .. }))
        .count()
}

/// The process id that the worker of a seed's first attempt wrote into its log, once it is there.
fn worker(study: &Study, seed: u64) -> Option<String> {
    let log = std::fs::read_to_string(study.folder(seed).attempt(1).join("log")).ok()?;
    log.contains("trial a/")
        .then(|| log.split_whitespace().nth(1).unwrap().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_runner_leaves_a_study_that_resumes() {
    let (study, whole) = (Study::new(), Study::new());
    outcome(whole.job(0..4, 2, "")).await;

    let mut child = runner(&study, "*/2=stall;*/3=stall");
    wait_for("the last two to run", || {
        study.folder(1).curve().exists() && study.folder(0).curve().exists() && running(&study) == 2
    });
    wait_for("the first worker", || worker(&study, 0).is_some());
    let worker = worker(&study, 0).unwrap();
    assert!(is_alive(&worker));
    child.kill().unwrap();
    child.wait().unwrap();
    wait_for("the worker to die with its runner", || !is_alive(&worker));

    // The claims are still there, but their process is not.
    assert!(study.folder(2).claim().exists());
    let states = study.states(0..4);
    assert!(
        states[..2].iter().all(|state| matches!(state, State::Finished { .. })),
        "{states:?}"
    );
    assert_eq!(
        states[2..],
        [State::Interrupted { attempt: 1 }, State::Interrupted { attempt: 1 }]
    );

    let resumed = outcome(study.job(0..4, 2, "")).await;
    assert_eq!((resumed.already, resumed.finished, resumed.held), (2, 2, 0));
    assert_eq!(study.curves(), whole.curves());
    assert!(study.folder(2).attempt(2).join("attempt.json").exists());
}

#[test]
fn the_first_signal_drains_and_the_second_kills() {
    for (first, script, expected) in [
        (Signal::SIGINT, "*/*=slow:50", "finished 2 interrupted 0 left 2"),
        (Signal::SIGTERM, "*/*=stall", "finished 0 interrupted 2 left 2"),
    ] {
        let study = Study::new();
        let mut child = runner(&study, script);
        wait_for("two to run", || running(&study) == 2);
        signal(&child, first);
        if script.contains("stall") {
            // Signals of one kind that come at once can become one.
            std::thread::sleep(std::time::Duration::from_millis(300));
            signal(&child, Signal::SIGINT);
        }
        assert!(child.wait().unwrap().success());
        assert_eq!(std::fs::read_to_string(study.beside("outcome")).unwrap(), expected);
        assert_eq!(running(&study), 0);
    }
}
