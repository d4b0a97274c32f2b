//! A log that may still grow. It is never read as a whole.

use crate::args::Lines;
use crate::exit::Failure;
use crate::output::still_read;
use seedband_core::files::fsio::FsError;
use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

/// Read at once; also the longest line that is kept together beside the lines of others.
const BLOCK: usize = 1 << 16;

/// A log and how far it has been printed.
pub(super) struct LogFile {
    path: PathBuf,
    /// Before each line; none where the bytes are passed on as they are.
    prefix: Option<String>,
    lines: Lines,
    /// The file and how far it has been printed; absent until it is there.
    open: Option<(File, u64)>,
    /// The beginning of a line whose end is not there yet.
    half: Vec<u8>,
}

impl LogFile {
    /// The log at `path`, from the last `lines` of what is there when it is first looked at.
    pub(super) fn new(path: PathBuf, name: Option<String>, lines: Lines) -> Self {
        Self {
            path,
            prefix: name.map(|name| format!("{name} | ")),
            lines,
            open: None,
            half: Vec::new(),
        }
    }

    /// Prints what has come since; false once there is nobody to read it.
    pub(super) fn more(&mut self) -> Result<bool, Failure> {
        let wrong = |source| FsError::io("read", &self.path, source);
        if self.open.is_none() {
            let mut file = match File::open(&self.path) {
                Ok(file) => file,
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(true),
                Err(error) => return Err(wrong(error).into()),
            };
            let start = match self.lines {
                Lines::All => 0,
                Lines::Last(lines) => start_of_last(&mut file, lines).map_err(wrong)?,
            };
            self.open = Some((file, start));
        }
        let Some((file, offset)) = &mut self.open else {
            return Ok(true);
        };
        if file.metadata().map_err(wrong)?.len() < *offset {
            // Somebody has cut it; what is in it now is new.
            *offset = 0;
        }
        file.seek(SeekFrom::Start(*offset)).map_err(wrong)?;
        let mut block = vec![0; BLOCK];
        let mut out = io::stdout().lock();
        loop {
            let count = match file.read(&mut block) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(wrong(error).into()),
            };
            *offset += count as u64;
            let written = match &self.prefix {
                None => out.write_all(&block[..count]),
                Some(prefix) => write_lines(&mut out, prefix, &mut self.half, &block[..count]),
            };
            if !still_read(written)? {
                return Ok(false);
            }
        }
        still_read(out.flush())
    }

    /// Prints what is left of a line that never got its end; false once there is nobody to read it.
    pub(super) fn close(&mut self) -> Result<bool, Failure> {
        let half = std::mem::take(&mut self.half);
        let Some(prefix) = self.prefix.as_deref().filter(|_| !half.is_empty()) else {
            return Ok(true);
        };
        let mut out = io::stdout().lock();
        let line = [prefix.as_bytes(), &half, b"\n"].concat();
        still_read(out.write_all(&line).and_then(|()| out.flush()))
    }
}

/// Writes the whole lines of `half` and then `bytes`, each after `prefix`, and leaves the rest in `half`. A line that is too long to be kept is cut
/// in two.
fn write_lines(out: &mut impl Write, prefix: &str, half: &mut Vec<u8>, bytes: &[u8]) -> io::Result<()> {
    for part in bytes.split_inclusive(|byte| *byte == b'\n') {
        half.extend_from_slice(part);
        if !half.ends_with(b"\n") {
            if half.len() < BLOCK {
                continue;
            }
            half.push(b'\n');
        }
        out.write_all(prefix.as_bytes())?;
        out.write_all(half)?;
        half.clear();
    }
    Ok(())
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
    fn halves_wait_for_their_end() {
        let (mut out, mut half) = (Vec::new(), Vec::new());
        for bytes in ["one\ntw", "o", "\n\nthr"] {
            write_lines(&mut out, "a/0 | ", &mut half, bytes.as_bytes()).unwrap();
        }
        assert_eq!(String::from_utf8(out).unwrap(), "a/0 | one\na/0 | two\na/0 | \n");
        assert_eq!(half, b"thr");
        let mut out = Vec::new();
        write_lines(&mut out, "", &mut half, &b"x".repeat(BLOCK)).unwrap();
        assert_eq!((out.len(), half.len()), (BLOCK + 4, 0));
    }
}
