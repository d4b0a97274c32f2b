//! Trials that the study does not come to.

use super::{NOBODY, folder, gc, listed};
use crate::interruption::{signal, spawn};
use crate::support::{Place, STUDY, said};
use nix::sys::signal::Signal;
use seedband_testkit::process::wait_for;
use std::fs;

#[test]
fn exactly_the_unused_goes_and_a_dry_run_changes_nothing() {
    let place = Place::new(STUDY);
    place.fake(&["run", "study.toml"], "").assert().code(0);
    let whole: Vec<String> = place.curves("results/tiny").into_iter().map(|(name, _)| name).collect();
    let (code, out, err) = gc(&place, &["--yes"]);
    assert_eq!((code, out.as_str(), err.as_str()), (0, "", "nothing to remove\n"));

    // One config goes, one changes, a seed is left out and one is added: never mixed, and the old ones stay.
    let changed = STUDY
        .replace("[[config]]\nname = \"plain\"\n", "")
        .replace("1e-3", "1e-2")
        .replace("0..3", "1..4");
    fs::write(place.path("study.toml"), changed).unwrap();
    place.fake(&["run", "study.toml", "--update"], "").assert().code(0);
    let shown = said(&mut place.seedband(&["report", "study.toml"])).1;
    assert!(shown.contains(" decay        3 "), "{shown}");
    assert_eq!(place.curves("results/tiny").len(), 9);
    let before = place.tree("results/tiny");
    let (code, out, err) = gc(&place, &["--dry-run"]);
    assert_eq!(code, 0, "{err}");
    let mut expected: Vec<&str> = whole
        .iter()
        .map(|curve| curve.strip_suffix("/curve.jsonl").unwrap())
        .collect();
    expected.sort_unstable();
    assert_eq!(listed(&out), expected);
    assert!(
        out.lines()
            .all(|line| line.starts_with("unused trial ") && line.contains(" kB  ")),
        "{out}"
    );
    assert!(
        err.contains("6 things, ") && err.contains(" would go; nothing was changed"),
        "{err}"
    );
    // Nobody can be asked here.
    let (code, _, err) = gc(&place, &[]);
    assert_eq!(code, 2);
    assert!(err.contains("add `--yes`, or look with `--dry-run`"), "{err}");
    assert_eq!(place.tree("results/tiny"), before);

    let (code, out, err) = gc(&place, &["--yes"]);
    assert_eq!((code, listed(&out).len()), (0, 6), "{err}");
    let mut after = before;
    after.retain(|(path, _)| {
        !whole
            .iter()
            .any(|curve| path.starts_with(curve.strip_suffix("curve.jsonl").unwrap()))
    });
    assert_eq!(place.tree("results/tiny"), after);
    assert!(!place.path("results/tiny/trials/plain").exists());
    assert_eq!(said(&mut place.seedband(&["report", "study.toml"])).1, shown);
    // The results folder stands for the study as last run.
    let (code, _, err) = said(&mut place.seedband(&["gc", "results/tiny", "--dry-run"]));
    assert_eq!((code, err.as_str()), (0, "nothing to remove\n"));
}

#[test]
fn what_is_not_plainly_ours_stays() {
    let place = Place::new(STUDY);
    place
        .fake(&["run", "study.toml", "--seeds", "0..4"], "")
        .assert()
        .code(0);
    let outside = place.path("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("precious"), "x").unwrap();
    let at = |name: &str| place.path(&format!("results/tiny/trials/{name}"));
    // A note in a trial's folder, one in an attempt's, and a link in an attempt's.
    let noted = folder(&place, "plain", "3-");
    fs::write(noted.join("notes.txt"), "why").unwrap();
    let linked = folder(&place, "decay", "3-");
    std::os::unix::fs::symlink(&outside, linked.join("attempts/1/data")).unwrap();
    // Folders that are none of trials, a link to one that is, and one under another's name.
    fs::create_dir_all(at("mine/0-deadbeef")).unwrap();
    fs::write(at("mine/0-deadbeef/thesis.tex"), "x").unwrap();
    fs::create_dir_all(at("mine/1-00000000")).unwrap();
    fs::copy(noted.join("trial.json"), at("mine/1-00000000/trial.json")).unwrap();
    fs::rename(folder(&place, "plain", "2-"), outside.join("moved")).unwrap();
    std::os::unix::fs::symlink(outside.join("moved"), at("mine/2-link")).unwrap();
    std::os::unix::fs::symlink(&outside, at("elsewhere")).unwrap();
    let before = (place.tree("results/tiny"), place.tree("outside"));
    let (code, out, err) = gc(&place, &["--yes", "--seeds", "0..3"]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    assert_eq!((place.tree("results/tiny"), place.tree("outside")), before);
    for (name, reason) in [
        (
            noted.strip_prefix(place.path("")).unwrap().display().to_string(),
            "notes.txt` is not seedband's",
        ),
        (
            linked.strip_prefix(place.path("")).unwrap().display().to_string(),
            "attempts/1/data` is not seedband's",
        ),
        (
            "results/tiny/trials/mine/0-deadbeef".into(),
            "it has no `trial.json` that can be read",
        ),
        (
            "results/tiny/trials/mine/1-00000000".into(),
            "its name is not that of the trial `",
        ),
    ] {
        let line = err
            .lines()
            .find(|line| line.starts_with(&format!("left alone: `{name}`")));
        assert!(line.is_some_and(|line| line.contains(reason)), "{name}: {err}");
    }
}

#[test]
fn nothing_goes_while_somebody_may_be_at_work() {
    let place = Place::new(STUDY);
    place.fake(&["run", "study.toml", "--seeds", "5,"], "").assert().code(0);
    let mut child = spawn(&place, "*/*=slow:100");
    wait_for("a claim", || {
        place
            .tree("results/tiny")
            .iter()
            .any(|(path, _)| path.ends_with("/claim"))
    });
    let (code, out, err) = gc(&place, &["--yes"]);
    assert_eq!((code, out.as_str()), (96, ""));
    assert!(err.contains(&format!("process {} of ", child.id())), "{err}");
    let (code, out, err) = gc(&place, &["--dry-run"]);
    assert_eq!((code, listed(&out).len()), (0, 2), "{err}");
    assert!(err.contains("not now: the study may be running"), "{err}");
    signal(&child, Signal::SIGKILL);
    child.wait().unwrap();

    // A claim from a machine that cannot be looked at.
    let unused = folder(&place, "plain", "5-");
    let claim = format!(
        "{{\"runner\":\"far-1-1\",\"host\":\"far\",\"pid\":{NOBODY},\"process-start\":1,\
         \"at\":\"2026-01-01T00:00:00Z\"}}\n"
    );
    fs::write(unused.join("claim"), claim).unwrap();
    let (code, _, err) = gc(&place, &["--yes"]);
    assert_eq!(code, 96);
    assert!(err.contains(&format!("process {NOBODY} of far")), "{err}");
    assert!(
        err.contains("if that machine is gone, remove `results/tiny/trials/plain/5-"),
        "{err}"
    );
    fs::remove_file(unused.join("claim")).unwrap();
    assert_eq!(gc(&place, &["--yes"]).0, 0);
    assert!(!unused.exists());
}
