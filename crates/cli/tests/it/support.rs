//! A folder of its own for each test, and the programs under test.

use assert_cmd::Command;
use nix::sys::signal::Signal;
use seedband_testkit::program;
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Lines, Read};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{ChildStdout, Stdio};

/// A study that trains for an instant with the fake worker: two configs of three seeds.
pub(crate) const STUDY: &str = "name = \"tiny\"
seeds = \"0..3\"
[schedule]
steps = 40
[run]
retry-delay = \"5ms\"
[[config]]
name = \"plain\"
[[config]]
name = \"decay\"
optimizer.weight-decay = 1e-3
";

/// Variables of the user's that the programs look at.
const VARIABLES: [&str; 13] = [
    "SEEDBAND_WORKER",
    "SEEDBAND_RESULTS",
    "SEEDBAND_DATA",
    "RUST_LOG",
    "CUDA_VISIBLE_DEVICES",
    "ALL_PROXY",
    "all_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "HTTP_PROXY",
    "http_proxy",
    "NO_PROXY",
    "no_proxy",
];

/// A folder with a study, removed at the end of the test.
pub(crate) struct Place(tempfile::TempDir);

impl Place {
    /// With `study` as `study.toml`.
    pub(crate) fn new(study: &str) -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        fs::write(place.path("study.toml"), study).unwrap();
        place
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// `seedband` in this folder, with the fake worker and `script` for it.
    pub(crate) fn fake(&self, arguments: &[&str], script: &str) -> Command {
        Command::from_std(self.program(arguments, Some(script)))
    }

    /// `seedband` in this folder, with the worker beside it.
    pub(crate) fn seedband(&self, arguments: &[&str]) -> Command {
        Command::from_std(self.program(arguments, None))
    }

    /// `seedband` in this folder as a plain process, with the fake worker where there is a script for it.
    pub(crate) fn program(&self, arguments: &[&str], script: Option<&str>) -> std::process::Command {
        let mut command = std::process::Command::new(program("seedband"));
        command.current_dir(self.0.path()).args(arguments);
        for variable in VARIABLES {
            command.env_remove(variable);
        }
        if let Some(script) = script {
            command
                .env("SEEDBAND_WORKER", program("fake-worker"))
                .env("FAKE_WORKER", script);
        }
        command
    }

    /// Everything that runs have come to below `results`: curves and aggregated tables, by their paths and names. What
    /// a kill leaves of a table half written is hidden, and there until `seedband gc`.
    pub(crate) fn results(&self, results: &str) -> BTreeMap<String, Vec<u8>> {
        let curves = self.curves(results).into_iter();
        let mut found: BTreeMap<String, Vec<u8>> = curves.map(|(name, curve)| (name, curve.into_bytes())).collect();
        for entry in fs::read_dir(self.path(results).join("aggregate")).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if !name.starts_with('.') {
                found.insert(name, fs::read(&path).unwrap());
            }
        }
        found
    }

    /// Every curve below `results`: its path from there, and its bytes.
    pub(crate) fn curves(&self, results: &str) -> Vec<(String, String)> {
        let mut curves = Vec::new();
        collect(&self.path(results), &self.path(results), &mut curves);
        curves.sort();
        curves
    }
}

impl Place {
    /// `seedband` in this folder with the fake worker, under way.
    pub(crate) fn start(&self, arguments: &[&str], script: &str) -> Background {
        Background::new(self.program(arguments, Some(script)))
    }

    /// Every file and link below `folder`, and every empty folder: its path from there, and its length.
    pub(crate) fn tree(&self, folder: &str) -> Vec<(String, u64)> {
        let root = self.path(folder);
        let (mut tree, mut folders) = (Vec::new(), vec![root.clone()]);
        while let Some(folder) = folders.pop() {
            // A run may be at work: what is gone before it is looked at is passed over.
            let entries = fs::read_dir(&folder).into_iter().flatten();
            let entries: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
            let name = |path: &Path| path.strip_prefix(&root).unwrap().display().to_string();
            if entries.is_empty() {
                tree.push((name(&folder), 0));
            }
            for path in entries {
                let Ok(entry) = fs::symlink_metadata(&path) else {
                    continue;
                };
                if entry.is_dir() {
                    folders.push(path);
                } else {
                    tree.push((name(&path), entry.len()));
                }
            }
        }
        tree.sort();
        tree
    }
}

fn collect(root: &Path, folder: &Path, curves: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, curves);
        } else if path.file_name().is_some_and(|name| name == "curve.jsonl") {
            let name = path.strip_prefix(root).unwrap().display().to_string();
            curves.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
}

/// A process that is killed with its test.
pub(crate) struct Background(std::process::Child);

impl Background {
    /// Starts `command`; what it prints can be read while it runs.
    pub(crate) fn new(mut command: std::process::Command) -> Self {
        let command = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Self(command.spawn().unwrap())
    }

    /// Its standard output, line by line.
    pub(crate) fn lines(&mut self) -> Lines<BufReader<ChildStdout>> {
        BufReader::new(self.0.stdout.take().unwrap()).lines()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        crate::interruption::signal(&self.0, signal);
    }

    /// The signal that ended it, if one did.
    pub(crate) fn end_by_signal(mut self) -> Option<i32> {
        self.0.wait().unwrap().signal()
    }

    /// The exit status, and what it has said on standard error.
    pub(crate) fn end(mut self) -> (i32, String) {
        let mut err = String::new();
        self.0.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        (self.0.wait().unwrap().code().unwrap_or(-1), err)
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What a finished command said: status, standard output, standard error.
pub(crate) fn said(command: &mut Command) -> (i32, String, String) {
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (
        output.status.code().unwrap_or(-1),
        text(&output.stdout),
        text(&output.stderr),
    )
}
