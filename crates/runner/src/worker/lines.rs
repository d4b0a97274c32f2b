//! Reading lines of bounded length.

use seedband_core::protocol::MAX_LINE;
use std::io;
use tokio::io::{AsyncRead, AsyncReadExt};

const CHUNK: usize = 64 * 1024;

/// What came in.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// A line without its newline.
    Whole(Vec<u8>),
    /// More than [`MAX_LINE`] bytes without a newline. Nothing sensible can follow.
    TooLong,
    /// The other side has closed; this much of a line was left.
    End(Vec<u8>),
}

/// Reads lines and never holds more than one of the longest and a chunk.
#[derive(Debug)]
pub(crate) struct Lines<R> {
    source: R,
    buffer: Vec<u8>,
    /// Where in `buffer` the next line starts.
    start: usize,
    /// Up to where there is no newline.
    searched: usize,
}

impl<R: AsyncRead + Unpin> Lines<R> {
    pub(crate) fn new(source: R) -> Self {
        Self {
            source,
            buffer: Vec::new(),
            start: 0,
            searched: 0,
        }
    }

    /// The next line with anything on it. Nothing is lost when the future is dropped before it is ready.
    pub(crate) async fn next(&mut self) -> io::Result<Line> {
        loop {
            if let Some(length) = self.buffer[self.searched..].iter().position(|&byte| byte == b'\n') {
                let end = self.searched + length;
                let line = self.buffer[self.start..end].to_vec();
                self.start = end + 1;
                self.searched = self.start;
                if line.trim_ascii().is_empty() {
                    continue;
                }
                return Ok(if line.len() > MAX_LINE {
                    Line::TooLong
                } else {
                    Line::Whole(line)
                });
            }
            self.buffer.drain(..self.start);
            self.start = 0;
            self.searched = self.buffer.len();
            if self.buffer.len() > MAX_LINE {
                return Ok(Line::TooLong);
            }
            self.buffer.reserve(CHUNK);
            if (&mut self.source).take(CHUNK as u64).read_buf(&mut self.buffer).await? == 0 {
                self.searched = 0;
                return Ok(Line::End(std::mem::take(&mut self.buffer)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn all(bytes: &[u8]) -> Vec<Line> {
        let mut lines = Lines::new(bytes);
        let mut read = Vec::new();
        loop {
            let line = lines.next().await.unwrap();
            let last = !matches!(line, Line::Whole(_));
            read.push(line);
            if last {
                return read;
            }
        }
    }

    fn whole(text: &str) -> Line {
        Line::Whole(text.into())
    }

    #[tokio::test]
    async fn lines_and_what_is_left() {
        assert_eq!(
            all(b"a\n\n \r\nbc\nde").await,
            [whole("a"), whole("bc"), Line::End(b"de".to_vec())]
        );
        assert_eq!(all(b"").await, [Line::End(vec![])]);
    }

    #[tokio::test]
    async fn the_longest_line_is_read_and_one_byte_more_is_not() {
        let mut bytes = vec![b'x'; MAX_LINE];
        bytes.push(b'\n');
        assert_eq!(
            all(&bytes).await,
            [Line::Whole(vec![b'x'; MAX_LINE]), Line::End(vec![])]
        );
        bytes.insert(0, b'x');
        assert_eq!(all(&bytes).await, [Line::TooLong]);
    }

    #[tokio::test]
    async fn an_endless_line_is_given_up_without_being_kept() {
        let mut lines = Lines::new(tokio::io::repeat(b'x'));
        assert_eq!(lines.next().await.unwrap(), Line::TooLong);
        assert!(lines.buffer.len() <= MAX_LINE + 2 * CHUNK, "{}", lines.buffer.len());
    }
}
