//! Runners as processes of their own, killed and interrupted. This test program runs itself: see [`as_a_runner`].

use crate::support::{Study, job, outcome, work};
use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;
use seedband_core::files::layout::StudyDir;
use seedband_runner::{Control, State, run_blocking, signals};
use seedband_testkit::process::{is_alive, wait_for};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const STUDY: &str = "SEEDBAND_TEST_STUDY";
const SCRIPT: &str = "SEEDBAND_TEST_SCRIPT";

/// How long a runner of these tests waits for a worker to be ready and for running trials once it is told to stop, and
/// its time-out.
const PATIENCE: &str = "SEEDBAND_TEST_PATIENCE";

/// Not a test by itself: a runner on the study that the variables name. Its outcome goes to a file.
#[test]
fn as_a_runner() {
    let (Ok(study), Ok(script)) = (std::env::var(STUDY), std::env::var(SCRIPT)) else {
        return;
    };
    let mut job = job(StudyDir::new(study), work(0..4), 2, &script);
    if let Ok(seconds) = std::env::var(PATIENCE) {
        job.timeouts.ready = Duration::from_secs(seconds.parse().unwrap());
        job.timeouts.grace = job.timeouts.ready;
        job.settings.timeout = Some(format!("{seconds}s"));
    }
    let control = Control::new();
    let _signals = signals(control.clone()).unwrap();
    let outcome = run_blocking(job, &control, |_| ()).unwrap();
    std::fs::write(
        std::env::var("SEEDBAND_TEST_OUTCOME").unwrap(),
        format!(
            "finished {} interrupted {} left {}",
            outcome.finished, outcome.interrupted, outcome.left
        ),
    )
    .unwrap();
}

/// A runner in a process of its own, in a process group of its own as a shell starts it. Killed when this is dropped.
pub(crate) struct Runner(Child);

impl Drop for Runner {
    fn drop(&mut self) {
        self.end_at_once();
    }
}

impl Runner {
    pub(crate) fn pid(&self) -> String {
        self.0.id().to_string()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill(Pid::from_raw(self.0.id() as i32), signal).unwrap();
    }

    /// Kills all of its process group.
    pub(crate) fn end_at_once(&mut self) {
        let _ = killpg(Pid::from_raw(self.0.id() as i32), Signal::SIGKILL);
        self.0.wait().unwrap();
    }

    /// What it wrote of its outcome, once it has ended by itself.
    pub(crate) fn outcome(mut self, study: &Study) -> String {
        wait_for("the runner to end", || self.0.try_wait().unwrap().is_some());
        assert!(self.0.wait().unwrap().success());
        std::fs::read_to_string(study.beside("outcome")).unwrap()
    }
}

/// A runner with two slots for seeds 0 to 3.
pub(crate) fn runner(study: &Study, script: &str) -> Runner {
    started(this_program(), study, script)
}

/// This test program with no signal ignored, even where the tests themselves were started by `nohup`. A shell cannot do
/// that: what it was started to ignore it ignores for ever.
fn this_program() -> Command {
    let mut command = Command::new("env");
    command
        .arg("--default-signal=HUP,TSTP")
        .arg(std::env::current_exe().unwrap());
    command
}

/// The same with only so many seconds of patience for everything.
pub(crate) fn impatient_runner(study: &Study, script: &str, seconds: u32) -> Runner {
    let mut command = this_program();
    command.env(PATIENCE, seconds.to_string());
    started(command, study, script)
}

/// The same started as `nohup` does.
pub(crate) fn deaf_runner(study: &Study, script: &str) -> Runner {
    let mut command = Command::new("/bin/sh");
    command
        .args(["-c", "trap '' HUP TSTP; exec \"$0\" \"$@\""])
        .arg(std::env::current_exe().unwrap());
    started(command, study, script)
}

fn started(mut command: Command, study: &Study, script: &str) -> Runner {
    let child = command
        .args(["--exact", "processes::as_a_runner", "--nocapture"])
        .env(STUDY, study.dir.root())
        .env(SCRIPT, script)
        .env("SEEDBAND_TEST_OUTCOME", study.beside("outcome"))
        .stdout(Stdio::null())
        .process_group(0)
        .spawn();
    Runner(child.unwrap())
}

pub(crate) fn running(study: &Study) -> usize {
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
pub(crate) fn worker(study: &Study, seed: u64) -> Option<String> {
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
    child.end_at_once();
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
        let child = runner(&study, script);
        wait_for("two to run", || running(&study) == 2);
        child.signal(first);
        if script.contains("stall") {
            // Signals of one kind that come at once can become one.
            std::thread::sleep(Duration::from_millis(300));
            child.signal(Signal::SIGINT);
        }
        assert_eq!(child.outcome(&study), expected);
        assert_eq!(running(&study), 0);
    }
}

#[test]
fn a_lost_terminal_drains_however_often_it_is_told() {
    let study = Study::new();
    let child = runner(&study, "*/*=slow:50");
    wait_for("two to run", || running(&study) == 2);
    for _ in 0..3 {
        child.signal(Signal::SIGHUP);
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(child.outcome(&study), "finished 2 interrupted 0 left 2");
}

#[test]
fn signals_ignored_from_the_start_stay_ignored() {
    let study = Study::new();
    let child = deaf_runner(&study, "*/*=slow:20");
    wait_for("two to run", || running(&study) == 2);
    child.signal(Signal::SIGHUP);
    child.signal(Signal::SIGTSTP);
    assert_eq!(child.outcome(&study), "finished 4 interrupted 0 left 0");
}
