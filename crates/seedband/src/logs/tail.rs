//! A log that may still grow. It is never read as a whole.

use seedband_core::files::fsio;
use seedband_core::files::fsio::FsError;
use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// Read at once.
const BLOCK: usize = 1 << 16;

/// Bytes at the end of a log that [`last_lines`] looks at.
const LAST_BYTES: u64 = 4096;

/// How many of the last lines of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogLines {
    /// All.
    All,
    /// So many.
    Last(usize),
}

/// A log and how far it has been read.
#[derive(Debug)]
pub struct LogTail {
    path: PathBuf,
    lines: LogLines,
    /// The file and how far it has been read; absent until it is there.
    open: Option<(File, u64)>,
    block: Vec<u8>,
}

impl LogTail {
    /// The log at `path`, whether it is there yet or not, from the last `lines` of what is in it when it is first
    /// looked at.
    pub fn new(path: PathBuf, lines: LogLines) -> Self {
        Self {
            path,
            lines,
            open: None,
            block: vec![0; BLOCK],
        }
    }

    /// The next bytes, as they are; none where all has been read for now. A log that somebody has cut is read from its
    /// beginning.
    ///
    /// # Errors
    /// The file is there but cannot be read.
    pub fn next_block(&mut self) -> Result<Option<&[u8]>, FsError> {
        let count = self.read().map_err(|source| FsError::io("read", &self.path, source))?;
        Ok((count > 0).then(|| &self.block[..count]))
    }

    fn read(&mut self) -> io::Result<usize> {
        if self.open.is_none() {
            let mut file = match fsio::open(&self.path) {
                Ok(file) => file,
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(0),
                Err(error) => return Err(error),
            };
            let start = match self.lines {
                LogLines::All => 0,
                LogLines::Last(lines) => start_of_last(&mut file, lines)?,
            };
            self.open = Some((file, start));
        }
        let Some((file, offset)) = &mut self.open else {
            return Ok(0);
        };
        if file.metadata()?.len() < *offset {
            // What is in it now is new.
            *offset = 0;
        }
        file.seek(SeekFrom::Start(*offset))?;
        let count = loop {
            match file.read(&mut self.block) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        *offset += count as u64;
        Ok(count)
    }
}

/// Where the last `lines` lines begin. A last line without its end counts as one.
fn start_of_last(file: &mut (impl Read + Seek), lines: usize) -> io::Result<u64> {
    let end = file.seek(SeekFrom::End(0))?;
    if lines == 0 {
        return Ok(end);
    }
    let mut block = vec![0; BLOCK];
    let (mut start, mut found) = (end, 0);
    while start > 0 {
        let length = start.min(BLOCK as u64) as usize;
        start -= length as u64;
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(&mut block[..length])?;
        for index in (0..length).rev().filter(|index| block[*index] == b'\n') {
            let after = start + index as u64 + 1;
            // The end of the last line begins no other.
            if after == end {
                continue;
            }
            found += 1;
            if found >= lines {
                return Ok(after);
            }
        }
    }
    Ok(0)
}

/// The last `most` lines of a log with anything on them, without control characters; none where there is no such file.
pub fn last_lines(log: &Path, most: usize) -> Vec<String> {
    let read = || -> io::Result<Vec<u8>> {
        let mut file = fsio::open(log)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(LAST_BYTES)))?;
        let mut bytes = Vec::new();
        file.take(LAST_BYTES).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let bytes = read().unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let mut lines: Vec<String> = text
        .lines()
        .rev()
        .map(|line| line.chars().filter(|letter| !letter.is_control()).collect::<String>())
        .filter(|line| !line.trim().is_empty())
        .take(most)
        .collect();
    lines.reverse();
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn last(text: &str, lines: usize) -> String {
        let start = start_of_last(&mut Cursor::new(text.as_bytes()), lines).unwrap();
        text[start as usize..].to_owned()
    }

    #[test]
    fn the_last_lines_of_any_text() {
        for text in [
            "",
            "a",
            "a\n",
            "a\nb",
            "a\nb\n",
            "\n",
            "\n\n",
            "a\n\nb\n\n",
            "one\ntwo\nthree\nfour",
        ] {
            let all: Vec<&str> = text.split_inclusive('\n').collect();
            for lines in 0..6 {
                let expected = all[all.len().saturating_sub(lines)..].concat();
                assert_eq!(last(text, lines), expected, "{lines} of {text:?}");
            }
        }
    }

    #[test]
    fn lines_longer_than_a_block() {
        let long = "x".repeat(3 * BLOCK);
        let text = format!("a\n{long}\nb\n");
        assert_eq!(last(&text, 1), "b\n");
        assert_eq!(last(&text, 2).len(), 3 * BLOCK + 3);
        assert_eq!(last(&text, 3), text);
    }

    #[test]
    fn the_last_lines_of_a_long_log_come_without_blanks_and_colours() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut text = "early\n".repeat(10_000);
        text.push_str("one\n\n\x1b[31mtwo\x1b[0m\n  \nthree");
        std::fs::write(file.path(), text).unwrap();
        let lines = last_lines(file.path(), 5);
        assert_eq!(lines, ["early", "early", "one", "[31mtwo[0m", "three"]);
        assert!(last_lines(Path::new("/no/such/log"), 5).is_empty());
    }
}
