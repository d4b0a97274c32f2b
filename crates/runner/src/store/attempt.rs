//! The folder of one attempt: its log, and `attempt.json` once it has ended.

use jiff::Timestamp;
use seedband_core::files::fsio;
use seedband_core::files::fsio::FsError;
use seedband_core::files::journal::Change;
use seedband_core::files::layout::TrialDir;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::path::PathBuf;

/// What `attempt.json` holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct AttemptRecord {
    /// When the trial was given to the slot.
    pub started: Timestamp,
    /// When it ended.
    pub ended: Timestamp,
    /// The slot's device, for example `cpu` or `cuda:0`.
    pub device: String,
    /// What the worker said it is; absent if it never was ready.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub worker: Option<String>,
    /// How the worker's process ended, for example `exit status 3` or `killed by signal 9 (SIGKILL)`; absent where it
    /// lived on.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub exit: Option<String>,
    /// What came of it: never `running`.
    pub outcome: Change,
}

/// The folder of an attempt that is under way.
#[derive(Debug)]
pub(crate) struct Attempt {
    pub(crate) number: u32,
    root: PathBuf,
}

impl Attempt {
    /// Makes the folder of the next attempt.
    pub(crate) fn create(folder: &TrialDir) -> Result<Self, FsError> {
        fsio::create_dir_below(folder.root(), &folder.attempts())?;
        let numbers = folder.attempt_numbers()?;
        let next = numbers.last().map_or(Some(1), |last| last.checked_add(1));
        // Somebody has made a folder of the largest number there is.
        let number = next.unwrap_or_else(|| (1..u32::MAX).find(|number| !numbers.contains(number)).unwrap_or(1));
        let root = folder.attempt(number);
        fs::create_dir(&root).map_err(|source| FsError::io("create the folder", &root, source))?;
        Ok(Self { number, root })
    }

    /// Where the worker's standard error goes.
    pub(crate) fn log(&self) -> PathBuf {
        self.root.join("log")
    }

    /// Makes the empty log.
    pub(crate) fn create_log(&self) -> Result<File, FsError> {
        let path = self.log();
        File::create(&path).map_err(|source| FsError::io("create", &path, source))
    }

    /// Removes the folder of an attempt that could not begin.
    pub(crate) fn undo(&self) {
        // What cannot be removed is an attempt without a record, which harms nobody.
        let _ = fs::remove_dir_all(&self.root);
    }

    /// Writes `attempt.json`. What came of the attempt is told by the journal; this is for people.
    pub(crate) fn close(&self, record: &AttemptRecord) -> Result<(), FsError> {
        fsio::write_json_unsynced(&self.root.join("attempt.json"), record)
    }
}
