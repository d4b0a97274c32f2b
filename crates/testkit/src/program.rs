//! The workspace's own programs, for tests of other packages than theirs: cargo tells where a program lies
//! (`CARGO_BIN_EXE_…`) to the tests of its own package alone.

use std::path::{Path, PathBuf};

/// The program that cargo built under this name in the profile of the running test.
///
/// # Panics
/// It has not been built. Cargo builds a program with the tests of its own package alone, so one that changed since has
/// to be built again: `cargo build --workspace --bins`, as scripts/test does.
pub fn program(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap_or_else(|error| panic!("cannot tell where this test lies: {error}"));
    // `target/debug/deps/it-0123` of an integration test, `target/debug/examples/…` of others.
    let folder = test.parent().and_then(Path::parent).unwrap_or(Path::new("."));
    let path = folder.join(name);
    assert!(
        path.is_file(),
        "`{}` is missing: run `cargo build --workspace --bins` first, as scripts/test does",
        path.display()
    );
    path
}
