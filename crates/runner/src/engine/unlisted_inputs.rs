//! Source files that a program has loaded and that its study does not name: a change there would make no new trial.

use seedband_core::study::working_dir;
use seedband_core::trainer::Trainer;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What has been told already.
#[derive(Debug, Default)]
pub(crate) struct UnlistedInputs(BTreeSet<PathBuf>);

impl UnlistedInputs {
    /// Those of `files` that lie in the working folder of the trial's program, are not among its inputs, and have not
    /// been told before.
    pub(crate) fn new_ones(&mut self, trainer: &Trainer, files: &[PathBuf]) -> Vec<PathBuf> {
        let Some(program) = trainer.program() else {
            return Vec::new();
        };
        let folder = working_dir(program).map(|folder| folder.canonicalize());
        let Ok(Ok(folder)) = folder else {
            return Vec::new();
        };
        let below = files.iter().filter_map(|file| file.strip_prefix(&folder).ok());
        let is_listed = |file: &Path| file.to_str().is_some_and(|name| program.sha256.contains_key(name));
        // An environment that lies in the project's folder is no part of the project.
        let is_installed = |file: &Path| file.iter().any(|part| part == "site-packages");
        below
            .filter(|file| !is_listed(file) && !is_installed(file))
            .filter(|file| self.0.insert(file.to_path_buf()))
            .map(Path::to_path_buf)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use seedband_core::trainer::Program;

    #[test]
    fn files_of_the_project_that_no_input_names_are_told_once() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().canonicalize().unwrap();
        let trainer: Trainer = Program {
            command: vec!["python".into()],
            working_dir: Some(folder.display().to_string()),
            sha256: [("train.py".to_owned(), String::new())].into(),
            ..Program::default()
        }
        .into();
        let files = [
            folder.join("train.py"),
            folder.join("models/net.py"),
            folder.join("venv/lib/site-packages/numpy/core.py"),
            "/usr/lib/python3/random.py".into(),
        ];
        let mut unlisted = UnlistedInputs::default();
        assert_eq!(unlisted.new_ones(&trainer, &files), [Path::new("models/net.py")]);
        assert!(unlisted.new_ones(&trainer, &files).is_empty());
        assert!(unlisted.new_ones(&Trainer::default(), &files).is_empty());
    }
}
