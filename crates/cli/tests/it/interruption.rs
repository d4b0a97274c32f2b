//! A run that is stopped or killed is finished by running it again, and no finished trial is repeated.

use crate::support::{Place, STUDY, said};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use seedband_testkit::process::wait_for;
use std::fs::File;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::Duration;

pub(crate) fn spawn(place: &Place, script: &str) -> Child {
    place
        .program(&["run", "study.toml", "-j", "2"], Some(script))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

pub(crate) fn signal(child: &Child, signal: Signal) {
    kill(Pid::from_raw(child.id().cast_signed()), signal).unwrap();
}

#[test]
fn killed_at_any_moment_and_run_again() {
    let whole = Place::new(STUDY);
    whole.fake(&["run", "study.toml"], "").assert().code(0);
    let place = Place::new(STUDY);
    // Killed once more has finished than the time before, so at six different states of the study.
    for finished in 0..6 {
        let mut child = spawn(&place, "*/*=slow:2");
        wait_for("a curve", || {
            place.curves("results/tiny").len() > finished || child.try_wait().unwrap().is_some()
        });
        signal(&child, Signal::SIGKILL);
        child.wait().unwrap();
        if place.curves("results/tiny").len() == 6 {
            break;
        }
    }
    let journals: String = std::fs::read_dir(place.path("results/tiny/journal"))
        .unwrap()
        .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect();
    place.fake(&["run", "study.toml"], "").assert().code(0);
    assert_eq!(place.curves("results/tiny"), whole.curves("results/tiny"));
    assert!(
        journals.matches("\"state\":\"finished\"").count() <= 6,
        "no trial finished twice: {journals}"
    );
}

#[test]
fn ctrl_c_stops_cleanly_and_the_same_command_goes_on() {
    let place = Place::new(STUDY);
    let mut child = spawn(&place, "*/*=slow:20");
    wait_for("a curve", || !place.curves("results/tiny").is_empty());
    signal(&child, Signal::SIGINT);
    let status = child.wait().unwrap();
    assert_eq!(status.code(), Some(130));
    let before = place.curves("results/tiny");
    assert!(before.len() < 6, "{}", before.len());
    let (status, out, _) = said(&mut place.fake(&["status", "study.toml"], ""));
    assert_eq!(status, 5, "{out}");
    assert!(!out.contains("running"), "{out}");
    place.fake(&["run", "study.toml"], "").assert().code(0);
    assert_eq!(place.curves("results/tiny").len(), 6);
}

#[test]
fn a_terminal_that_is_gone_after_the_last_trial_costs_no_report() {
    let place = Place::new(STUDY);
    let mut child = spawn(&place, "*/*=slow:2");
    wait_for("a curve", || !place.curves("results/tiny").is_empty());
    // Who holds this lock keeps the run from its report.
    let publishing = File::options()
        .write(true)
        .open(place.path("results/tiny/.publish.lock"))
        .unwrap();
    publishing.lock().unwrap();
    wait_for("the end of the last trial", || {
        let mut journals = std::fs::read_dir(place.path("results/tiny/journal")).unwrap();
        let is_at_work = journals.any(|entry| entry.unwrap().path().extension().is_some_and(|end| end == "alive"));
        place.curves("results/tiny").len() == 6 && !is_at_work
    });
    for _ in 0..3 {
        signal(&child, Signal::SIGHUP);
        sleep(Duration::from_millis(100));
    }
    assert_eq!(child.try_wait().unwrap(), None);
    drop(publishing);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(place.path("results/tiny/report/index.html").is_file());
}
