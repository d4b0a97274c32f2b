//! The framing of an event file (`TFRecord`): length, its checksum, the data, their checksum.

use super::crc32c::masked;

/// Bytes before the data of a record: its length and the checksum of that.
const HEAD: usize = 12;

/// Bytes after them.
const TAIL: usize = 4;

/// Whether a file begins as an event file does.
pub(in crate::import) fn is_record(bytes: &[u8]) -> bool {
    head(bytes).is_some_and(|(_, is_whole)| is_whole)
}

/// The length that a record says, and whether its checksum fits.
fn head(bytes: &[u8]) -> Option<(u64, bool)> {
    let (length, rest) = bytes.split_first_chunk::<8>()?;
    let crc = rest.first_chunk::<4>()?;
    Some((u64::from_le_bytes(*length), masked(length) == u32::from_le_bytes(*crc)))
}

/// The records of a file, one after the other; ends after one that is damaged.
pub(super) struct Records<'a> {
    rest: &'a [u8],
    at: usize,
    /// Whether the last record is cut short, as a writer leaves it that was killed.
    pub(super) is_torn: bool,
}

impl<'a> Records<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self {
            rest: bytes,
            at: 0,
            is_torn: false,
        }
    }

    fn damaged(&mut self, what: &str) -> String {
        self.rest = &[];
        format!(
            "the record at byte {} is damaged: the checksum of its {what} does not fit; copy the file again from where \
             it was written",
            self.at
        )
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Result<&'a [u8], String>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let Some((length, is_whole)) = head(self.rest) else {
            self.is_torn = true;
            self.rest = &[];
            return None;
        };
        if !is_whole {
            return Some(Err(self.damaged("length")));
        }
        let whole = usize::try_from(length)
            .ok()
            .and_then(|length| length.checked_add(HEAD + TAIL));
        let Some((record, rest)) = whole.and_then(|whole| self.rest.split_at_checked(whole)) else {
            self.is_torn = true;
            self.rest = &[];
            return None;
        };
        let (data, crc) = record[HEAD..].split_at(record.len() - HEAD - TAIL);
        if masked(data).to_le_bytes() != crc {
            return Some(Err(self.damaged("data")));
        }
        self.at += record.len();
        self.rest = rest;
        Some(Ok(data))
    }
}
