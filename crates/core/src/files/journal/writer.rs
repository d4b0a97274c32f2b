//! Appending to a journal.

use super::VERSION;
use super::entry::{Entry, Header};
use crate::files::fsio::FsError;
use crate::json_line::to_line;
use jiff::Timestamp;
use serde::Serialize;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

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

    /// Appends one entry, which is on the disk after the next [`Writer::sync`]. After an error, of a full disk for
    /// example, the same entry may be tried again: the part of it that was written is cut off.
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
        let text = to_line(value);
        self.is_synced = false;
        if let Err(source) = self.file.write_all(text.as_bytes()) {
            // Should this fail as well, readers find a line in the middle that is not valid, and name it.
            let _ = self.file.set_len(self.length);
            return Err(FsError::io("append to the journal", &self.path, source));
        }
        self.length += text.len() as u64;
        Ok(())
    }
}
