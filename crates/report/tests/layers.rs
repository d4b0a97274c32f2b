//! What draws knows no topic, topics know no medium, and media know no single topic.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::{Path, PathBuf};

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The files below a folder of the sources, but tests, with their texts.
fn files(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") && !path.ends_with("tests.rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            files.push((path, text));
        }
    }
    files
}

fn assert_silent(folder: &str, words: &[String]) {
    let files = files(&source().join(folder));
    assert!(files.len() > 5, "{folder} has files");
    for (path, text) in files {
        for word in words {
            assert!(!text.contains(word.as_str()), "{}: {word}", path.display());
        }
    }
}

#[test]
fn drawing_knows_neither_topics_nor_media() {
    assert_silent("draw", &["crate::section".into(), "crate::page".into()]);
}

#[test]
fn topics_know_no_medium() {
    assert_silent(
        "section",
        &["crate::page".into(), "askama".into(), "comfy_table".into()],
    );
}

#[test]
fn media_know_no_single_topic() {
    let topics = std::fs::read_dir(source().join("section"))
        .unwrap()
        .filter_map(|entry| {
            let path = entry.unwrap().path();
            path.is_dir()
                .then(|| format!("section::{}", path.file_name().unwrap().to_str().unwrap()))
        });
    let topics: Vec<String> = topics.collect();
    assert!(topics.len() > 10, "{topics:?}");
    assert_silent("page", &topics);
    // The check itself sees what it looks for.
    let seen = files(&source().join("page"));
    assert!(seen.iter().any(|(_, text)| text.contains("section::{")));
}
