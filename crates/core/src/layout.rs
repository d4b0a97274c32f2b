//! Every path under a study's results folder, and nowhere else.

use crate::fsio::FsError;
use crate::trial::{Trial, TrialId};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// The results folder of one study.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StudyDir(PathBuf);

impl StudyDir {
    /// The study at `root`, whether it exists or not.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self(root.into())
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.0
    }

    /// The study as resolved.
    pub fn study(&self) -> PathBuf {
        self.0.join("study.toml")
    }

    /// How the results were made.
    pub fn provenance(&self) -> PathBuf {
        self.0.join("provenance.json")
    }

    /// Journals, one file a runner.
    pub fn journals(&self) -> PathBuf {
        self.0.join("journal")
    }

    /// The journal of one runner.
    pub fn journal(&self, runner: &str) -> PathBuf {
        self.journals().join(format!("{runner}.jsonl"))
    }

    /// What has been learnt about how many trials the devices of a host take at once; `host` is a file name.
    pub fn slots(&self, host: &str) -> PathBuf {
        self.0.join("slots").join(format!("{host}.json"))
    }

    /// Trials, one folder a config.
    pub fn trials(&self) -> PathBuf {
        self.0.join("trials")
    }

    /// The folder of a trial under the config it was made for: `<seed>-<id8>` for a range test, `<training>-<seed>-<id8>` for a training.
    pub fn trial(&self, trial: &Trial) -> TrialDir {
        let training = trial
            .training
            .as_ref()
            .map(|plan| format!("{}-", plan.name))
            .unwrap_or_default();
        let folder = format!("{training}{}-{}", trial.seed, trial.id.short());
        TrialDir(self.trials().join(&trial.config).join(folder))
    }

    /// Aggregated tables.
    pub fn aggregate(&self) -> PathBuf {
        self.0.join("aggregate")
    }

    /// The summary that `show` and `report` read.
    pub fn summary(&self) -> PathBuf {
        self.aggregate().join("summary.json")
    }

    /// The report's folder.
    pub fn report(&self) -> PathBuf {
        self.0.join("report")
    }

    /// The trial folders there are, by id. A trial is found wherever a config of equal recipe put it, so renamed and added configs share
    /// what has been trained.
    pub fn index(&self) -> Result<TrialIndex, FsError> {
        let mut found = HashMap::new();
        for config in subfolders(&self.trials())? {
            for folder in subfolders(&config)? {
                let name = folder
                    .file_name()
                    .map(|name| name.to_string_lossy().into_owned())
                    .unwrap_or_default();
                if let Some((_, short)) = name.rsplit_once('-') {
                    found.entry(short.to_owned()).or_insert(TrialDir(folder));
                }
            }
        }
        Ok(TrialIndex(found))
    }
}

/// Trial folders by the first digits of their id.
#[derive(Debug, Clone, Default)]
pub struct TrialIndex(HashMap<String, TrialDir>);

impl TrialIndex {
    /// The folder that holds the trial, if any.
    pub fn get(&self, id: &TrialId) -> Option<&TrialDir> {
        self.0.get(id.short())
    }
}

/// The folder of one trial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrialDir(PathBuf);

impl TrialDir {
    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.0
    }

    /// The resolved trial.
    pub fn trial(&self) -> PathBuf {
        self.0.join("trial.json")
    }

    /// The curve; there once the trial has finished.
    pub fn curve(&self) -> PathBuf {
        self.0.join("curve.jsonl")
    }

    /// Initial weights, where asked for.
    pub fn init(&self) -> PathBuf {
        self.0.join("init.safetensors")
    }

    /// The claim of the runner that works on the trial.
    pub fn claim(&self) -> PathBuf {
        self.0.join("claim")
    }

    /// Attempts, one folder each.
    pub fn attempts(&self) -> PathBuf {
        self.0.join("attempts")
    }

    /// The folder of attempt `n`, counted from 1.
    pub fn attempt(&self, n: u32) -> PathBuf {
        self.attempts().join(n.to_string())
    }
}

fn subfolders(folder: &Path) -> Result<Vec<PathBuf>, FsError> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(FsError::io("list", folder, source)),
    };
    let mut folders = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|source| FsError::io("list", folder, source))?;
        if entry.path().is_dir() {
            folders.push(entry.path());
        }
    }
    folders.sort();
    Ok(folders)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::Recipe;

    #[test]
    fn a_trial_is_found_under_another_config() {
        let folder = tempfile::tempdir().unwrap();
        let study = StudyDir::new(folder.path());
        assert!(
            study
                .index()
                .unwrap()
                .get(&Trial::new("a", 1, &Recipe::default()).id)
                .is_none()
        );
        let made = Trial::new("a", 1, &Recipe::default());
        std::fs::create_dir_all(study.trial(&made).root()).unwrap();
        let renamed = Trial::new("b", 1, &Recipe::default());
        assert_eq!(study.index().unwrap().get(&renamed.id), Some(&study.trial(&made)));
    }
}
