//! Calls into the system that fail.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// A library that makes calls fail when it is preloaded (`LD_PRELOAD`); its source says by what variables. Built once a
/// process, in the folder for temporary files.
///
/// # Panics
/// There is no C++ compiler, or it refuses.
pub fn failing_calls() -> &'static Path {
    static LIBRARY: OnceLock<PathBuf> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("failing-calls/failing_calls.cpp");
        let library = std::env::temp_dir().join(format!("failing-calls-{}.so", std::process::id()));
        let compiler = std::env::var("CXX").unwrap_or_else(|_| "c++".into());
        let mut command = Command::new(compiler);
        command
            .args(["-std=c++17", "-O1", "-shared", "-fPIC", "-o"])
            .arg(&library)
            .arg(&source)
            .arg("-ldl");
        let built = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
        library
    })
}
