//! Each command on a study that goes well, and the exit statuses.

use crate::support::{Place, STUDY, said};
use std::fs;

#[test]
fn run_makes_results_tables_and_a_report() {
    let place = Place::new(STUDY);
    let (status, out, err) = said(&mut place.fake(&["run", "study.toml"], ""));
    assert_eq!(status, 0, "{err}");
    assert!(out.contains("plain") && out.contains("decay"), "{out}");
    assert!(err.contains("report: results/tiny/report/index.html"), "{err}");
    for file in [
        "study.toml",
        "provenance.jsonl",
        "aggregate/summary.json",
        "aggregate/curves.csv",
        "aggregate/curves.parquet",
        "aggregate/bands.csv",
        "aggregate/ranges.csv",
        "aggregate/trials.csv",
        "report/index.html",
        "report/summary.md",
    ] {
        assert!(
            place.path("results/tiny").join(file).metadata().unwrap().len() > 0,
            "{file}"
        );
    }
    assert_eq!(place.curves("results/tiny").len(), 6);
    let hidden = |name: &str| {
        fs::read_dir(place.path(name))
            .unwrap()
            .any(|entry| entry.unwrap().file_name().to_string_lossy().ends_with(".tmp"))
    };
    assert!(!hidden("results/tiny") && !hidden("results/tiny/aggregate") && !hidden("results/tiny/report"));
}

#[test]
fn a_validation_that_is_switched_on_is_a_change_of_training() {
    let place = Place::new(STUDY);
    place.fake(&["run", "study.toml"], "").assert().code(0);
    // What is said about a validation that is off means nothing.
    let (status, _, err) = said(&mut place.fake(&["run", "study.toml", "--set", "validation.images=7"], "start=crash"));
    assert_eq!(status, 0, "{err}");
    let on = ["run", "study.toml", "--set", "validation.every=1"];
    let (status, _, err) = said(&mut place.fake(&on, ""));
    assert_eq!(status, 96, "{err}");
    assert!(err.contains("`validation.every` was not set, is 1"), "{err}");
    let (status, _, err) = said(&mut place.fake(&[&on[..], &["--results", "other"]].concat(), ""));
    assert_eq!(status, 0, "{err}");
    assert!(place.path("other/tiny/report/figures/losses-decay.svg").is_file());
}

#[test]
fn a_second_run_trains_nothing_and_a_grown_study_only_what_is_new() {
    let place = Place::new(STUDY);
    place.fake(&["run", "study.toml"], "").assert().code(0);
    let (status, _, err) = said(&mut place.fake(&["run", "study.toml"], "start=crash"));
    assert_eq!(status, 0, "{err}");
    assert!(
        err.contains("nothing to run: all 6 trials were finished before"),
        "{err}"
    );
    // More seeds, and another analysis of the same curves.
    let (status, _, err) = said(&mut place.fake(
        &["run", "study.toml", "--seeds", "0..5", "--set", "smoothing.beta=0.9"],
        "",
    ));
    assert_eq!(status, 0, "{err}");
    assert!(err.contains("4 trials to run, 6 finished before"), "{err}");
    assert_eq!(place.curves("results/tiny").len(), 10);
}

#[test]
fn the_same_study_gives_the_same_bytes_on_any_number_of_slots() {
    let place = Place::new(STUDY);
    place
        .fake(&["run", "study.toml", "--results", "one", "-j", "1"], "")
        .assert()
        .code(0);
    place
        .fake(&["run", "study.toml", "--results", "four", "-j", "4"], "")
        .assert()
        .code(0);
    assert_eq!(place.curves("one"), place.curves("four"));
    let summary = |results: &str| place.read(&format!("{results}/tiny/aggregate/summary.json"));
    assert_eq!(summary("one"), summary("four"));
}

#[test]
fn the_resolved_study_runs_the_same_trials() {
    let place = Place::new(STUDY);
    place.fake(&["run", "study.toml"], "").assert().code(0);
    fs::copy(place.path("results/tiny/study.toml"), place.path("again.toml")).unwrap();
    let (status, _, err) = said(&mut place.fake(&["run", "again.toml"], ""));
    assert_eq!((status, err.contains("nothing to run")), (0, true), "{err}");
    // And the results folder itself stands for its study.
    place.fake(&["run", "results/tiny"], "").assert().code(0);
}

#[test]
fn plan_changes_nothing() {
    let place = Place::new(STUDY);
    let (status, out, _) = said(&mut place.fake(&["plan", "study.toml", "-j", "2"], ""));
    assert_eq!(status, 0);
    assert!(
        out.contains("6 trials: 0 finished, 6 to run") && out.contains("at once: 2 on cpu"),
        "{out}"
    );
    assert!(out.contains("optimizer.weight-decay = 0.001"), "{out}");
    assert!(!place.path("results").exists());
    place
        .fake(&["run", "study.toml", "--seeds", "0..2"], "")
        .assert()
        .code(0);
    let (_, out, _) = said(&mut place.fake(&["plan", "study.toml", "--json"], ""));
    let plan: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((plan["finished"].as_u64(), plan["to-run"].as_u64()), (Some(4), Some(2)));
    assert!(plan["seconds"].is_number());
}

#[test]
fn plan_says_what_is_to_be_measured() {
    let place = Place::new(STUDY);
    let arguments = ["plan", "study.toml", "--devices", "cuda", "--set", "run.gpu-slots=auto"];
    let (status, out, err) = said(place.fake(&arguments, "").env("CUDA_VISIBLE_DEVICES", "GPU-a"));
    assert_eq!(status, 0, "{err}");
    assert!(out.contains("at once: up to 6 on cuda:0\n"), "{out}");
    assert!(
        out.contains("time: not known before the number of trials at once is measured"),
        "{out}"
    );
}

#[test]
fn status_tells_states_by_exit_status_too() {
    let place = Place::new(STUDY);
    let (status, out, _) = said(&mut place.fake(&["status", "study.toml"], ""));
    assert_eq!(status, 5);
    assert!(out.contains("plain: 3 queued"), "{out}");
    place
        .fake(&["run", "study.toml"], "decay/1=fail:out-of-memory")
        .assert()
        .code(100);
    let (status, out, _) = said(&mut place.fake(&["status", "study.toml"], ""));
    assert_eq!(status, 100);
    assert!(
        out.contains("decay: 2 finished, 1 failed") && out.contains("out-of-memory"),
        "{out}"
    );
    place.fake(&["run", "study.toml"], "").assert().code(0);
    let (status, out, _) = said(&mut place.fake(&["status", "study.toml", "--json"], ""));
    let view: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((status, view["trials"].as_array().unwrap().len()), (0, 6));
}

#[test]
fn a_failed_trial_ends_neither_the_study_nor_silently() {
    let place = Place::new(STUDY);
    let (status, out, err) = said(&mut place.fake(&["run", "study.toml"], "plain/0=crash;plain/1=garbage"));
    assert_eq!(status, 100);
    assert!(
        err.contains("(lost-worker)") && err.contains("(protocol)") && err.contains("help:"),
        "{err}"
    );
    assert!(out.contains("plain"), "what there is is shown: {out}");
    assert_eq!(place.curves("results/tiny").len(), 4);
}

#[test]
fn show_aggregate_and_report_need_no_worker() {
    let place = Place::new(STUDY);
    place.fake(&["run", "study.toml"], "").assert().code(0);
    fs::remove_dir_all(place.path("results/tiny/report")).unwrap();
    let without = |arguments: &[&str]| {
        let mut command = place.seedband(arguments);
        command.env("SEEDBAND_WORKER", "/nonexistent").env("PATH", "");
        said(&mut command)
    };
    let (status, shown, err) = without(&["show", "results/tiny"]);
    assert_eq!(status, 0, "{err}");
    let (status, reported, err) = without(&["report", "results/tiny"]);
    assert_eq!(status, 0, "{err}");
    assert_eq!(shown, reported);
    assert!(place.path("results/tiny/report/index.html").is_file());
    let (status, ..) = without(&["aggregate", "results/tiny"]);
    assert_eq!(status, 0);
    let (_, json, _) = without(&["show", "--json", "results/tiny"]);
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&json).unwrap()["study"],
        "tiny"
    );
}

#[test]
fn init_writes_a_study_that_plans() {
    let place = Place::new(STUDY);
    place.seedband(&["init", "new.toml"]).assert().code(0);
    let (status, out, err) = said(&mut place.seedband(&["plan", "new.toml"]));
    assert_eq!(status, 0, "{err}");
    assert!(out.contains("20 trials"), "{out}");
    let before = place.read("study.toml");
    let (status, _, err) = said(&mut place.seedband(&["init", "study.toml"]));
    assert_eq!((status, place.read("study.toml")), (96, before));
    assert!(err.contains("--force"), "{err}");
    place.seedband(&["init", "study.toml", "--force"]).assert().code(0);
}

#[test]
fn doctor_looks_and_tells() {
    let place = Place::new(STUDY);
    let (status, out, _) = said(&mut place.fake(&["doctor"], ""));
    assert_eq!(status, 0);
    assert!(out.contains("processor:") && out.contains("fake-worker"), "{out}");
    assert!(out.contains("cpu: a worker is ready there, "), "{out}");
    let mut command = place.fake(&["doctor"], "");
    let (status, out, _) = said(command.env("CUDA_VISIBLE_DEVICES", "GPU-a,GPU-b"));
    assert_eq!(status, 0, "{out}");
    assert!(
        out.contains("\ncuda:0: a worker is ready there, ") && out.contains("\ncuda:1: a worker is ready there, "),
        "{out}"
    );
    let mut command = place.fake(&["doctor"], "start=exit:3");
    let (status, out, _) = said(command.env("CUDA_VISIBLE_DEVICES", "0"));
    assert_eq!(status, 96, "{out}");
    assert!(out.contains("\ncuda:0: no worker starts there: "), "{out}");
    let mut command = place.seedband(&["doctor", "--worker", "/nonexistent"]);
    let (status, out, err) = said(&mut command);
    assert_eq!(status, 96, "{out}");
    assert!(err.contains("/nonexistent"), "{err}");
}

#[test]
fn help_and_version_and_wrong_usage() {
    let place = Place::new(STUDY);
    let (status, out, _) = said(&mut place.seedband(&["--help"]));
    assert_eq!(status, 0);
    assert!(out.contains("130 interrupted"), "{out}");
    assert_eq!(said(&mut place.seedband(&["--version"])).0, 0);
    assert_eq!(said(&mut place.seedband(&["ruin"])).0, 2);
}

#[test]
fn weights_are_written_for_the_trials_asked_for() {
    let place = Place::new(STUDY);
    let (status, out, err) =
        said(&mut place.fake(&["weights", "study.toml", "--config", "decay", "--seeds", "1,7"], ""));
    assert_eq!(status, 0, "{err}");
    let paths: Vec<&str> = out.lines().collect();
    assert_eq!(paths.len(), 2, "{out}");
    assert!(
        paths[0].starts_with("results/tiny/trials/decay/1-") && paths[1].starts_with("results/tiny/trials/decay/7-"),
        "{out}"
    );
    assert!(
        paths
            .iter()
            .all(|path| place.path(path).is_file() && path.ends_with("/init.safetensors"))
    );
    let (status, _, err) = said(&mut place.fake(&["weights", "study.toml", "--config", "plane"], ""));
    assert_eq!(status, 96);
    assert!(
        err.contains("unknown config `plane`; known are `plain`, `decay`"),
        "{err}"
    );
    // Nothing counts as trained for it.
    let (status, out, _) = said(&mut place.fake(&["status", "study.toml"], ""));
    assert_eq!((status, out.contains("decay: 3 queued")), (5, true), "{out}");
    let (status, out, err) = said(&mut place.fake(&["weights", "study.toml"], "decay/2=fail:bad-data"));
    assert_eq!(status, 96);
    assert!(
        err.contains("`decay/2` (bad-data)") && out.lines().count() == 5,
        "{out}{err}"
    );
}
