//! A log on standard output, as far as it has been written.

use crate::exit::Failure;
use crate::output::still_read;
use seedband::{LogLines, LogTail, printable};
use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};
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
    /// Whether a person reads it; a pipe gets the bytes as they are.
    on_terminal: bool,
}

impl PrintedLog {
    /// The log at `path`, from the last `lines` of what is there when it is first looked at.
    pub(super) fn new(path: PathBuf, name: Option<String>, lines: LogLines) -> Self {
        Self {
            tail: LogTail::new(path, lines),
            prefix: name.map(|name| format!("{name} | ")),
            half: Vec::new(),
            on_terminal: io::stdout().is_terminal(),
        }
    }

    /// Prints what has come since; false once there is nobody to read it.
    pub(super) fn more(&mut self) -> Result<bool, Failure> {
        let mut out = io::stdout().lock();
        while let Some(bytes) = self.tail.next_block()? {
            let shown = if self.on_terminal {
                harmless(bytes)
            } else {
                bytes.into()
            };
            let written = match &self.prefix {
                None => out.write_all(&shown),
                Some(prefix) => write_lines(&mut out, prefix, &mut self.half, &shown),
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

/// Bytes of a log without what a terminal would obey, but for the return to the start of a line, which progress bars
/// live by.
fn harmless(bytes: &[u8]) -> Cow<'_, [u8]> {
    let text = String::from_utf8_lossy(bytes);
    let parts: Vec<Cow<'_, str>> = text.split('\r').map(printable).collect();
    Cow::Owned(parts.join("\r").into_bytes())
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
    fn what_a_terminal_obeys_is_left_out() {
        let shown = harmless(b"10 %\r20 %\x1b]0;title\x07\n\xff");
        assert_eq!(String::from_utf8_lossy(&shown), "10 %\r20 %�]0;title�\n�");
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
        write_lines(&mut out, "", &mut half, &b"x".repeat(LONGEST)).unwrap();
        assert_eq!((out.len(), half.len()), (LONGEST + 4, 0));
    }
}
