//! What a run records about the repository of its study, whoever that repository comes from.

use crate::support::{Place, STUDY, said};
use seedband_testkit::process::{is_alive, wait_for};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

fn git(place: &Place, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .current_dir(place.path(""))
        .args(["-c", "user.name=nobody", "-c", "user.email=nobody@example.org"])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// A study in a repository of its own, whose one commit holds it.
fn repository() -> Place {
    let place = Place::new(STUDY);
    git(&place, &["init", "--quiet"]);
    git(&place, &["add", "study.toml"]);
    git(&place, &["commit", "--quiet", "--message", "study"]);
    place
}

fn program(path: &Path, script: &str) {
    fs::write(path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// The record of the one run.
fn record(place: &Place) -> Value {
    let lines = place.read("results/tiny/provenance.jsonl");
    let record: Value = serde_json::from_str(&lines).unwrap();
    record["run"].clone()
}

#[test]
fn commit_and_changes_are_those_before_the_run() {
    let place = repository();
    // The results are new files in the repository, and the study is changed while it runs.
    let mut run = place.start(&["run", "study.toml"], "*/*=slow:20");
    wait_for("a curve", || !place.curves("results/tiny").is_empty());
    fs::write(place.path("study.toml"), "").unwrap();
    run.lines().for_each(drop);
    assert_eq!(run.end().0, 0);
    let run = record(&place);
    assert_eq!(run["commit"], git(&place, &["rev-parse", "HEAD"]));
    assert_eq!(run["dirty"], false, "{run}");
}

#[test]
fn nothing_beside_a_study_is_executed() {
    let place = repository();
    let outside = tempfile::tempdir().unwrap();
    let (trap, mark) = (outside.path().join("trap"), outside.path().join("mark"));
    program(&trap, &format!("touch '{}'; cat", mark.display()));
    let trap = trap.display().to_string();
    for setting in [
        "core.fsmonitor",
        "filter.trap.clean",
        "filter.trap.process",
        "core.sshCommand",
    ] {
        git(&place, &["config", setting, &trap]);
    }
    fs::write(place.path(".gitattributes"), "* filter=trap\n").unwrap();
    fs::write(place.path("study.toml"), STUDY.replace("0..3", "0..2")).unwrap();
    let (status, _, err) = said(&mut place.fake(&["run", "study.toml"], ""));
    assert_eq!(status, 0, "{err}");
    assert!(!mark.exists(), "the repository's program was run");
    assert!(record(&place)["commit"].is_string());
}

#[test]
fn a_git_that_hangs_is_ended_and_the_run_goes_on() {
    let place = repository();
    fs::create_dir(place.path("bin")).unwrap();
    let pids = place.path("pids");
    let script = format!("sleep 1000 &\necho $$ $! >> '{}'\nwait", pids.display());
    program(&place.path("bin/git"), &script);
    let path = format!("{}:{}", place.path("bin").display(), std::env::var("PATH").unwrap());
    let (status, _, err) = said(place.fake(&["run", "study.toml"], "").env("PATH", path));
    assert_eq!(status, 0, "{err}");
    assert_eq!(record(&place)["commit"], Value::Null);
    let pids = fs::read_to_string(pids).unwrap();
    assert!(!pids.is_empty());
    for pid in pids.split_whitespace() {
        wait_for("git to end", || !is_alive(pid));
    }
}
