//! What workers have started themselves, and the guard that looks after it.

use crate::processes::{Runner, runner, worker};
use crate::support::Study;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use seedband_runner::Control;
use seedband_testkit::process::{is_alive, is_stopped, stat, wait_for};
use std::time::Duration;

/// The process id that behaviour `child` wrote into the log, once it is there.
fn grandchild(study: &Study, seed: u64) -> Option<String> {
    let log = std::fs::read_to_string(study.folder(seed).attempt(1).join("log")).ok()?;
    log.lines()
        .find_map(|line| line.strip_prefix("child "))
        .map(str::to_owned)
}

/// The guards of a runner, dead ones that were not taken note of among them.
fn guards(runner: &Runner) -> Vec<String> {
    let ours = |pid: &String| stat(pid).is_some_and(|stat| stat.parent.to_string() == runner.pid());
    let is_guard = |pid: &String| {
        let read = |name| std::fs::read_to_string(format!("/proc/{pid}/{name}")).unwrap_or_default();
        // The dead have a name, but no command line.
        read("comm").trim() == "sh" && (read("cmdline").is_empty() || read("cmdline").contains("seedband-guard"))
    };
    let entries = std::fs::read_dir("/proc").unwrap();
    entries
        .filter_map(|entry| entry.unwrap().file_name().into_string().ok())
        .filter(|name| name.starts_with(|letter: char| letter.is_ascii_digit()))
        .filter(ours)
        .filter(is_guard)
        .collect()
}

#[test]
fn a_killed_runner_takes_along_what_its_workers_started() {
    for suspended in [false, true] {
        let study = Study::new();
        let mut child = runner(&study, "*/*=child");
        wait_for("both children", || {
            grandchild(&study, 0).is_some() && grandchild(&study, 1).is_some()
        });
        let guards = guards(&child);
        assert_eq!(guards.len(), 1);
        let mut all = guards.clone();
        for seed in 0..2 {
            all.extend([worker(&study, seed).unwrap(), grandchild(&study, seed).unwrap()]);
        }
        assert!(all.iter().all(|pid| is_alive(pid)));
        if suspended {
            child.signal(Signal::SIGTSTP);
            wait_for("all but the guard to be stopped", || {
                all[1..].iter().all(|pid| is_stopped(pid))
            });
        }
        // Not even told itself does it end before the others; and what is killed is all that a shell knows of.
        for deaf in [
            Signal::SIGHUP,
            Signal::SIGINT,
            Signal::SIGTERM,
            Signal::SIGTSTP,
            Signal::SIGUSR1,
        ] {
            kill(Pid::from_raw(guards[0].parse().unwrap()), deaf).unwrap();
        }
        std::thread::sleep(Duration::from_millis(50));
        assert!(is_alive(&guards[0]) && !is_stopped(&guards[0]));
        child.end_at_once();
        wait_for("all to end", || !all.iter().any(|pid| is_alive(pid)));
    }
}

#[test]
fn a_guard_that_was_killed_is_replaced_with_the_next_worker() {
    let study = Study::new();
    let mut child = runner(&study, "*/0=child;*/1=slow:50;*/2=crash;*/3=child");
    wait_for("two to run", || {
        grandchild(&study, 0).is_some() && worker(&study, 1).is_some()
    });
    let first = guards(&child);
    assert_eq!(first.len(), 1);
    kill(Pid::from_raw(first[0].parse().unwrap()), Signal::SIGKILL).unwrap();
    wait_for("the last to run", || grandchild(&study, 3).is_some());
    let second = guards(&child);
    assert_eq!(second.len(), 1, "one, and no zombie");
    assert_ne!(first, second);
    let all = [
        grandchild(&study, 0).unwrap(),
        grandchild(&study, 3).unwrap(),
        second[0].clone(),
    ];
    assert!(all.iter().all(|pid| is_alive(pid)));
    child.end_at_once();
    wait_for("all to end", || !all.iter().any(|pid| is_alive(pid)));
}

#[test]
fn a_guard_ends_with_a_runner_that_ends_by_itself() {
    let study = Study::new();
    let child = runner(&study, "*/*=slow:20");
    wait_for("a guard", || guards(&child).len() == 1);
    let guard = guards(&child).remove(0);
    assert_eq!(child.outcome(&study), "finished 4 interrupted 0 left 0");
    wait_for("the guard to end", || !is_alive(&guard));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_run_takes_along_what_its_workers_started() {
    let study = Study::new();
    let (sender, _events) = tokio::sync::mpsc::unbounded_channel();
    let running = tokio::spawn(seedband_runner::run(
        study.job(0..2, 2, "*/*=child"),
        Control::new(),
        sender,
    ));
    while grandchild(&study, 0).is_none() || grandchild(&study, 1).is_none() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let all = [grandchild(&study, 0).unwrap(), grandchild(&study, 1).unwrap()];
    assert!(all.iter().all(|pid| is_alive(pid)));
    running.abort();
    assert!(running.await.unwrap_err().is_cancelled());
    wait_for("both to end", || !all.iter().any(|pid| is_alive(pid)));
}
