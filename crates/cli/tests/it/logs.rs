//! `logs`: of one trial and of several, while they are written and afterwards.

use crate::support::{Place, STUDY, said};
use seedband_testkit::process::wait_for;
use std::fs;
use std::io::Write;
use std::path::PathBuf;

/// The log of the only attempt at a trial of config `plain`.
fn log(place: &Place, seed: u32, attempt: u32) -> PathBuf {
    let start = format!("{seed}-");
    let folder = fs::read_dir(place.path("results/tiny/trials/plain"))
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.file_name().unwrap().to_string_lossy().starts_with(&start));
    folder.unwrap_or_default().join(format!("attempts/{attempt}/log"))
}

fn logs(place: &Place, arguments: &[&str]) -> (i32, String, String) {
    said(&mut place.seedband(&[&["logs", "study.toml"], arguments].concat()))
}

#[test]
fn of_one_trial_by_name_by_id_and_by_attempt() {
    let place = Place::new(STUDY);
    let (code, _, err) = logs(&place, &["plain/1"]);
    assert_eq!(code, 96);
    assert!(err.contains("`plain/1` has not been run yet"), "{err}");
    place
        .fake(&["run", "study.toml", "-j", "1"], "plain/1=fail:bad-data")
        .assert()
        .code(100);
    place
        .fake(&["run", "study.toml", "-j", "1"], "plain/1=slow:1")
        .assert()
        .code(0);
    let (code, last, _) = logs(&place, &["plain/1"]);
    assert_eq!(code, 0);
    assert!(last.contains("trial plain/1: slow") && !last.contains(" | "), "{last}");
    let (_, first, _) = logs(&place, &["plain/1", "--attempt", "1"]);
    assert!(first.ends_with("trial plain/1: fail\n"), "{first}");
    let (_, line, _) = logs(&place, &["plain/1", "--attempt", "1", "-n", "1"]);
    assert_eq!(line, "trial plain/1: fail\n");
    let path = log(&place, 1, 1);
    let folder = path.ancestors().nth(3).unwrap().file_name().unwrap().to_string_lossy();
    let id = folder.split_once('-').unwrap().1;
    assert_eq!(logs(&place, &[id, "--attempt", "1"]).1, first);

    let (code, _, err) = logs(&place, &["plain/1", "--attempt", "3"]);
    assert_eq!(code, 96);
    assert!(err.contains("`plain/1` has no attempt 3; there are 1, 2"), "{err}");
    let (code, _, err) = logs(&place, &["plane/1"]);
    assert_eq!(code, 96);
    assert!(err.contains("unknown trial `plane/1`; near are `plain/1`"), "{err}");
}

#[test]
fn of_several_each_line_names_its_trial() {
    let place = Place::new(STUDY);
    let (code, out, err) = logs(&place, &[]);
    assert_eq!((code, out.as_str()), (0, ""));
    assert!(err.contains("no trial runs, and none has failed"), "{err}");
    place
        .fake(&["run", "study.toml"], "plain/0=fail:internal;decay/2=exit:3")
        .assert()
        .code(100);
    for arguments in [&[][..], &["--failed"]] {
        let (code, out, _) = logs(&place, arguments);
        assert_eq!(code, 0);
        assert!(out.contains("plain/0 | trial plain/0: fail\n"), "{out}");
        assert!(out.contains("decay/2 | out of ideas\n"), "{out}");
        assert!(
            out.lines().all(|line| line.contains("/0 | ") || line.contains("/2 | ")),
            "{out}"
        );
    }
}

#[test]
fn bytes_pass_as_they_are_and_large_logs_are_read_from_their_end() {
    let place = Place::new(STUDY);
    place.fake(&["run", "study.toml"], "").assert().code(0);
    let path = log(&place, 0, 1);
    let mut file = fs::File::create(&path).unwrap();
    for line in 0..400_000 {
        writeln!(file, "line {line} of a log of many megabytes").unwrap();
    }
    file.write_all(b"\x1b[31mred\x1b[0m\r\n\xff\xfe\nhalf").unwrap();
    let out = place
        .seedband(&["logs", "study.toml", "plain/0", "-n", "4"])
        .output()
        .unwrap();
    let expected = b"line 399999 of a log of many megabytes\n\x1b[31mred\x1b[0m\r\n\xff\xfe\nhalf";
    assert_eq!(out.stdout, expected);
    assert_eq!(
        place
            .seedband(&["logs", "study.toml", "plain/0"])
            .output()
            .unwrap()
            .stdout
            .split(|byte| *byte == b'\n')
            .count(),
        100
    );
    let (_, none, _) = logs(&place, &["plain/0", "-n", "0"]);
    assert_eq!(none, "", "not even half a line");
    // A reader that has seen enough.
    let mut all = place.start(&["logs", "study.toml", "plain/0", "-n", "all"], "");
    assert_eq!(
        all.lines().next().unwrap().unwrap(),
        "line 0 of a log of many megabytes"
    );
    assert_eq!(all.end(), (0, String::new()));
}

#[test]
fn followed_what_comes_later_is_seen_until_the_trial_ends() {
    let place = Place::new(STUDY);
    let _run = place.start(&["run", "study.toml", "-j", "1"], "plain/0=slow:100;*/*=slow:400");
    wait_for("a log", || log(&place, 0, 1).is_file());
    let mut follow = place.start(&["logs", "study.toml", "plain/0", "-f"], "");
    let mut lines = follow.lines();
    let mut next = || lines.next().map(Result::unwrap);
    while next().unwrap() != "trial plain/0: slow" {}
    let mut file = fs::OpenOptions::new().append(true).open(log(&place, 0, 1)).unwrap();
    file.write_all(b"a line in ").unwrap();
    std::thread::sleep(std::time::Duration::from_millis(300));
    file.write_all(b"two parts\n").unwrap();
    assert_eq!(next().as_deref(), Some("a line in two parts"));
    // A log that somebody has cut is read from its beginning.
    file.set_len(0).unwrap();
    file.write_all(b"anew\n").unwrap();
    assert_eq!(next().as_deref(), Some("anew"));
    // The run goes on with the next trial; the log of this one is over.
    assert_eq!(next(), None);
    assert_eq!(follow.end().0, 0);
    let (_, out, _) = said(&mut place.seedband(&["status", "study.toml"]));
    assert!(
        out.contains("plain: 1 finished, 2 queued") && out.contains("decay: 1 running"),
        "{out}"
    );
}

#[test]
fn followed_into_the_next_attempt() {
    let place = Place::new(STUDY);
    let arguments = ["run", "study.toml", "-j", "1"];
    let first = place.start(&arguments, "*/*=hang");
    wait_for("a log", || log(&place, 0, 1).is_file());
    // A second runner keeps the study under way, busy with another trial.
    let _second = place.start(&arguments, "*/*=hang");
    wait_for("the second", || {
        said(&mut place.seedband(&["status", "study.toml"]))
            .1
            .contains("decay: 1 running")
    });
    let mut follow = place.start(&["logs", "study.toml", "plain/0", "-f", "-n", "1"], "");
    let mut lines = follow.lines();
    assert_eq!(lines.next().unwrap().unwrap(), "trial plain/0: hang");
    drop(first);
    let _third = place.start(&arguments, "");
    let rest: Vec<String> = lines.map(Result::unwrap).collect();
    assert_eq!(rest.last().unwrap(), "trial plain/0: finish", "{rest:?}");
    assert_eq!(follow.end(), (0, "plain/0: attempt 2\n".into()));
}

#[test]
fn followed_without_a_name_every_trial_is_seen_until_the_run_ends() {
    let place = Place::new(STUDY);
    // Some are over too soon to be seen running.
    let run = place.start(
        &["run", "study.toml", "-j", "2"],
        "plain/0=slow:60;*/*=slow:20;decay/1=finish",
    );
    wait_for("a log", || log(&place, 0, 1).is_file());
    let (code, out, _) = logs(&place, &["--follow"]);
    assert_eq!(code, 0, "{out}");
    for config in ["plain", "decay"] {
        for seed in 0..3 {
            let line = format!("{config}/{seed} | trial {config}/{seed}: ");
            assert_eq!(out.matches(&line).count(), 1, "{line}: {out}");
        }
    }
    assert_eq!(run.end().0, 0);
}
