//! The log of the attempt a worker is at.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;

/// Longest part of the last line that is kept for a message, in bytes.
const LAST_LINE_LENGTH: usize = 400;

/// Takes what a worker writes to standard error, byte by byte as it comes, and remembers the last line.
#[derive(Debug)]
pub(crate) struct Log {
    file: File,
    last: Vec<u8>,
    current: Vec<u8>,
    has_warned: bool,
}

impl Log {
    pub(crate) fn new(file: File) -> Self {
        Self {
            file,
            last: Vec::new(),
            current: Vec::new(),
            has_warned: false,
        }
    }

    /// One that goes to the standard error of this process.
    pub(crate) fn to_standard_error() -> io::Result<Self> {
        let file = io::stderr().as_fd().try_clone_to_owned()?;
        Ok(Self::new(File::from(file)))
    }

    /// Appends bytes. A log that cannot be written is no reason to lose a curve; should the disk be full, the journal
    /// will say so.
    pub(crate) fn write(&mut self, bytes: &[u8]) {
        if let Err(error) = self.file.write_all(bytes)
            && !self.has_warned
        {
            tracing::warn!(%error, "a worker's log cannot be written");
            self.has_warned = true;
        }
        for &byte in bytes {
            if byte == b'\n' {
                if !self.current.trim_ascii().is_empty() {
                    self.last = std::mem::take(&mut self.current);
                }
                self.current.clear();
            } else if self.current.len() < LAST_LINE_LENGTH {
                self.current.push(byte);
            }
        }
    }

    /// The last line with anything on it, fit for a message.
    pub(crate) fn last_line(&self) -> Option<String> {
        let bytes = if self.current.trim_ascii().is_empty() {
            &self.last
        } else {
            &self.current
        };
        let text: String = String::from_utf8_lossy(bytes)
            .chars()
            .filter(|letter| !letter.is_control())
            .collect();
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_is_remembered_across_writes_and_blank_lines() {
        let mut log = Log::new(tempfile::tempfile().unwrap());
        assert_eq!(log.last_line(), None);
        for (bytes, expected) in [
            ("one\ntw", "tw"),
            ("o\n\n", "two"),
            ("  \n", "two"),
            ("\x1b[31mred\n", "[31mred"),
        ] {
            log.write(bytes.as_bytes());
            assert_eq!(log.last_line().as_deref(), Some(expected));
        }
        log.write(&[b'x'; 10_000]);
        assert_eq!(log.last_line().unwrap().len(), LAST_LINE_LENGTH);
    }
}
