//! The folder of a trial.

use super::listing::entries;
use crate::files::fsio::{FsError, read_json, read_start};
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

    /// Whether `trial.json` says that it is this trial's folder. Thousands are asked in a row, so only the start of the
    /// file is read, where we write the id; one that somebody else has written is read as a whole.
    ///
    /// # Errors
    /// The file is there and cannot be read.
    pub fn is_of(&self, id: &TrialId) -> Result<bool, FsError> {
        match read_start::<96>(&self.trial()) {
            Ok(start) if id_at_start(&start) == Some(id.as_str()) => Ok(true),
            Ok(_) => Ok(self.owner()?.as_ref() == Some(id)),
            Err(error) if error.is_missing_or_damaged() => Ok(false),
            Err(error) => Err(error),
        }
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

/// The value of `id`, where it is the first key of an object.
fn id_at_start(json: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(json).ok()?;
    let rest = text.trim_start().strip_prefix('{')?.trim_start();
    let rest = rest
        .strip_prefix("\"id\"")?
        .trim_start()
        .strip_prefix(':')?
        .trim_start();
    rest.strip_prefix('"')?.split_once('"').map(|(id, _)| id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::Recipe;
    use crate::trial::Trial;

    #[test]
    fn an_owner_is_told_by_the_start_of_the_file_or_by_all_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let dir = TrialDir::new(folder.path());
        let [own, other] = [1, 2].map(|seed| Trial::new("a", seed, &Recipe::default()));
        assert!(!dir.is_of(&own.id).unwrap());
        let whole = serde_json::to_string(&own).unwrap();
        let elsewhere = format!("{{\"config\": \"a\", \"id\": \"{}\"}}", own.id);
        for text in [whole.clone(), serde_json::to_string_pretty(&own).unwrap(), elsewhere] {
            std::fs::write(dir.trial(), text).unwrap();
            assert!(dir.is_of(&own.id).unwrap() && !dir.is_of(&other.id).unwrap());
        }
        for cut in [0, 1, 20] {
            std::fs::write(dir.trial(), &whole[..cut]).unwrap();
            assert!(!dir.is_of(&own.id).unwrap());
        }
    }
}
