//! What a run says and does when trials fail.

use crate::support::{Place, STUDY, said};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

#[test]
fn the_end_names_each_failed_trial_its_class_its_last_words_and_what_to_do() {
    let place = Place::new(STUDY);
    let script = "plain/1=exit:3;plain/2=exit:3;decay/0=fail:bad-data";
    let (status, _, err) = said(&mut place.fake(&["run", "study.toml", "-q"], script));
    assert_eq!(status, 100, "{err}");
    let lost = "error: 2 trials failed (lost-worker): the worker ended in the middle of the trial: exit status 3; \
                its last log line: `out of ideas`";
    let (_, end) = err.split_once(lost).unwrap_or_else(|| panic!("{err}"));
    for text in [
        "\n  plain/1 in 3 attempts, log `results/tiny/trials/plain/1-",
        "\n  plain/2 in 3 attempts, log `results/tiny/trials/plain/2-",
        "\n  the last lines of the log of `plain/1`:\n",
        "\n  | out of ideas\n  help: read the trial's log, then run again\n",
    ] {
        assert!(end.contains(text), "`{text}` in {err}");
    }
    let data = "error: 1 trial failed (bad-data): as the script says\n  decay/0 in 1 attempt, log `";
    assert!(err.contains(data), "{err}");
    assert!(err.contains("help: check the folder in `data.path`"), "{err}");
    place.fake(&["run", "study.toml"], "").assert().code(0);
}

#[test]
fn a_trial_tried_again_is_told_and_counts_once() {
    let place = Place::new(STUDY);
    std::fs::create_dir(place.path("shared")).unwrap();
    let mut command = place.fake(&["run", "study.toml", "--retries", "1"], "plain/1=times:1:crash");
    let (status, _, err) = said(command.env("FAKE_WORKER_FOLDER", place.path("shared")));
    assert_eq!(status, 0, "{err}");
    assert!(err.contains("plain/1: lost-worker: the worker ended"), "{err}");
    assert!(err.contains("; again after"), "{err}");
    assert!(err.contains("[6/6] "), "{err}");
    assert!(!err.contains("failed"), "{err}");
    assert_eq!(place.curves("results/tiny").len(), 6);
}

#[test]
fn fail_fast_and_max_fails_stop_early() {
    for (arguments, failed) in [(&["--fail-fast"][..], "1 trial"), (&["--max-fails", "2"], "2 trials")] {
        let place = Place::new(STUDY);
        let all: Vec<&str> = ["run", "study.toml", "-j", "1"]
            .iter()
            .chain(arguments)
            .copied()
            .collect();
        let (status, _, err) = said(&mut place.fake(&all, "*/*=fail:bad-data"));
        assert_eq!(status, 100, "{err}");
        assert!(
            err.contains(&format!("{failed} failed, as many as `run.max-fails` allows")),
            "{err}"
        );
        assert!(err.contains("gave up: "), "{err}");
        place.fake(&["run", "study.toml"], "").assert().code(0);
    }
    let place = Place::new(STUDY);
    let both = ["run", "study.toml", "--fail-fast", "--max-fails", "2"];
    place.fake(&both, "").assert().code(2);
    place
        .fake(&["run", "study.toml", "--max-fails", "0"], "")
        .assert()
        .code(96);
}

#[test]
fn a_second_runner_says_who_holds_the_study_and_takes_over_from_a_machine_that_is_gone() {
    let place = Place::new(STUDY);
    place.fake(&["run", "study.toml", "-q"], "").assert().code(0);
    let curves = place.curves("results/tiny");
    for (curve, _) in &curves {
        let curve = place.path("results/tiny").join(curve);
        std::fs::remove_file(&curve).unwrap();
        let claim =
            r#"{"runner":"node7-4711-1","host":"node7","pid":4711,"process-start":1,"at":"2026-01-01T00:00:00Z"}"#;
        std::fs::write(curve.with_file_name("claim"), claim).unwrap();
    }
    // It lives.
    let (heart, is_over) = (
        place.path("results/tiny/journal/node7-4711-1.alive"),
        AtomicBool::new(false),
    );
    let (status, _, err) = std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut beat = 0;
            while !is_over.load(Ordering::Relaxed) {
                beat += 1;
                std::fs::write(&heart, format!("{beat:010}\n")).unwrap();
                std::thread::sleep(Duration::from_millis(20));
            }
        });
        let said = said(&mut place.fake(&["run", "study.toml"], ""));
        is_over.store(true, Ordering::Relaxed);
        said
    });
    assert_eq!(status, 5, "{err}");
    assert!(
        err.contains(
            "6 trials held by process 4711 on node7 (since 2026-01-01T00:00:00Z); run again when it has ended; if its \
             machine is gone, add `--take-over node7`"
        ),
        "{err}"
    );
    place
        .fake(&["run", "study.toml", "--take-over", "node7"], "")
        .assert()
        .code(0);
    assert_eq!(place.curves("results/tiny"), curves);
}
