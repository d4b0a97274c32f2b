//! The folder of a trial.

use super::listing::entries;
use crate::files::fsio::{FsError, read_json};
use crate::trial::TrialId;
use serde::Deserialize;
use std::path::{Path, PathBuf};

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

    /// The digits of an id that the folder's name ends in: those of one trial, or of several whose ids begin alike.
    /// None if it is not named so.
    pub fn id_digits(&self) -> Option<&str> {
        let (_, digits) = self.0.file_name()?.to_str()?.rsplit_once('-')?;
        (digits.len() >= TrialId::SHORT).then_some(digits)
    }

    /// Whether the folder's name may be that of this trial: it ends in the first digits of its id, or in all.
    pub fn may_be_of(&self, id: &TrialId) -> bool {
        self.id_digits().is_some_and(|digits| id.as_str().starts_with(digits))
    }

    /// Whose folder it is: the id in `trial.json`. None if the file is missing or damaged.
    ///
    /// # Errors
    /// The file is there and cannot be read.
    pub fn owner(&self) -> Result<Option<TrialId>, FsError> {
        #[derive(Deserialize)]
        struct Owner {
            id: TrialId,
        }
        match read_json::<Owner>(&self.trial()) {
            Ok(owner) => Ok(Some(owner.id)),
            Err(error) if error.is_missing_or_damaged() => Ok(None),
            Err(error) => Err(error),
        }
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

    /// What the worker wrote to standard output and standard error in attempt `n`.
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
