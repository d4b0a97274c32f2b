//! Results of an older seedband are read and finished by this one: `tests/data/results-0.1`, whose README says what is
//! in it.

use crate::support::{Place, said};
use seedband_testkit::files::copy_folder;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// A copy of the old results, as `results/old` beside their study.
pub(crate) fn old() -> Place {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/results-0.1");
    let place = Place::new(&fs::read_to_string(data.join("study.toml")).unwrap());
    copy_folder(&data.join("old"), &place.path("results/old"));
    place
}

/// The copy, as if its runners had been on this host: processes that are gone.
fn old_of_this_host() -> Place {
    let place = old();
    let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap();
    for claim in claims(&place) {
        let mut record: Value = serde_json::from_str(&fs::read_to_string(&claim).unwrap()).unwrap();
        record["host"] = host.trim().into();
        // Above the kernel's highest process id, 4194304.
        record["pid"] = 5_000_000.into();
        fs::write(claim, record.to_string()).unwrap();
    }
    place
}

fn claims(place: &Place) -> Vec<std::path::PathBuf> {
    let folders = ["plain", "decay"].map(|config| fs::read_dir(place.path("results/old/trials").join(config)).unwrap());
    let claims = folders
        .into_iter()
        .flatten()
        .map(|folder| folder.unwrap().path().join("claim"));
    claims.filter(|claim| claim.is_file()).collect()
}

/// The exit status of `seedband status`, and the state of every trial by its config, training and seed.
fn told(place: &Place) -> (i32, BTreeMap<String, String>) {
    let (status, out, err) = said(&mut place.seedband(&["status", "--json", "study.toml"]));
    let told: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{err}"));
    let state = |row: &Value| {
        let text = |key: &str| row[key].as_str().map(str::to_owned).unwrap_or_default();
        let training = row["training"]
            .as_str()
            .map(|name| format!("/{name}"))
            .unwrap_or_default();
        let trial = format!("{}{training}/{}", text("config"), row["seed"]);
        (trial, format!("{} {}", text("state"), text("detail")).trim().to_owned())
    };
    (status, told["trials"].as_array().unwrap().iter().map(state).collect())
}

/// What was finished by the old program: the same in every test here.
const FINISHED: [(&str, &str); 8] = [
    ("plain/0", "finished completed after 24 steps"),
    ("plain/1", "finished completed after 24 steps"),
    ("decay/0", "finished completed after 24 steps"),
    ("decay/2", "finished completed after 24 steps"),
    ("plain/own/0", "finished completed after 8 steps"),
    ("plain/own/1", "diverged non-finite after 6 steps"),
    ("decay/own/0", "finished completed after 8 steps"),
    ("decay/own/2", "finished completed after 8 steps"),
];

const FAILED: (&str, &str) = ("decay/1", "failed out-of-memory in attempt 2");

/// Checks the state of every trial; `others` stand beside [`FINISHED`] and [`FAILED`]. Each is given by how it begins.
fn check_states(place: &Place, others: &[(&str, &str)]) {
    let (exit, mut states) = told(place);
    assert_eq!(exit, 100, "{states:?}");
    for (trial, expected) in FINISHED.iter().chain([&FAILED]).chain(others) {
        let state = states.remove(*trial).unwrap_or_default();
        assert!(state.starts_with(expected), "{trial}: {state}");
    }
    assert!(states.is_empty(), "{states:?}");
}

/// The curves that today's program gives for the whole study.
fn fresh() -> Vec<(String, String)> {
    let place = Place::new(&old().read("study.toml"));
    let (status, _, err) = said(&mut place.fake(&["run", "study.toml", "-j", "2"], "plain/own/1=diverge:5"));
    assert_eq!(status, 0, "{err}");
    place.curves("results/old")
}

/// All that is in the old folder stays: `now` holds each of its curves, to the byte.
fn all_kept(now: &[(String, String)]) {
    let then = old().curves("results/old");
    assert_eq!(then.len(), FINISHED.len());
    for curve in then {
        assert!(now.contains(&curve), "changed: {}", curve.0);
    }
}

#[test]
fn what_is_left_of_an_older_program_is_told_and_finished() {
    let place = old_of_this_host();
    for journal in fs::read_dir(place.path("results/old/journal")).unwrap() {
        let text = fs::read_to_string(journal.unwrap().path()).unwrap();
        assert!(text.starts_with("{\"journal\":1,"), "the data is no longer old: {text}");
    }
    // An old claim says neither boot nor namespaces, so nobody knows whether its process ever was of this container.
    let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap();
    let running = |device: &str| format!("running on {device} of {} since 2026-11-25T14:11:24Z", host.trim());
    let held = [
        ("decay/3", "interrupted in attempt 1"),
        ("plain/2", &running("cpu")),
        // The line that says that a second attempt had begun is torn.
        ("plain/3", &running("a device")),
    ];
    check_states(&place, &held);

    let (status, _, err) = said(&mut place.fake(&["run", "study.toml", "-j", "2", "--set", "run.heartbeat=100ms"], ""));
    assert_eq!(status, 0, "{err}");
    assert!(err.contains("4 trials to run, 8 finished before"), "{err}");
    let curves = place.curves("results/old");
    all_kept(&curves);
    assert_eq!(curves, fresh());
    let (exit, trials) = told(&place);
    assert_eq!((exit, trials.len()), (0, 16), "{trials:?}");
    // Each attempt has a folder of its own, after those of the old program.
    for (trial, attempts) in [
        ("plain/0", 1),
        ("decay/3", 2),
        ("plain/2", 3),
        ("plain/3", 3),
        ("decay/1", 3),
    ] {
        assert_eq!(attempts_at(&place, trial), attempts, "{trial}");
    }
    assert!(claims(&place).is_empty());
    let (status, _, err) = said(&mut place.fake(&["run", "study.toml"], "start=crash"));
    assert_eq!(
        (status, err.contains("nothing to run: all 16 trials")),
        (0, true),
        "{err}"
    );
}

fn attempts_at(place: &Place, trial: &str) -> usize {
    let (config, seed) = trial.split_once('/').unwrap();
    let folders = fs::read_dir(place.path("results/old/trials").join(config)).unwrap();
    let mut folders = folders.map(|folder| folder.unwrap());
    let folder = folders.find(|folder| folder.file_name().to_string_lossy().starts_with(&format!("{seed}-")));
    fs::read_dir(folder.unwrap().path().join("attempts")).unwrap().count()
}

/// From another host nobody can tell that the runner is gone. Before version 0.2 it gave no signs of life, so its trials
/// are taken over once it has been silent for as long as it takes.
#[test]
fn the_claims_of_an_older_program_on_another_host_age_out() {
    let place = old();
    let running = [
        ("decay/3", "interrupted in attempt 1"),
        ("plain/2", "running on cpu of node1 since 2026-11-25T14:11:24Z"),
        ("plain/3", "running on a device of node1 since 2026-11-25T14:11:24Z"),
    ];
    check_states(&place, &running);
    let (status, _, err) = said(&mut place.fake(&["run", "study.toml", "-j", "2", "--set", "run.heartbeat=100ms"], ""));
    assert_eq!(status, 0, "{err}");
    assert!(
        err.contains("held by node1 (process 32714), which cannot be looked at from here"),
        "{err}"
    );
    let curves = place.curves("results/old");
    all_kept(&curves);
    assert_eq!(curves, fresh());
    assert!(claims(&place).is_empty());
}

#[test]
fn the_tables_of_an_older_program_are_shown_and_made_anew() {
    let place = old();
    let show = |place: &Place| {
        let (status, out, err) = said(&mut place.seedband(&["show", "results/old"]));
        assert_eq!(status, 0, "{err}");
        assert!(out.contains("plain") && out.contains("decay"), "{out}");
        out
    };
    // From the old summary, then from a new one of the same curves.
    let then = show(&place);
    let old = place.read("results/old/aggregate/summary.json");
    place.seedband(&["aggregate", "results/old"]).assert().code(0);
    assert_eq!(show(&place), then);
    let new = place.read("results/old/aggregate/summary.json");
    let mut old: Value = serde_json::from_str(&old).unwrap();
    assert_eq!(old["version"], 1, "the data is no longer old");
    old["version"] = 3.into();
    says_all(&serde_json::from_str(&new).unwrap(), &renamed(old, ""), "summary");
    assert!(place.read("results/old/aggregate/trials.csv").lines().count() > 8);
    place.seedband(&["report", "results/old"]).assert().code(0);
    assert!(place.read("results/old/report/index.html").contains("decay"));
    all_kept(&place.curves("results/old"));
}

/// A summary of version 1 in the names of version 2; `key` is that of `old`.
fn renamed(old: Value, key: &str) -> Value {
    let name = |inner: &str| match (key, inner) {
        ("interval", "low") => "lower".to_owned(),
        ("interval", "high") => "upper".to_owned(),
        ("risk", "cut") => "censored".to_owned(),
        (_, "low") => "min-lr".to_owned(),
        (_, "high") => "max-lr".to_owned(),
        (_, other) => other.to_owned(),
    };
    match old {
        // The losses of single seeds are in a table alone.
        Value::Object(old) => old
            .into_iter()
            .filter(|(inner, _)| (key, inner.as_str()) != ("seeds", "smoothed"))
            // What version 3 counts in another way: over all seeds, and whole intervals; divergence on
            // raw losses; groups that are parted by a gap.
            .filter(|(inner, _)| {
                !["consensus", "decades", "diverged", "diverged-step", "risk"].contains(&inner.as_str())
            })
            .map(|(key, value)| (name(&key), renamed(value, &key)))
            .collect(),
        Value::Array(old) => old.into_iter().map(|value| renamed(value, key)).collect(),
        Value::String(text) if key == "source" => text.replace("high end", "max LR").into(),
        other => other,
    }
}

/// Checks that `new` has every value of `old`. It may have further keys.
fn says_all(new: &Value, old: &Value, place: &str) {
    match (new, old) {
        (Value::Object(new), Value::Object(old)) => {
            for (key, value) in old {
                says_all(new.get(key).unwrap_or(&Value::Null), value, &format!("{place}.{key}"));
            }
        }
        (Value::Array(new), Value::Array(old)) => {
            assert_eq!(new.len(), old.len(), "{place}");
            for (index, value) in old.iter().enumerate() {
                says_all(&new[index], value, &format!("{place}[{index}]"));
            }
        }
        (new, old) => assert_eq!(new, old, "{place}"),
    }
}
