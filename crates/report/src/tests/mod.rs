//! Whole reports, and what tests of single topics need.

pub(crate) mod odd;
mod partial;
mod report;

use crate::section::Contents;
use crate::{draw, write};
use seedband_core::files::provenance::Provenance;
use seedband_core::summary::Summary;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;

pub(crate) fn provenance() -> Provenance {
    let cpu = "a processor, 16 cores";
    let workers = ["seedband-worker 0.1.0, libtorch 2.11, cuda:0"];
    let command = ["seedband", "run", "study.toml"];
    let first = json!({
        "started": "2026-11-22T09:00:00Z", "seconds": 12.5, "seedband": "0.1.0", "host": "gpu1", "cpu": cpu,
        "workers": workers, "finished": 2, "failed": 1, "command": command,
    });
    let second = json!({
        "started": "2026-11-23T18:31:07Z", "seconds": 200.4, "seedband": "0.1.0", "commit": "0a5106e0b",
        "dirty": false, "host": "gpu1", "cpu": cpu, "workers": workers, "finished": 38, "failed": 0,
        "command": command,
    });
    serde_json::from_value(json!({"version": 1, "runs": [first, second]})).unwrap()
}

/// The SVG of the figure of a study with that name, if there is one.
pub(crate) fn svg(summary: &Summary, name: &str) -> Option<String> {
    let contents = Contents::of(summary);
    let figure = contents.figures().find(|figure| figure.name == name)?;
    let svg = draw::svg(&figure.scene, &figure.name).unwrap();
    assert_xml(&svg);
    Some(svg)
}

/// Page and Markdown of a study beside which the named tables lie.
pub(crate) fn texts(summary: &Summary, tables: &[&str]) -> [String; 2] {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("aggregate")).unwrap();
    for table in tables {
        std::fs::write(folder.path().join("aggregate").join(table), "\n").unwrap();
    }
    let written = write(summary, None, &folder.path().join("report")).unwrap();
    [written.index, written.markdown].map(|path| std::fs::read_to_string(path).unwrap())
}

/// All files below a folder by name.
pub(crate) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else {
            files.insert(
                path.file_name().unwrap().to_string_lossy().into_owned(),
                std::fs::read(path).unwrap(),
            );
        }
    }
    files
}

/// Checks that tags are balanced, attributes quoted, and no character stands unescaped. Enough for what plotters and
/// this crate write.
pub(crate) fn assert_xml(text: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        assert!(!rest[..start].contains('>'), "a stray `>` before {}", &rest[start..]);
        for entity in rest[..start].split('&').skip(1) {
            assert!(
                ["amp;", "lt;", "gt;", "quot;", "apos;"]
                    .iter()
                    .any(|name| entity.starts_with(name)),
                "&{entity}"
            );
        }
        let end = start + rest[start..].find('>').expect("a tag that ends");
        let tag = &rest[start + 1..end];
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name));
        } else if !tag.ends_with('/') {
            open.push(tag.split_whitespace().next().expect("a name"));
        }
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty(), "{open:?}");
    assert_eq!(rest.trim(), "");
}
