//! `status` from another process while a run is under way.

use crate::interruption::{signal, spawn};
use crate::support::{Place, STUDY, said};
use nix::sys::signal::Signal;
use seedband_testkit::process::wait_for;
use serde_json::Value;
use std::fs;

fn status(place: &Place) -> (i32, Value) {
    let (status, out, err) = said(&mut place.seedband(&["status", "study.toml", "--json"]));
    (
        status,
        serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{err}")),
    )
}

fn trials(view: &Value, state: &str) -> Vec<Value> {
    let trials = view["trials"].as_array().unwrap();
    trials.iter().filter(|trial| trial["state"] == state).cloned().collect()
}

fn progress_files(place: &Place) -> Vec<std::path::PathBuf> {
    let files = fs::read_dir(place.path("results/tiny/journal")).into_iter().flatten();
    let paths = files.map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.to_string_lossy().ends_with(".progress.json"))
        .collect()
}

#[test]
fn another_process_sees_the_steps_of_a_run() {
    let place = Place::new(STUDY);
    let mut child = spawn(&place, "decay/0=fail:bad-data;plain/0=diverge:3;*/*=slow:100");
    let mut seen = Value::Null;
    wait_for("a step", || {
        if progress_files(&place).is_empty() {
            return false;
        }
        seen = status(&place).1;
        trials(&seen, "running")
            .iter()
            .any(|trial| trial["step"].as_u64() > Some(0))
    });
    let running = trials(&seen, "running");
    let trial = running.iter().find(|trial| trial["step"].as_u64() > Some(0)).unwrap();
    assert_eq!(
        (&trial["steps"], &trial["device"]),
        (&40.into(), &"cpu".into()),
        "{trial}"
    );
    assert!(
        trial["loss"].as_f64() > Some(0.5) && trial["lr"].as_f64() > Some(0.0),
        "{trial}"
    );
    let runner = &seen["runners"][0];
    assert_eq!(runner["pid"], child.id(), "{runner}");
    assert_eq!(runner["to-run"], 6, "{runner}");
    assert!(runner["seconds-left"].as_f64() > Some(0.0), "{runner}");
    assert!(place.path(runner["journal"].as_str().unwrap()).is_file(), "{runner}");
    let (_, out, _) = said(&mut place.seedband(&["status", "study.toml"]));
    assert!(out.contains(&format!("run by process {} of ", child.id())), "{out}");
    assert!(
        out.contains(" running: step ") && out.contains(" of 40, loss "),
        "{out}"
    );

    wait_for("a failure", || status(&place).1["counts"]["failed"] == 1);
    wait_for("a divergence", || status(&place).1["counts"]["diverged"] == 1);
    assert!(child.wait().unwrap().code() == Some(100));
    assert_eq!(
        progress_files(&place),
        [] as [std::path::PathBuf; 0],
        "gone with the run"
    );
    let (code, over) = status(&place);
    assert_eq!((code, over["runners"].as_array().unwrap().len()), (100, 0));
    let failed = &trials(&over, "failed")[0];
    assert_eq!(
        (&failed["class"], &failed["message"]),
        (&"bad-data".into(), &"as the script says".into())
    );
    let attempt = &failed["attempts"][0];
    assert_eq!((&attempt["attempt"], &attempt["device"]), (&1.into(), &"cpu".into()));
    assert_eq!(attempt["outcome"]["state"], "failed", "{attempt}");
    assert!(
        attempt["started"].is_string() && attempt["ended"].is_string(),
        "{attempt}"
    );
    let log = fs::read_to_string(place.path(attempt["log"].as_str().unwrap())).unwrap();
    assert!(log.contains("trial decay/0: fail"), "{log}");
    let diverged = &trials(&over, "diverged")[0];
    assert_eq!(
        (&diverged["end"], &diverged["steps"]),
        (&"non-finite".into(), &4.into())
    );

    // A trial that diverged has its result: nothing is left to do for it.
    place.fake(&["run", "study.toml"], "").assert().code(0);
    let (code, over) = status(&place);
    assert_eq!((code, &over["counts"]["diverged"]), (0, &1.into()));
}

#[test]
fn what_a_killed_run_left_is_ignored_and_cleared_by_the_next() {
    let place = Place::new(STUDY);
    let mut child = spawn(&place, "*/*=slow:100");
    wait_for("a file of progress", || !progress_files(&place).is_empty());
    signal(&child, Signal::SIGKILL);
    child.wait().unwrap();
    let left = progress_files(&place);
    assert_eq!(left.len(), 1);
    let (code, view) = status(&place);
    assert_eq!(code, 5);
    assert_eq!(view["runners"].as_array().unwrap().len(), 0, "{view}");
    assert_eq!(view["counts"]["running"], 0, "{view}");
    place.fake(&["run", "study.toml"], "*/*=slow:50").assert().code(0);
    assert_eq!(progress_files(&place), [] as [std::path::PathBuf; 0]);
}

/// A file that cannot be written is no reason to end a run.
#[test]
fn a_run_goes_on_where_its_progress_cannot_be_written() {
    let place = Place::new(STUDY);
    let mut child = spawn(&place, "*/*=slow:50");
    wait_for("a file of progress", || !progress_files(&place).is_empty());
    // A folder in its place cannot be replaced by a file.
    let path = progress_files(&place).remove(0);
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    // The runner is known by its claims all the same.
    let view = status(&place).1;
    assert_eq!(view["runners"][0]["pid"], child.id(), "{view}");
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let hidden = fs::read_dir(place.path("results/tiny/journal"))
        .unwrap()
        .any(|entry| entry.unwrap().file_name().to_string_lossy().starts_with('.'));
    assert!(!hidden);
}

#[test]
fn a_watch_shows_changes_and_ends_with_the_run() {
    let place = Place::new(STUDY);
    let mut child = spawn(&place, "*/*=slow:60");
    wait_for("a file of progress", || !progress_files(&place).is_empty());
    let (code, out, err) = said(&mut place.seedband(&["status", "study.toml", "--watch", "0.2"]));
    assert!(out.matches("tiny: 6 trials").count() > 3, "{out}");
    assert!(out.contains("plain: 1 running, 2 queued"), "{out}");
    // The last view is taken in the moment between the last curve and the end of the run, or after it.
    assert_eq!((code, err.as_str()), (0, "nothing is left to run\n"), "{out}");
    assert!(out.ends_with("  plain: 3 finished\n  decay: 3 finished\n"), "{out}");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_watch_ends_when_nobody_runs_the_study() {
    let place = Place::new(STUDY);
    let (code, out, err) = said(&mut place.seedband(&["status", "study.toml", "--watch"]));
    assert_eq!((code, out.matches("queued").count()), (5, 2), "{out}");
    assert_eq!(
        err,
        "nobody runs the study now: 6 trials to run; go on with `seedband run study.toml`\n"
    );
    // One line of JSON at each change; the runner is killed under the eyes of the watch.
    let mut child = spawn(&place, "*/*=slow:100");
    wait_for("a file of progress", || !progress_files(&place).is_empty());
    let mut watch = place.start(&["status", "study.toml", "--watch=0.1", "--json"], "");
    let mut lines = watch.lines();
    let first: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
    assert_eq!(first["counts"]["running"], 2, "{first}");
    signal(&child, Signal::SIGKILL);
    child.wait().unwrap();
    let last: Value = serde_json::from_str(&lines.last().unwrap().unwrap()).unwrap();
    assert_eq!(last["counts"]["interrupted"], 2, "{last}");
    let (code, err) = watch.end();
    assert_eq!(code, 5, "{err}");
    assert!(err.contains("nobody runs the study now: 6 trials to run"), "{err}");
}

#[test]
fn a_signal_ends_a_watch_and_not_the_run() {
    let place = Place::new(STUDY);
    let mut child = spawn(&place, "*/*=slow:100");
    wait_for("a file of progress", || !progress_files(&place).is_empty());
    let mut watch = place.start(&["status", "study.toml", "--watch=60"], "");
    // Kept open: a watch that nobody reads ends by itself.
    let mut lines = watch.lines();
    assert_eq!(lines.next().unwrap().unwrap(), "tiny: 6 trials");
    // Its default action, as with Ctrl-C; that one is ignored where these tests are a background job of a shell.
    watch.signal(Signal::SIGTERM);
    assert_eq!(watch.end_by_signal(), Some(15));
    drop(lines);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_watch_in_the_wrong_place_says_how() {
    let place = Place::new(STUDY);
    let (code, _, err) = said(&mut place.seedband(&["status", "--watch", "study.toml"]));
    assert_eq!(code, 2);
    assert!(err.contains("name the study before `--watch`"), "{err}");
    for wrong in ["0", "nan", "1e9", "-1s"] {
        assert_eq!(
            said(&mut place.seedband(&["status", "study.toml", &format!("--watch={wrong}")])).0,
            2,
            "{wrong}"
        );
    }
}
