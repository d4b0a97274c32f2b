//! Which part of a crate may use which: `use crate::…` only goes down.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// By crate: its parts from the lowest to the highest, layer by layer. A part is a file or a folder right below `src`.
/// It may use every part of the layers before its own, and none beside it but those that it is tied to with a `+`, in
/// a circle of folders.
const LAYERS: &[(&str, &[&[&str]])] = &[
    (
        "core",
        &[
            &[
                "failure",
                "hex",
                "host_name",
                "invalid",
                "json_line",
                "listed",
                "number",
                "one_line",
                "printable",
                "seeds",
                "shape",
            ],
            &["check", "token"],
            &["settings"],
            &["trainer"],
            &["files+range_test+recipe+summary+train+trial+version_0_1"],
            &["protocol", "step_plan"],
            &["study"],
        ],
    ),
    (
        "data",
        &[
            &["error", "examples+moments"],
            &["array", "class_limit", "file"],
            &["cifar", "fit", "folder", "labelled", "synthetic"],
            &["arrays", "idx"],
            &["read"],
            &["look"],
        ],
    ),
    (
        "fetch",
        &[
            &["catalog", "error"],
            &["address", "digest", "partial", "staging"],
            &["http", "unpack"],
            &["download", "record"],
            &["fetch"],
        ],
    ),
    (
        "worker",
        &[
            &[
                "cuda_driver",
                "dataset",
                "layers",
                "libtorch",
                "memory_format",
                "precision",
            ],
            &["device", "init", "state_dict"],
            &["failure"],
            &["batches", "dataset_cache", "models", "optimizer", "pixels"],
            &["augment", "initial_state", "validate"],
            &["train"],
            &["serve"],
            &["args"],
        ],
    ),
    (
        "runner",
        &[
            &["control", "failure"],
            &["os"],
            &["events+store+tally"],
            &["device"],
            &["worker"],
            &["deferred", "outcome"],
            &["job"],
            &["engine"],
        ],
    ),
    (
        "aggregator",
        &[
            &["error", "input", "stats"],
            &["read"],
            &["section", "tables"],
            &["summarize"],
        ],
    ),
    (
        "report",
        &[&["error", "format"], &["draw"], &["section"], &["page"], &["write"]],
    ),
    (
        "seedband",
        &[
            &["error", "generation", "machine", "trial_durations"],
            &["threads"],
            &["advice"],
            &["describe"],
            &["data_table", "doctor", "init", "logs", "lr_find", "session"],
            &["gc", "monitor", "results", "weights"],
            &["import", "run"],
            &["check_trainer", "plan"],
        ],
    ),
    (
        "cli",
        &[
            &["exit"],
            &["output"],
            &["args", "first_process", "progress", "run_summary"],
            &["commands"],
        ],
    ),
    (
        "testkit",
        &[
            &[
                "failing_calls",
                "files",
                "heap",
                "http_server",
                "process",
                "program",
                "random",
            ],
            &["fuzz"],
        ],
    ),
    (
        "testkit/fake-worker",
        &[
            &["behaviour", "curve", "output", "shared_folder"],
            &["misbehave", "script"],
            &["save_init", "start"],
            &["train"],
        ],
    ),
];

/// What `text` names right below `module`, which ends in `::`, in paths and in lists.
fn named(text: &str, module: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for after in text.split(module).skip(1) {
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

/// Whether a file or folder holds tests alone, or what they share.
fn is_test(path: &Path) -> bool {
    let name = path.file_stem().unwrap_or_default();
    ["tests", "properties", "example"].iter().any(|test| name == *test)
}

/// Every file of a part, as code.
fn files(path: &Path) -> Vec<String> {
    if path.is_file() {
        return vec![code(path)];
    }
    let entries = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
    entries
        .filter(|path| !is_test(path))
        .flat_map(|path| files(&path))
        .collect()
}

/// The parts of a crate: name, and the file or folder.
fn parts(source: &Path) -> Vec<(String, PathBuf)> {
    let entries = fs::read_dir(source).unwrap().map(|entry| entry.unwrap().path());
    let part = |path: PathBuf| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let is_root = ["lib", "main", "bin"].contains(&name.as_str());
        (!is_root && !is_test(&path)).then_some((name, path))
    };
    entries.filter_map(part).collect()
}

/// Where a part stands: its layer, and the group of parts there that it is tied to.
fn place(layers: &[&[&str]], part: &str) -> Option<(usize, usize)> {
    let is_own = |group: &&str| group.split('+').any(|name| name == part);
    let places = layers
        .iter()
        .enumerate()
        .map(|(layer, groups)| Some((layer, groups.iter().position(is_own)?)));
    places.flatten().next()
}

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[test]
fn parts_of_a_crate_use_only_those_below_them() {
    let mut problems = Vec::new();
    for (name, layers) in LAYERS {
        let parts = parts(&crates().join(name).join("src"));
        let is_there = |part: &str| parts.iter().any(|(there, _)| there == part);
        for (part, path) in &parts {
            let Some(own) = place(layers, part) else {
                problems.push(format!("say in LAYERS where `{name}/{part}` stands"));
                continue;
            };
            let used: BTreeSet<String> = files(path).iter().flat_map(|code| named(code, "crate::")).collect();
            // What is no part is an item that the crate's root hands on.
            for used in used.iter().filter(|used| is_there(used)) {
                if !place(layers, used).is_some_and(|other| other == own || other.0 < own.0) {
                    problems.push(format!(
                        "`{name}/{part}` uses `{name}/{used}`, which does not stand below it"
                    ));
                }
            }
        }
        let listed = layers
            .iter()
            .flat_map(|layer| layer.iter())
            .flat_map(|group| group.split('+'));
        let gone = listed.filter(|part| !is_there(part));
        problems.extend(gone.map(|part| format!("there is no `{name}/{part}`")));
    }
    assert_eq!(problems, [] as [String; 0]);
}

#[test]
fn every_crate_has_its_layers() {
    let entries = fs::read_dir(crates()).unwrap().map(Result::unwrap);
    let there = entries.map(|entry| entry.file_name().into_string().unwrap());
    let listed = LAYERS.iter().map(|(name, _)| (*name).to_owned());
    let listed = listed.filter(|name| !name.contains('/'));
    assert_eq!(listed.collect::<BTreeSet<_>>(), there.collect());
}

#[test]
fn topics_of_a_report_know_no_medium() {
    let topics = files(&crates().join("report/src/section"));
    assert!(topics.len() > 50, "{}", topics.len());
    for code in topics {
        for medium in ["askama", "comfy_table"] {
            assert!(!code.contains(medium), "{medium}:\n{code}");
        }
    }
}

#[test]
fn pages_of_a_report_know_no_single_topic() {
    let source = crates().join("report/src");
    let is_folder = |(_, path): &(String, PathBuf)| path.is_dir();
    let topics = parts(&source.join("section")).into_iter().filter(is_folder);
    let topics: BTreeSet<String> = topics.map(|(name, _)| name).collect();
    assert!(topics.len() > 10, "{topics:?}");
    let pages = files(&source.join("page"));
    let named: BTreeSet<String> = pages.iter().flat_map(|code| named(code, "section::")).collect();
    assert!(named.contains("Contents"), "{named:?}");
    assert!(named.is_disjoint(&topics), "{named:?}");
}

#[test]
fn names_are_read_from_paths_and_lists() {
    let text = "use crate::a::{B, C};\nuse crate::{d, e::{F, g::H}, I};\nlet x = crate::j::k();";
    let expected = ["a", "d", "e", "I", "j"].map(str::to_owned);
    assert_eq!(named(text, "crate::"), BTreeSet::from(expected));
}
