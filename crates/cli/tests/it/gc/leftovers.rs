//! What dead processes left behind, and attempts that came to nothing.

use super::{NOBODY, folder, gc, listed};
use crate::interruption::{signal, spawn};
use crate::support::{Place, STUDY, said};
use nix::sys::signal::Signal;
use seedband_testkit::process::wait_for;
use std::fs;
use std::path::PathBuf;

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
        format!("{used}/.curve.jsonl.0123456789abcdef-2.tmp"),
        // What a gc leaves that is cut short.
        format!("trials/plain/.9-0badcafe.{NOBODY}-0.tmp"),
    ];
    for name in &dead[..5] {
        plant(name.clone());
    }
    plant(format!("{}/trial.json", dead[5]));
    plant(format!("{}/attempts/1/log", dead[5]));
    let alive = [format!("unrelated/.x.{NOBODY}-0.tmp"), ".hidden.tmp".into()];
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
            .any(|path| path.ends_with("/claim") || path.ends_with(".progress.json") || path.contains(".alive")),
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
