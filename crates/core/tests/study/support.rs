//! Studies in folders of their own.

use seedband_core::study::{Study, StudyError};
use std::fs;
use std::path::{Path, PathBuf};

pub(crate) fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

pub(crate) fn load(text: &str, sets: &[&str]) -> Result<Study, String> {
    let folder = folder(&[("study.toml", text)]);
    let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
    Study::load(&folder.path().join("study.toml"), &sets).map_err(|error| shown(&error, &folder))
}

/// An error without the name of its folder.
pub(crate) fn shown(error: &StudyError, folder: &tempfile::TempDir) -> String {
    let text = error.to_string();
    // A circle is told by real paths.
    let real = folder.path().canonicalize().unwrap();
    text.replace(&real.display().to_string(), "DIR")
        .replace(&folder.path().display().to_string(), "DIR")
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
