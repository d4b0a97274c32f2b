//! The journal: every change of a trial's state, one JSON line each, appended and synced before the runner goes on.
//!
//! ```text
//! {"journal":2,"runner":"node7-4711-…","at":"2026-11-23T18:40:00Z"}
//! {"at":"…","trial":"…","attempt":1,"state":"running","device":"cpu"}
//! {"at":"…","trial":"…","attempt":1,"state":"finished","end":"completed","steps":100}
//! ```
//!
//! Each runner writes a file of its own. A line that is cut short at the end of a file is what a crash leaves behind: it is cut off and the
//! rest counts. The journal tells what happened; whether a trial is finished is told by its curve.
//!
//! Version 1 had neither `again` nor the failure classes `host-out-of-memory`, `lost-device` and `non-finite-start`.

use crate::files::curve::End;
use crate::files::fsio::FsError;
use crate::protocol::FailureClass;
use crate::trial::TrialId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Version of the format. Readers take this version and older ones.
pub const VERSION: u32 = 2;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Header {
    journal: u32,
    runner: String,
    at: Timestamp,
}

/// One change of a trial's state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// Which trial.
    pub trial: TrialId,
    /// Which attempt, counted from 1.
    pub attempt: u32,
    /// What it changed to.
    #[serde(flatten)]
    pub change: Change,
}

/// What a trial's state changed to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum Change {
    /// Given to a worker.
    Running {
        /// The slot's device, for example `cpu` or `cuda:0`.
        device: String,
    },
    /// Its curve is in place.
    Finished {
        /// How the curve ended.
        end: End,
        /// Its length.
        steps: u32,
        /// Fingerprint of the data it saw.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        data: Option<String>,
        /// Fingerprint of the initial weights.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        weights: Option<String>,
    },
    /// This attempt gave no curve.
    Failed {
        /// The kind of failure.
        class: FailureClass,
        /// One line for the user.
        message: String,
        /// Whether the same run tries the trial again.
        #[serde(skip_serializing_if = "std::ops::Not::not", default)]
        again: bool,
    },
    /// The runner was told to stop; the trial goes back to the queue.
    Interrupted,
}

/// A journal that cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The file cannot be read or written.
    #[error(transparent)]
    Fs(#[from] FsError),
    /// A newer program wrote it.
    #[error("the journal `{}` has version {found}, this program knows {VERSION}; use the newer seedband", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u32,
    },
    /// A line before the last is not valid.
    #[error("line {line} of the journal `{}` is not valid", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// Line number, from 1.
        line: usize,
        /// What the parser said.
        source: serde_json::Error,
    },
}

/// Appends entries to one runner's journal.
#[derive(Debug)]
pub struct Writer {
    file: File,
    path: PathBuf,
    /// Bytes of whole lines.
    length: u64,
    is_synced: bool,
}

impl Writer {
    /// Starts the journal of `runner` at `path`. The file must not exist: a runner's name is its own.
    pub fn create(path: &Path, runner: &str) -> Result<Self, FsError> {
        let file = OpenOptions::new()
            .append(true)
            .create_new(true)
            .open(path)
            .map_err(|source| FsError::io("create the journal", path, source))?;
        let mut writer = Self {
            file,
            path: path.to_path_buf(),
            length: 0,
            is_synced: false,
        };
        writer.line(&Header {
            journal: VERSION,
            runner: runner.to_owned(),
            at: Timestamp::now(),
        })?;
        writer.sync()?;
        Ok(writer)
    }

    /// Appends one entry, which is on the disk after the next [`Writer::sync`]. After an error, of a full disk for example, the same entry may be
    /// tried again: the part of it that was written is cut off.
    pub fn append(&mut self, entry: &Entry) -> Result<(), FsError> {
        self.line(entry)
    }

    /// Waits until everything appended is on the disk.
    pub fn sync(&mut self) -> Result<(), FsError> {
        if !self.is_synced {
            let synced = self.file.sync_data();
            synced.map_err(|source| FsError::io("append to the journal", &self.path, source))?;
            self.is_synced = true;
        }
        Ok(())
    }

    fn line<T: Serialize>(&mut self, value: &T) -> Result<(), FsError> {
        let text = crate::protocol::to_line(value);
        self.is_synced = false;
        if let Err(source) = self.file.write_all(text.as_bytes()) {
            // Should this fail as well, readers find a line in the middle that is not valid, and say so.
            let _ = self.file.set_len(self.length);
            return Err(FsError::io("append to the journal", &self.path, source));
        }
        self.length += text.len() as u64;
        Ok(())
    }
}

/// The entries of one journal file, without a torn last line.
///
/// # Errors
/// The file cannot be read, a newer program wrote it, or a line other than the last is not valid.
pub fn read(path: &Path) -> Result<Vec<Entry>, JournalError> {
    let bytes = std::fs::read(path).map_err(|source| FsError::io("read", path, source))?;
    parse(&bytes, path)
}

/// All entries of all journals of a study, oldest first. A folder that is not there holds none.
pub fn read_all(folder: &Path) -> Result<Vec<Entry>, JournalError> {
    let listing = match std::fs::read_dir(folder) {
        Ok(listing) => listing,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(FsError::io("list", folder, source).into()),
    };
    let mut paths: Vec<PathBuf> = listing
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
        .collect();
    paths.sort();
    let mut entries = Vec::new();
    for path in paths {
        entries.extend(read(&path)?);
    }
    entries.sort_by_key(|entry| entry.at);
    Ok(entries)
}

/// The last entry of each trial, from entries that stand oldest first.
pub fn last(entries: &[Entry]) -> HashMap<&TrialId, &Entry> {
    entries.iter().map(|entry| (&entry.trial, entry)).collect()
}

fn parse(bytes: &[u8], path: &Path) -> Result<Vec<Entry>, JournalError> {
    // What follows the last newline was being written when the runner died.
    let whole = bytes.iter().rposition(|&byte| byte == b'\n').map_or(0, |last| last + 1);
    let mut entries = Vec::new();
    let lines: Vec<&[u8]> = bytes[..whole].split_inclusive(|&byte| byte == b'\n').collect();
    for (index, line) in lines.iter().enumerate() {
        let wrong = |source| JournalError::Line {
            path: path.to_path_buf(),
            line: index + 1,
            source,
        };
        if index == 0 {
            let header: Header = serde_json::from_slice(line).map_err(wrong)?;
            if header.journal > VERSION {
                return Err(JournalError::Newer {
                    path: path.to_path_buf(),
                    found: header.journal,
                });
            }
            continue;
        }
        entries.push(serde_json::from_slice(line).map_err(wrong)?);
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written() -> (tempfile::TempDir, PathBuf, Vec<Entry>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("runner.jsonl");
        let mut writer = Writer::create(&path, "runner").unwrap();
        let trial = TrialId::from("0123456789abcdef0123456789abcdef".to_owned());
        let changes = [
            Change::Running { device: "cpu".into() },
            Change::Finished {
                end: End::Completed,
                steps: 100,
                data: None,
                weights: Some("ab".into()),
            },
            Change::Failed {
                class: FailureClass::LostWorker,
                message: "killed by signal 9".into(),
                again: true,
            },
            Change::Interrupted,
        ];
        let entries: Vec<Entry> = changes
            .into_iter()
            .map(|change| Entry {
                at: Timestamp::now(),
                trial: trial.clone(),
                attempt: 1,
                change,
            })
            .collect();
        for entry in &entries {
            writer.append(entry).unwrap();
        }
        (folder, path, entries)
    }

    #[test]
    fn what_is_written_is_read() {
        let (_folder, path, entries) = written();
        assert_eq!(read(&path).unwrap(), entries);
    }

    #[test]
    fn cut_at_every_byte_gives_the_whole_lines_before() {
        let (_folder, path, entries) = written();
        let bytes = std::fs::read(&path).unwrap();
        for length in 0..=bytes.len() {
            let whole_lines = bytes[..length].split(|&byte| byte == b'\n').count() - 1;
            let read = parse(&bytes[..length], &path).unwrap();
            assert_eq!(read, entries[..whole_lines.saturating_sub(1)], "{length}");
        }
    }

    #[test]
    fn a_newer_journal_and_a_bad_line_are_refused() {
        let newer = format!(
            "{{\"journal\":{},\"runner\":\"a\",\"at\":\"2026-01-01T00:00:00Z\"}}\n",
            VERSION + 1
        );
        assert!(matches!(
            parse(newer.as_bytes(), Path::new("x")),
            Err(JournalError::Newer { .. })
        ));
        let bad = format!("{{\"journal\":{VERSION},\"runner\":\"a\",\"at\":\"2026-01-01T00:00:00Z\"}}\nnonsense\n");
        assert!(matches!(
            parse(bad.as_bytes(), Path::new("x")),
            Err(JournalError::Line { line: 2, .. })
        ));
    }

    #[test]
    fn a_second_runner_of_the_same_name_is_refused() {
        let (_folder, path, _) = written();
        assert!(Writer::create(&path, "runner").is_err());
    }
}
