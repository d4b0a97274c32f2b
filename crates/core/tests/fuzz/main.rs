//! Whatever stands in a study, on the command line, in a line of the protocol or in a file of results is answered: no
//! panic, no hang, and no more memory than something of that size may take. See [`seedband_testkit`] for how inputs are
//! damaged and how to ask for more of them.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod results;
mod studies;

use std::fs;
use std::path::{Path, PathBuf};

#[global_allocator]
static HEAP: seedband_testkit::Heap = seedband_testkit::Heap;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The files of some folders of the repository, in the order of their names, whose names end like that.
fn files(folders: &[&str], ending: &str) -> Vec<Vec<u8>> {
    let mut paths: Vec<PathBuf> = Vec::new();
    for folder in folders {
        let entries = fs::read_dir(root().join(folder)).unwrap();
        paths.extend(entries.map(|entry| entry.unwrap().path()));
    }
    paths.retain(|path| path.display().to_string().ends_with(ending));
    paths.sort();
    assert!(!paths.is_empty(), "{folders:?} have no `{ending}`");
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}
