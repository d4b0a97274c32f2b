//! Results of strangers: what lies in place of files, and what texts say.

use crate::support::{Place, STUDY, said};
use nix::sys::stat::Mode;
use nix::unistd::mkfifo;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::time::Duration;

fn finished() -> Place {
    let place = Place::new(STUDY);
    place.fake(&["run", "study.toml", "-q"], "").assert().code(0);
    place
}

/// The first file of that name, below any folder.
fn file(place: &Place, name: &str) -> String {
    let tree = place.tree("results/tiny");
    let found = tree.iter().map(|(path, _)| path).find(|path| path.ends_with(name));
    found.unwrap_or_else(|| panic!("no `{name}`")).clone()
}

/// To open a pipe waits for one who writes to it, and a device may have no end. Whatever is read says so at once, or does
/// without.
#[test]
fn no_pipe_and_no_device_is_waited_for() {
    for name in [
        ".jsonl",
        "curve.jsonl",
        "trial.json",
        "attempt.json",
        "summary.json",
        "provenance.jsonl",
        "study.toml",
        ".use.lock",
        ".publish.lock",
    ] {
        for device in [false, true] {
            let place = finished();
            let path = place.path("results/tiny").join(file(&place, name));
            fs::remove_file(&path).unwrap();
            if device {
                symlink("/dev/zero", &path).unwrap();
            } else {
                mkfifo(&path, Mode::S_IRWXU).unwrap();
            }
            for arguments in [
                &["status", "study.toml"][..],
                &["show", "study.toml"],
                &["plan", "study.toml"],
                &["run", "study.toml", "-q"],
                &["gc", "study.toml", "--dry-run"],
            ] {
                let mut command = place.fake(arguments, "");
                let (status, _, err) = said(command.timeout(Duration::from_mins(1)));
                assert!(
                    [0, 5, 96, 100].contains(&status),
                    "{name} {arguments:?}: {status}: {err}"
                );
                assert!(!err.contains("panicked"), "{name} {arguments:?}: {err}");
            }
        }
    }
}

/// What a terminal would obey: a title, a colour, a bell, a line that is written over, a direction that is turned.
const EVIL: &str = "a\\u001b]0;title\\u0007\\u001b[31mb\\rc\\u009b2Jd\\u202ee";

#[test]
fn no_text_of_a_file_moves_a_terminal() {
    let place = Place::new(&format!("title = \"{EVIL}\"\ndescription = \"{EVIL}\"\n{STUDY}"));
    place
        .fake(&["run", "study.toml", "-q"], "plain/1=fail:bad-data")
        .assert()
        .code(100);
    // As a stranger's journal may say it.
    let journal = place.path("results/tiny").join(file(&place, ".jsonl"));
    let text = fs::read_to_string(&journal).unwrap();
    let (before, after) = text.split_once("\"message\":\"").unwrap();
    fs::write(&journal, format!("{before}\"message\":\"{EVIL}{after}")).unwrap();
    for arguments in [
        &["status", "study.toml"][..],
        &["status", "results/tiny"],
        &["show", "study.toml"],
        &["plan", "study.toml"],
        &["report", "study.toml"],
        &["run", "study.toml"],
    ] {
        let (_, out, err) = said(&mut place.fake(arguments, "plain/1=fail:bad-data"));
        for text in [out, err] {
            let acts = |letter: char| (letter.is_control() && letter != '\n' && letter != '\t') || letter == '\u{202e}';
            assert!(!text.contains(acts), "{arguments:?}: {text:?}");
        }
    }
    let figures = place.path("results/tiny/report/figures");
    for entry in fs::read_dir(figures).unwrap() {
        let path = entry.unwrap().path();
        if path.extension() == Some(Path::new("svg").as_os_str()) {
            let svg = fs::read_to_string(&path).unwrap();
            assert!(!svg.contains(['\u{1b}', '\u{7}', '\u{9b}']), "{}", path.display());
        }
    }
}

#[test]
fn a_log_that_is_no_file_is_not_read() {
    let place = finished();
    let log = file(&place, "attempts/1/log");
    let path = place.path("results/tiny").join(&log);
    // `trials/plain/0-f765dfec/…`
    let mut parts = log.split('/').skip(1);
    let (config, folder) = (parts.next().unwrap(), parts.next().unwrap());
    let trial = format!("{config}/{}", folder.split('-').next().unwrap());
    for device in [false, true] {
        fs::remove_file(&path).unwrap();
        if device {
            symlink("/dev/zero", &path).unwrap();
        } else {
            mkfifo(&path, Mode::S_IRWXU).unwrap();
        }
        let (status, _, err) = said(
            place
                .fake(&["logs", "study.toml", &trial], "")
                .timeout(Duration::from_mins(1)),
        );
        assert!(err.contains("it is not a file"), "{status}: {err}");
    }
}

#[test]
fn numbers_of_a_stranger_are_no_panic() {
    let place = finished();
    let most = u64::MAX;
    let progress = format!(
        r#"{{"version":1,"runner":"evil","host":"elsewhere","pid":1,"process-start":1,"since":"2026-01-01T00:00:00Z","at":"2026-01-01T00:00:00Z","to-run":{most},"before":{most},"finished":{most},"failed":{most},"seconds-left":1e308,"slots":[]}}"#
    );
    fs::write(place.path("results/tiny/journal/evil.progress.json"), progress).unwrap();
    for arguments in [&["status", "study.toml"][..], &["status", "study.toml", "--json"]] {
        let (status, out, err) = said(&mut place.fake(arguments, ""));
        assert_eq!(status, 0, "{out}{err}");
        assert!(out.contains("elsewhere"), "{out}");
    }
}
