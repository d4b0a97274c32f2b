//! `gc` removes exactly what the study does not use, and nothing while somebody may be at work.

use crate::interruption::{signal, spawn};
use crate::support::{Place, STUDY, said};
use nix::sys::signal::Signal;
use seedband_testkit::process::wait_for;
use std::fs;
use std::path::PathBuf;

/// Above the kernel's highest process id.
const NOBODY: u32 = 5_000_000;

fn gc(place: &Place, arguments: &[&str]) -> (i32, String, String) {
    said(&mut place.seedband(&[&["gc", "study.toml"], arguments].concat()))
}

/// The one folder of a trial under `trials/<config>` whose name begins so.
fn folder(place: &Place, config: &str, start: &str) -> PathBuf {
    let entries = fs::read_dir(place.path(&format!("results/tiny/trials/{config}"))).unwrap();
    let mut found = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with(start));
    let one = found.next().unwrap();
    assert_eq!(found.next(), None);
    one
}

/// The paths that a listing names, from the results folder.
fn listed(out: &str) -> Vec<String> {
    let path = |line: &str| line.rsplit_once("  results/tiny/").unwrap().1.to_owned();
    out.lines().map(path).collect()
}

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
    place.fake(&["run", "study.toml", "--seeds", "5"], "").assert().code(0);
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

#[test]
fn what_dead_processes_left_behind_goes() {
    let place = Place::new(STUDY);
    let mut child = spawn(&place, "*/*=slow:100");
    wait_for("a file of progress", || {
        place
            .tree("results/tiny/journal")
            .iter()
            .any(|(path, _)| path.ends_with(".progress.json"))
    });
    signal(&child, Signal::SIGKILL);
    child.wait().unwrap();
    let used = folder(&place, "plain", "0-")
        .strip_prefix(place.path("results/tiny"))
        .unwrap()
        .display()
        .to_string();
    let own = std::process::id();
    let plant = |name: String| {
        let path = place.path("results/tiny").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "half").unwrap();
    };
    let dead = [
        format!(".study.toml.{NOBODY}-0.tmp"),
        format!("journal/.x.progress.json.{NOBODY}-3.tmp"),
        format!("report/figures/.bands.png.{NOBODY}-1.tmp"),
        format!("slots/.host.json.{NOBODY}-5.tmp"),
        format!("{used}/.curve.jsonl.{NOBODY}-2.tmp"),
        // What a gc leaves that is cut short.
        format!("trials/plain/.9-0badcafe.{NOBODY}-0.tmp"),
    ];
    for name in &dead[..5] {
        plant(name.clone());
    }
    plant(format!("{}/trial.json", dead[5]));
    plant(format!("{}/attempts/1/log", dead[5]));
    let alive = [
        format!("{used}/.curve.jsonl.{own}-0.tmp"),
        format!("unrelated/.x.{NOBODY}-0.tmp"),
        ".hidden.tmp".into(),
    ];
    alive.iter().cloned().for_each(plant);
    let (code, out, err) = gc(&place, &["--yes"]);
    assert_eq!(code, 0, "{err}");
    let kinds = |kind: &str| out.lines().filter(|line| line.starts_with(kind)).count();
    assert_eq!((kinds("stale claim"), kinds("stale progress")), (2, 1), "{out}");
    // The kill may have left half a file too.
    let half: Vec<&str> = out
        .lines()
        .filter(|line| line.starts_with("half-written file"))
        .collect();
    assert!(
        dead.iter()
            .all(|name| half.iter().any(|line| line.ends_with(name.as_str()))),
        "{out}"
    );
    assert_eq!(out.lines().count(), 3 + half.len(), "{out}");
    let left: Vec<String> = place.tree("results/tiny").into_iter().map(|(path, _)| path).collect();
    assert!(alive.iter().all(|name| left.contains(name)), "{left:?}");
    assert!(
        !left
            .iter()
            .any(|path| path.contains(&NOBODY.to_string()) && !path.starts_with("unrelated")),
        "{left:?}"
    );
    assert!(
        !left
            .iter()
            .any(|path| path.ends_with("/claim") || path.ends_with(".progress.json")),
        "{left:?}"
    );
    place.fake(&["run", "study.toml"], "").assert().code(0);
}

#[test]
fn attempts_that_came_to_nothing_go_only_when_asked_for() {
    let place = Place::new(STUDY);
    let mut child = spawn(&place, "*/*=slow:100");
    wait_for("a claim", || {
        place
            .tree("results/tiny")
            .iter()
            .any(|(path, _)| path.contains("plain/0-") && path.ends_with("/log"))
    });
    signal(&child, Signal::SIGKILL);
    child.wait().unwrap();
    place
        .fake(&["run", "study.toml"], "plain/0=fail:bad-data;decay/1=fail:bad-data")
        .assert()
        .code(100);
    place
        .fake(&["run", "study.toml"], "decay/1=fail:bad-data")
        .assert()
        .code(100);
    let (_, out, _) = gc(&place, &["--dry-run"]);
    // The kill may have left half a file.
    assert!(!out.contains("superseded"), "{out}");
    let (code, out, err) = gc(&place, &["--attempts", "--yes"]);
    assert_eq!(code, 0, "{err}");
    // One was killed and one failed before the third finished; the trial that never finished keeps all of its.
    let plain = folder(&place, "plain", "0-");
    let name = plain.strip_prefix(place.path("results/tiny")).unwrap().display();
    let own: Vec<String> = listed(&out)
        .into_iter()
        .filter(|path| path.contains("plain/0-"))
        .collect();
    assert_eq!(own, [format!("{name}/attempts/1"), format!("{name}/attempts/2")]);
    assert!(!out.contains("decay/1-"), "{out}");
    let numbers = |folder: PathBuf| fs::read_dir(folder.join("attempts")).unwrap().count();
    assert_eq!((numbers(plain), numbers(folder(&place, "decay", "1-"))), (1, 2));
    // The next attempt does not take a number that was given before.
    let (_, log, _) = said(&mut place.seedband(&["logs", "study.toml", "plain/0", "--attempt", "3"]));
    assert!(log.contains("trial plain/0: finish"), "{log}");
}

#[test]
fn trainings_stay_as_long_as_others_wait_for_range_tests() {
    let study = "name = \"tiny\"\nseeds = \"0..3\"\n[schedule]\nsteps = 40\n[train]\nsteps = 3\n\
                 [[train.variant]]\nname = \"median\"\nlr = \"median\"\n[[train.variant]]\nname = \"fixed\"\nlr = [0.1]\n";
    let place = Place::new(study);
    let (code, _, err) = said(&mut place.fake(&["run", "study.toml"], ""));
    assert_eq!(code, 0, "{err}");
    assert_eq!(place.curves("results/tiny").len(), 9);
    assert_eq!(gc(&place, &["--dry-run"]).1, "");
    // Without one range test nobody knows which trainings by the median are needed, nor that the old ones are not.
    fs::remove_file(folder(&place, "base", "1-").join("curve.jsonl")).unwrap();
    let fewer = study.replace("[[train.variant]]\nname = \"fixed\"\nlr = [0.1]\n", "");
    fs::write(place.path("study.toml"), fewer).unwrap();
    let (code, out, err) = gc(&place, &["--yes"]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    assert!(
        err.contains("kept: 6 trainings that may be needed, since others still wait for range tests"),
        "{err}"
    );
    assert_eq!(place.curves("results/tiny").len(), 8);
    place.fake(&["run", "study.toml"], "").assert().code(0);
    let (code, out, err) = gc(&place, &["--yes"]);
    assert_eq!(code, 0, "{err}");
    assert!(
        listed(&out)
            .iter()
            .all(|path| path.starts_with("trials/base/fixed,lr=0.1-")),
        "{out}"
    );
    assert_eq!((listed(&out).len(), place.curves("results/tiny").len()), (3, 6));
}

#[test]
fn seeds_that_may_still_be_added_stay() {
    let place = Place::new(STUDY);
    place
        .fake(&["run", "study.toml", "--seeds", "0..20"], "")
        .assert()
        .code(0);
    let until = STUDY.replace("\"0..3\"", "\"until 0.3, at most 18\"");
    fs::write(place.path("study.toml"), until).unwrap();
    // As long as one of the first ten is missing, nobody knows whether more will be asked for.
    fs::remove_file(folder(&place, "plain", "4-").join("curve.jsonl")).unwrap();
    let seeds = |out: &str| {
        let seed = |path: String| path.rsplit_once('/').unwrap().1.split_once('-').unwrap().0.to_owned();
        let mut seeds: Vec<String> = listed(out).into_iter().map(seed).collect();
        seeds.sort();
        seeds
    };
    let (code, out, err) = gc(&place, &["--dry-run"]);
    assert_eq!(
        (code, seeds(&out)),
        (0, vec!["18".into(), "18".into(), "19".into(), "19".into()]),
        "{err}"
    );
    // With ten the median is known: the fake worker's curves are much alike.
    place.fake(&["run", "study.toml", "--update"], "").assert().code(0);
    let (code, out, err) = gc(&place, &["--dry-run"]);
    assert_eq!((code, seeds(&out).len()), (0, 20), "{err}");
}
