//! `gc` removes exactly what the study does not use, and nothing while somebody may be at work.

mod leftovers;
mod needed;
mod unused;

use crate::support::{Place, said};
use std::fs;
use std::path::PathBuf;

/// Above the kernel's highest process id.
const NOBODY: u32 = 5_000_000;

fn gc(place: &Place, arguments: &[&str]) -> (i32, String, String) {
    said(&mut place.seedband(&[&["gc", "study.toml"], arguments].concat()))
}

/// The one folder of a trial under `trials/<config>` whose name begins so.
fn folder(place: &Place, config: &str, start: &str) -> PathBuf {
    let entries = fs::read_dir(place.path(&format!("results/tiny/trials/{config}"))).unwrap();
    let mut found = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with(start));
    let one = found.next().unwrap();
    assert_eq!(found.next(), None);
    one
}

/// The paths that a listing names, from the results folder.
fn listed(out: &str) -> Vec<String> {
    let path = |line: &str| line.rsplit_once("  results/tiny/").unwrap().1.to_owned();
    out.lines().map(path).collect()
}
