//! Appending to a journal.

use super::VERSION;
use super::entry::{Entry, Header};
use crate::files::fsio::FsError;
use crate::json_line::to_line;
use jiff::Timestamp;
use serde::Serialize;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Appends entries to one runner's journal.
#[derive(Debug)]
pub struct Writer {
    file: File,
    path: PathBuf,
    /// Bytes that are on the disk for certain.
    synced: u64,
    /// Whole lines behind them.
    unsynced: Vec<u8>,
    /// Whether the last attempt to bring them to the disk failed. What the system has kept of them nobody knows.
    is_doubtful: bool,
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
            synced: 0,
            unsynced: Vec::new(),
            is_doubtful: false,
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

    /// Waits until everything appended is on the disk. After an error it may be tried again: all that is not on the
    /// disk for certain is then written once more, since a second request to sync says nothing of what the first one
    /// lost.
    pub fn sync(&mut self) -> Result<(), FsError> {
        if self.unsynced.is_empty() {
            return Ok(());
        }
        let synced = self.rewrite().and_then(|()| self.file.sync_data());
        self.is_doubtful = synced.is_err();
        synced.map_err(|source| self.wrong(source))?;
        self.synced += self.unsynced.len() as u64;
        self.unsynced.clear();
        Ok(())
    }

    /// Writes again what may not have come to the disk.
    fn rewrite(&mut self) -> io::Result<()> {
        if self.is_doubtful {
            self.file.set_len(self.synced)?;
            self.file.write_all(&self.unsynced)?;
        }
        Ok(())
    }

    fn line<T: Serialize>(&mut self, value: &T) -> Result<(), FsError> {
        let text = to_line(value);
        if let Err(source) = self.file.write_all(text.as_bytes()) {
            // Should this fail as well, readers find a line in the middle that is not valid, and name it.
            self.is_doubtful |= self.file.set_len(self.synced + self.unsynced.len() as u64).is_err();
            return Err(self.wrong(source));
        }
        self.unsynced.extend_from_slice(text.as_bytes());
        Ok(())
    }

    fn wrong(&self, source: io::Error) -> FsError {
        FsError::io("append to the journal", &self.path, source)
    }
}
