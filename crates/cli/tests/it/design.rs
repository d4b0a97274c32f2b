//! docs/design.md names every folder of the sources, and no other; each word of docs/glossary.md is explained once.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(name: &str) -> String {
    let path = root().join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("`{}`: {error}", path.display()))
}

/// `crate/folder`s of Rust files directly below each `src`, as the document writes them: `core/study`.
fn folders_there_are() -> BTreeSet<String> {
    let mut folders = BTreeSet::new();
    for package in fs::read_dir(root().join("crates")).unwrap() {
        let package = package.unwrap();
        let name = package.file_name().into_string().unwrap();
        let Ok(sources) = fs::read_dir(package.path().join("src")) else {
            continue;
        };
        for entry in sources.map(Result::unwrap) {
            let folder = entry.file_name().into_string().unwrap();
            // What only tests of the crate use is not part of how it is built.
            if entry.path().join("mod.rs").is_file() && !["tests", "example"].contains(&folder.as_str()) {
                folders.insert(format!("{name}/{folder}"));
            }
        }
    }
    folders
}

#[test]
fn every_folder_is_in_the_list_and_no_other() {
    let text = read("docs/design.md");
    let (_, list) = text.split_once("## Folders").unwrap();
    let (list, _) = list.split_once("\n## ").unwrap();
    let named: BTreeSet<String> = list
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .map(|(name, _)| name.to_owned())
        .collect();
    assert!(named.len() > 20, "{named:?}");
    assert_eq!(named, folders_there_are());
}

#[test]
fn every_path_that_the_design_names_is_there() {
    let text = read("docs/design.md");
    let mut paths = 0;
    for name in text.split('`').skip(1).step_by(2) {
        let is_path = name.contains('/') && !name.contains([' ', '<', '*', ':', '…']);
        if is_path {
            let there = [
                name.to_owned(),
                format!("crates/{name}"),
                format!("crates/{}", with_src(name)),
            ];
            let exists = |path: &String| root().join(path).exists() || root().join(format!("{path}.rs")).exists();
            assert!(there.iter().any(exists), "`{name}`");
            paths += 1;
        }
    }
    assert!(paths > 40, "{paths}");
}

/// `core/study` as the path below `crates`.
fn with_src(name: &str) -> String {
    name.replacen('/', "/src/", 1)
}

#[test]
fn the_glossary_explains_each_word_once() {
    let text = read("docs/glossary.md");
    let words: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split_once(" | "))
        .map(|(word, _)| word)
        .filter(|word| *word != "word")
        .collect();
    let each: BTreeSet<&&str> = words.iter().collect();
    assert!(words.len() > 40, "{words:?}");
    assert_eq!(each.len(), words.len(), "{words:?}");
}
