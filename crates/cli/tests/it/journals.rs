//! A damaged line in the middle of a journal.

use crate::support::{Place, STUDY, said};
use std::fs;

#[test]
fn a_damaged_line_is_named_and_every_command_goes_on() {
    let place = Place::new(STUDY);
    place
        .fake(&["run", "study.toml", "--seeds", "0..2"], "")
        .assert()
        .code(0);
    let journal = fs::read_dir(place.path("results/tiny/journal"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let text = fs::read_to_string(&journal).unwrap();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    assert!(lines.len() > 4, "{text}");
    let damaged = [&lines[..2], &["{\"at\":\"2026-\n"], &lines[3..]].concat().concat();
    fs::write(&journal, damaged).unwrap();
    let named = format!(
        "line 3 of the journal `{}` is no entry",
        fs::canonicalize(&journal).unwrap().display()
    );
    let name = journal.file_name().unwrap().to_string_lossy().into_owned();
    for (command, expected) in [
        (&["plan", "study.toml"][..], 0),
        // A third seed has not been run.
        (&["status", "study.toml"], 5),
        (&["logs", "study.toml"], 0),
        (&["aggregate", "study.toml"], 0),
        (&["gc", "study.toml", "--dry-run"], 0),
        (&["report", "study.toml"], 0),
        (&["show", "results/tiny"], 0),
    ] {
        let (code, _, err) = said(&mut place.seedband(command));
        assert_eq!(code, expected, "{command:?}: {err}");
        let told = err.matches("is no entry and passed over").count();
        assert!(told <= 1, "{command:?}: {err}");
        if told == 1 {
            assert!(
                err.contains("line 3 of the journal") && err.contains(&name),
                "{command:?}: {err}"
            );
            assert!(err.contains("; delete that line"), "{command:?}: {err}");
        }
    }
    for command in [&["status", "study.toml"][..], &["aggregate", "study.toml"]] {
        let (_, _, err) = said(&mut place.seedband(command));
        assert!(
            err.contains("is no entry and passed over"),
            "{command:?}: {err} {named}"
        );
    }
    let (code, _, err) = said(&mut place.fake(&["run", "study.toml"], ""));
    assert_eq!(code, 0, "{err}");
    assert_eq!(err.matches("is no entry and passed over").count(), 1, "{err}");
    assert_eq!(place.curves("results/tiny").len(), 6);
}
