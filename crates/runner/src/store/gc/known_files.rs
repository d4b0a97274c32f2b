//! What seedband writes into the folder of a trial, and nothing else.

use seedband_core::files::fsio;
use seedband_core::files::fsio::{FsError, is_real_folder};
use seedband_core::files::layout::TrialDir;
use seedband_core::trial::TrialId;
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::fs;
use std::path::{Path, PathBuf};

/// What `trial.json` says of a trial; enough to know it by.
#[derive(Deserialize)]
pub(super) struct Owner {
    pub(super) id: TrialId,
    #[serde(default)]
    training: Option<IgnoredAny>,
}

impl Owner {
    /// Whose folder it is; none where `trial.json` is not there or says nothing.
    pub(super) fn of(folder: &TrialDir) -> Option<Self> {
        fsio::read_json(&folder.trial()).ok()
    }

    pub(super) fn is_training(&self) -> bool {
        self.training.is_some()
    }

    /// Whether the folder is named by this id.
    pub(super) fn has_named(&self, folder: &TrialDir) -> bool {
        folder.may_be_of(&self.id)
    }
}

/// The first thing in the folder of a trial that seedband does not write; none if there is none.
pub(super) fn unknown_file(folder: &TrialDir) -> Result<Option<PathBuf>, FsError> {
    let files = [folder.trial(), folder.curve(), folder.init(), folder.claim()];
    for path in list(folder.root())? {
        if path == folder.attempts() && is_real_folder(&path) {
            for attempt in list(&path)? {
                if let Some(unknown) = unknown_file_in_attempt(&attempt)? {
                    return Ok(Some(unknown));
                }
            }
        } else if !(is_half_written(&path) || is_file(&path) && files.contains(&path)) {
            return Ok(Some(path));
        }
    }
    Ok(None)
}

/// The same for the folder of an attempt.
pub(super) fn unknown_file_in_attempt(attempt: &Path) -> Result<Option<PathBuf>, FsError> {
    let number = attempt.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok());
    if number.is_none() || !is_real_folder(attempt) {
        return Ok(Some(attempt.to_path_buf()));
    }
    let is_ours = |path: &PathBuf| {
        let is_known = ["log", "attempt.json"].iter().any(|name| attempt.join(name) == *path);
        (is_known && is_file(path)) || is_half_written(path)
    };
    Ok(list(attempt)?.into_iter().find(|path| !is_ours(path)))
}

/// Whether somebody is writing this, or was, by its name.
pub(super) fn is_half_written(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(fsio::is_hidden_name)
}

fn is_file(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|entry| entry.is_file())
}

/// What is in a folder, by name.
pub(super) fn list(folder: &Path) -> Result<Vec<PathBuf>, FsError> {
    let wrong = |source| FsError::io("list", folder, source);
    let entries = fs::read_dir(folder).map_err(wrong)?;
    let paths: Result<Vec<PathBuf>, _> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut paths = paths.map_err(wrong)?;
    paths.sort();
    Ok(paths)
}
