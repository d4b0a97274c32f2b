//! The log of the attempt a worker is at.

use std::fs::File;
use std::io::Write;

/// Longest part of the last line that is kept for a message, in bytes.
const KEPT: usize = 400;

/// Takes what a worker writes to standard error, byte by byte as it comes, and remembers the last line.
#[derive(Debug)]
pub(crate) struct Log {
    file: File,
    last: Vec<u8>,
    current: Vec<u8>,
    complained: bool,
}

impl Log {
    pub(crate) fn new(file: File) -> Self {
        Self {
            file,
            last: Vec::new(),
            current: Vec::new(),
            complained: false,
        }
    }

    /// Appends bytes. A log that cannot be written is no reason to lose a curve; should the disk be full, the journal will say so.
    pub(crate) fn write(&mut self, bytes: &[u8]) {
        if let Err(error) = self.file.write_all(bytes)
            && !self.complained
        {
            tracing::warn!(%error, "a worker's log cannot be written");
            self.complained = true;
        }
        for &byte in bytes {
            if byte == b'\n' {
                if !self.current.trim_ascii().is_empty() {
                    self.last = std::mem::take(&mut self.current);
                }
                self.current.clear();
            } else if self.current.len() < KEPT {
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
        assert_eq!(log.last_line().unwrap().len(), KEPT);
    }
}
