//! `trial.json` is byte for byte what earlier commits wrote, and ids are those of earlier results.

#![expect(clippy::unwrap_used, reason = "tests")]

use seedband_core::protocol::{Request, StreamSeeds, Train, to_line};
use seedband_core::trial::Trial;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every `trial.json` below a folder.
fn below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let of = |path: PathBuf| match path.is_dir() {
        true => below(&path),
        false if path.ends_with("trial.json") => vec![path],
        false => Vec::new(),
    };
    entries.flat_map(of).collect()
}

/// Reads a trial, makes it anew from its settings, and checks that both give the text and the id that were there.
fn check(text: &str) -> Trial {
    let trial: Trial = serde_json::from_str(text).unwrap();
    let again = serde_json::to_string_pretty(&trial).unwrap();
    assert_eq!(format!("{again}\n"), text);
    let range_test = Trial::new(&trial.config, trial.seed, &trial.recipe);
    let made = match &trial.training {
        Some(plan) => {
            assert_eq!(plan.range_test, range_test.id);
            Trial::of_training(range_test, plan.clone())
        }
        None => range_test,
    };
    assert_eq!(made, trial);
    trial
}

/// With every table away from its default, written before the trainer's settings stood apart from those of every trial.
#[test]
fn a_trial_with_everything_is_written_as_ever() {
    let [range_test, training] = ["range-test", "training"]
        .map(|name| check(&fs::read_to_string(root().join(format!("crates/core/tests/trials/{name}.json"))).unwrap()));
    assert_eq!(range_test.id.as_str(), "b934c4fad943394e60665fbf56d101a2");
    assert_eq!(training.id.as_str(), "0dd232d10e5e2bf6a77a36165e27279a");
    assert_eq!(range_test.recipe, training.recipe);
    let request = to_line(&Request::Train(Train {
        weights_path: Some("/studies/weights.bin".into()),
        ..Train::new(training.clone(), Vec::new())
    }));
    let trial = serde_json::to_string(&training).unwrap();
    let seeds = serde_json::to_string(&StreamSeeds::of(&training)).unwrap();
    assert_eq!(
        request,
        format!(
            "{{\"type\":\"train\",\"trial\":{trial},\"seeds\":{seeds},\"weights-path\":\"/studies/weights.bin\",\"early-stops\":[]}}\n"
        )
    );
}

#[test]
fn the_trials_of_version_0_1_are_written_as_ever() {
    let files = below(&root().join("crates/cli/tests/data/results-0.1/old/trials"));
    assert_eq!(files.len(), 12);
    for path in files {
        check(&fs::read_to_string(&path).unwrap());
    }
}
