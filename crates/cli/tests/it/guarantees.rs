//! docs/guarantees.md names tests that there are.

use std::fs;
use std::path::{Path, PathBuf};

/// The names of all tests of `package`'s `it` that stand as functions in `module`, a file or a folder of files.
fn tests_of(root: &Path, package: &str, module: &str) -> Vec<String> {
    let tests = root.join(format!("crates/{package}/tests/it"));
    let files: Vec<PathBuf> = match fs::read_dir(tests.join(module)) {
        Ok(entries) => entries.map(|entry| entry.unwrap().path()).collect(),
        Err(_) => vec![tests.join(format!("{module}.rs"))],
    };
    let text: String = files
        .iter()
        .map(|path| fs::read_to_string(path).unwrap_or_else(|error| panic!("`{}`: {error}", path.display())))
        .collect();
    let functions = text.lines().filter_map(|line| {
        let line = line.trim_start_matches("async ").strip_prefix("fn ")?;
        line.split('(').next()
    });
    functions.map(str::to_owned).collect()
}

#[test]
fn every_test_and_every_file_that_is_named_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let text = fs::read_to_string(root.join("docs/guarantees.md")).unwrap();
    // Names of the same line without a package of their own belong to that of the name before.
    let (mut package, mut module) = (String::new(), String::new());
    let mut named = 0;
    for name in text.split('`').skip(1).step_by(2) {
        if name.starts_with("crates/") && !name.contains(['{', '*']) {
            assert!(root.join(name).exists(), "`{name}`");
            named += 1;
        }
        let function = match name.split_once(' ') {
            Some((own @ ("runner" | "cli"), rest)) => {
                package = own.to_owned();
                let (own, function) = rest.split_once("::").unwrap_or((rest, "*"));
                module = own.to_owned();
                function
            }
            None if name.contains('_') && !name.contains(['.', '/', '=']) && name.to_lowercase() == name => name,
            _ => continue,
        };
        let start = function.trim_end_matches(['…', '*']);
        let is_it = |known: &String| known == function || (start != function && known.starts_with(start));
        assert!(
            tests_of(&root, &package, &module).iter().any(is_it),
            "`{package} {module}::{function}`"
        );
        named += 1;
    }
    assert!(named > 50, "{named}");
}
