//! Every path under a study's results folder, and nowhere else.

use crate::files::fsio::FsError;
use crate::trial::{Trial, TrialId};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// How the files of [`StudyDir::progress`] end.
const PROGRESS: &str = ".progress.json";

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

    /// What has been learnt about how many trials devices take at once, one file a host.
    pub fn slot_memories(&self) -> PathBuf {
        self.0.join("slots")
    }

    /// What has been learnt about the devices of `host`, which is a file name.
    pub fn slots(&self, host: &str) -> PathBuf {
        self.slot_memories().join(format!("{host}.json"))
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

    /// How far a runner is, as it last said; there while it runs.
    pub fn progress(&self, runner: &str) -> PathBuf {
        self.journals().join(format!("{runner}{PROGRESS}"))
    }

    /// The files of [`progress`](Self::progress) that there are, by name.
    pub fn progresses(&self) -> Result<Vec<PathBuf>, FsError> {
        let is_progress = |path: &PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.ends_with(PROGRESS) && !name.starts_with('.')
        };
        Ok(entries(&self.journals())?.into_iter().filter(is_progress).collect())
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
        for folder in self.trial_folders()? {
            let short = folder.short_id().map(str::to_owned);
            if let Some(short) = short {
                found.entry(short).or_insert(folder);
            }
        }
        Ok(TrialIndex(found))
    }

    /// Every folder that stands where those of trials do, by path.
    pub fn trial_folders(&self) -> Result<Vec<TrialDir>, FsError> {
        let mut folders = Vec::new();
        for config in subfolders(&self.trials())? {
            folders.extend(subfolders(&config)?.into_iter().map(TrialDir));
        }
        Ok(folders)
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
    /// The trial at `root`, whether it exists or not.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self(root.into())
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.0
    }

    /// The first digits of the id that the folder is named by; none if it is not named so.
    pub fn short_id(&self) -> Option<&str> {
        let (_, short) = self.0.file_name()?.to_str()?.rsplit_once('-')?;
        Some(short)
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

    /// What the worker wrote to standard error in attempt `n`.
    pub fn log(&self, n: u32) -> PathBuf {
        self.attempt(n).join("log")
    }

    /// How attempt `n` went; there once it has ended.
    pub fn attempt_record(&self, n: u32) -> PathBuf {
        self.attempt(n).join("attempt.json")
    }

    /// The numbers of the attempts there are, ascending.
    pub fn attempt_numbers(&self) -> Result<Vec<u32>, FsError> {
        let number = |path: &PathBuf| path.file_name()?.to_str()?.parse().ok();
        let mut numbers: Vec<u32> = entries(&self.attempts())?.iter().filter_map(number).collect();
        numbers.sort_unstable();
        Ok(numbers)
    }
}

fn subfolders(folder: &Path) -> Result<Vec<PathBuf>, FsError> {
    Ok(entries(folder)?.into_iter().filter(|path| path.is_dir()).collect())
}

/// What is in a folder, by path; nothing if it is not there.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, FsError> {
    let wrong = |source| FsError::io("list", folder, source);
    let listing = match std::fs::read_dir(folder) {
        Ok(listing) => listing,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(wrong(source)),
    };
    let paths: Result<Vec<PathBuf>, _> = listing.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut paths = paths.map_err(wrong)?;
    paths.sort();
    Ok(paths)
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
