//! Which part of a crate may use which: `use crate::…` only goes down.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// By crate: its parts from the lowest to the highest, layer by layer. A part is a file or a folder right below `src`. It
/// may use every part of the layers before its own, and none beside it.
const LAYERS: &[(&str, &[&[&str]])] = &[
    (
        "seedband",
        &[
            &["error", "machine", "subprocess", "trial_durations"],
            &["advice"],
            &["describe"],
            &["doctor", "init", "logs", "session"],
            &["gc", "monitor", "plan", "results", "weights"],
            &["run"],
        ],
    ),
    (
        "cli",
        &[
            &["exit"],
            &["args", "output"],
            &["progress", "run_summary"],
            &["commands"],
        ],
    ),
];

/// The parts of a crate that `text` names after `crate::`, in paths and in lists.
fn named(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for after in text.split("crate::").skip(1) {
        if let Some(list) = after.strip_prefix('{') {
            names.extend(first_names(list));
        } else {
            names.extend(identifier(after));
        }
    }
    names
}

/// The first name of each entry of a list as in `use`, whose opening brace has been read.
fn first_names(list: &str) -> Vec<String> {
    let (mut names, mut depth, mut entry) = (Vec::new(), 1, String::new());
    for letter in list.chars() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => names.extend(identifier(std::mem::take(&mut entry).trim_start())),
            _ => {}
        }
        if depth == 0 {
            break;
        }
        if !(letter == ',' && depth == 1) {
            entry.push(letter);
        }
    }
    names.extend(identifier(entry.trim_start()));
    names
}

fn identifier(text: &str) -> Option<String> {
    let end = text.find(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
    let name = &text[..end.unwrap_or(text.len())];
    (!name.is_empty()).then(|| name.to_owned())
}

/// A file without its comments and without its tests at the end.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// Every file of a part but those that hold tests alone, as code.
fn files(path: &Path) -> Vec<String> {
    if path.is_file() {
        return vec![code(path)];
    }
    let entries = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
    let is_code = |path: &std::path::PathBuf| !path.ends_with("tests.rs") && !path.ends_with("properties.rs");
    entries.filter(is_code).flat_map(|path| files(&path)).collect()
}

/// The parts of a crate: name, and the file or folder.
fn parts(source: &Path) -> Vec<(String, std::path::PathBuf)> {
    let entries = fs::read_dir(source).unwrap().map(|entry| entry.unwrap().path());
    let part = |path: std::path::PathBuf| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let is_root = ["lib", "main", "bin"].contains(&name.as_str());
        (!is_root).then_some((name, path))
    };
    entries.filter_map(part).collect()
}

#[test]
fn parts_of_a_crate_use_only_those_below_them() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for (name, layers) in LAYERS {
        let parts = parts(&crates.join(name).join("src"));
        let layer = |part: &str| layers.iter().position(|layer| layer.contains(&part));
        for (part, path) in &parts {
            let own = layer(part).unwrap_or_else(|| panic!("say where `{name}/{part}` stands in LAYERS"));
            for used in files(path).iter().flat_map(|code| named(code)) {
                // What is no part is an item that the crate's root hands on.
                let is_part = parts.iter().any(|(part, _)| *part == used);
                let is_below = layer(&used).is_some_and(|other| other < own);
                assert!(
                    !is_part || used == *part || is_below,
                    "`{name}/{part}` uses `{name}/{used}`, which does not stand below it"
                );
            }
        }
        let is_there = |part: &&&str| parts.iter().any(|(there, _)| there == **part);
        let gone: Vec<_> = layers
            .iter()
            .flat_map(|layer| layer.iter())
            .filter(|part| !is_there(part))
            .collect();
        assert!(gone.is_empty(), "{name} has no {gone:?}");
    }
}

#[test]
fn names_are_read_from_paths_and_lists() {
    let text = "use crate::a::{B, C};\nuse crate::{d, e::{F, g::H}, I};\nlet x = crate::j::k();";
    let expected = ["a", "d", "e", "I", "j"].map(str::to_owned);
    assert_eq!(named(text), BTreeSet::from(expected));
}
