//! The reference file, and the studies of the repository.

use crate::support::{load, root};
use seedband_core::study::{Study, reference};
use std::fs;

#[test]
fn an_empty_study_is_the_reference() {
    let empty = load("name = \"a\"", &[]).unwrap();
    let reference = load(&format!("name = \"a\"\n{}", reference::TEXT), &[]).unwrap();
    assert_eq!(
        empty,
        Study {
            title: "a".into(),
            ..reference
        }
    );
    assert_eq!(empty.configs.len(), 1);
    assert_eq!(empty.configs[0].name, "base");
    assert_eq!(empty.seeds.seeds().len(), 20);
}

#[test]
fn the_reference_has_every_known_key() {
    for table in [
        "",
        "model",
        "init",
        "data",
        "pixels",
        "augment",
        "training",
        "loss",
        "optimizer",
        "optimizer.group",
        "schedule",
        "streams",
        "validation",
        "smoothing",
        "stop",
        "divergence",
        "range.min",
        "rule.<name>",
        "train",
        "train.policy",
        "statistics",
        "run",
        "sweep",
    ] {
        let rule = if table == "range.min" {
            "rule = \"steepest\"\n"
        } else {
            ""
        };
        let header = if table.is_empty() {
            String::new()
        } else if table == "rule.<name>" {
            "[rule.a]\n".to_owned()
        } else if table == "optimizer.group" {
            "[[optimizer.group]]\n".to_owned()
        } else {
            format!("[{table}]\n{rule}")
        };
        let error = load(&format!("{header}zzzzzzzzzzzzzz = 1"), &[]).unwrap_err();
        let known = error.split("known keys: ").nth(1).unwrap();
        for key in known.split('`').skip(1).step_by(2) {
            let heading = |line: &str| line.contains(&format!("[{key}")) || line.contains(&format!("[{table}.{key}"));
            let set = |line: &str| line.trim_start_matches("# ").starts_with(&format!("{key} = "));
            assert!(
                reference::TEXT.lines().any(|line| set(line) || heading(line)),
                "`{key}` of `[{table}]` is not in the reference"
            );
        }
    }
}

#[test]
fn every_flavour_and_every_experiment_parses() {
    let mut seen = 0;
    for folder in ["configs/flavours", "configs/data", "configs/models", "experiments"] {
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "toml") {
                Study::load(&path, &[]).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                seen += 1;
            }
        }
    }
    Study::load(&root().join("configs/rules.toml"), &[]).unwrap();
    assert!(seen >= 8, "{seen}");
}
