//! A log on standard output, as far as it has been written.

use crate::exit::Failure;
use crate::output::still_read;
use seedband::{LogLines, LogTail};
use std::io::{self, Write};
use std::path::PathBuf;

/// The longest line that is kept together beside the lines of others.
const LONGEST: usize = 1 << 16;

/// A log that is printed bit by bit.
pub(super) struct PrintedLog {
    tail: LogTail,
    /// Before each line; none where the bytes are passed on as they are.
    prefix: Option<String>,
    /// The beginning of a line whose end is not there yet.
    half: Vec<u8>,
}

impl PrintedLog {
    /// The log at `path`, from the last `lines` of what is there when it is first looked at.
    pub(super) fn new(path: PathBuf, name: Option<String>, lines: LogLines) -> Self {
        Self {
            tail: LogTail::new(path, lines),
            prefix: name.map(|name| format!("{name} | ")),
            half: Vec::new(),
        }
    }

    /// Prints what has come since; false once there is nobody to read it.
    pub(super) fn more(&mut self) -> Result<bool, Failure> {
        let mut out = io::stdout().lock();
        while let Some(bytes) = self.tail.next_block()? {
            let written = match &self.prefix {
                None => out.write_all(bytes),
                Some(prefix) => write_lines(&mut out, prefix, &mut self.half, bytes),
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

/// Writes the whole lines of `half` and then `bytes`, each after `prefix`, and leaves the rest in `half`. A line that
/// is too long to be kept is cut in two.
fn write_lines(out: &mut impl Write, prefix: &str, half: &mut Vec<u8>, bytes: &[u8]) -> io::Result<()> {
    for part in bytes.split_inclusive(|byte| *byte == b'\n') {
        half.extend_from_slice(part);
        if !half.ends_with(b"\n") {
            if half.len() < LONGEST {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_wait_for_their_end() {
        let (mut out, mut half) = (Vec::new(), Vec::new());
        for bytes in ["one\ntw", "o", "\n\nthr"] {
            write_lines(&mut out, "a/0 | ", &mut half, bytes.as_bytes()).unwrap();
        }
        assert_eq!(String::from_utf8(out).unwrap(), "a/0 | one\na/0 | two\na/0 | \n");
        assert_eq!(half, b"thr");
        let mut out = Vec::new();
        write_lines(&mut out, "", &mut half, &b"x".repeat(LONGEST)).unwrap();
        assert_eq!((out.len(), half.len()), (LONGEST + 4, 0));
    }
}
