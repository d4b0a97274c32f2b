//! How an input is damaged.

use super::damage::Damage;
use std::ops::Range;

/// No damaged input is longer.
const LONGEST: usize = 1 << 18;

impl Damage {
    /// Does it to `bytes`; `seeds` are the other inputs, and `words` what stands for something in them.
    pub(crate) fn apply(&self, bytes: &mut Vec<u8>, seeds: &[Vec<u8>], words: &[&str]) {
        let length = bytes.len();
        let place = |at: u32| place(at, length);
        match self {
            Self::Flip { at, bit } => {
                if let Some(byte) = bytes.get_mut(place(*at)) {
                    *byte ^= 1 << bit;
                }
            }
            Self::Byte { at, byte } => bytes.insert(place(*at), *byte),
            Self::Cut { at } => bytes.truncate(place(*at)),
            Self::Remove { at, length } => {
                let from = place(*at);
                bytes.drain(from..end(from, *length, bytes));
            }
            Self::Repeat { at, length, times } => {
                let from = place(*at);
                let part = bytes[from..end(from, *length, bytes)].repeat(*times);
                bytes.splice(from..from, part);
            }
            Self::Splice {
                at,
                other,
                from,
                length,
            } => {
                let Some(other) = seeds.get(other % seeds.len().max(1)) else {
                    return;
                };
                let (to, from) = (place(*at), self::place(*from, other.len()));
                let part = &other[from..end(from, *length, other)];
                bytes.splice(to..end(to, *length, bytes), part.iter().copied());
            }
            Self::Number { at, text } => {
                let first = |byte: u8| byte.is_ascii_digit();
                let range = token(bytes, place(*at), first, |byte| {
                    first(byte) || b"+-.eE_".contains(&byte)
                });
                bytes.splice(range, text.bytes());
            }
            Self::Word { at, word } => {
                let Some(word) = words.get(word % words.len().max(1)) else {
                    return;
                };
                let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
                let range = token(bytes, place(*at), fits, fits);
                bytes.splice(range, word.bytes());
            }
            Self::Nest { at, opener, depth } => {
                let at = place(*at);
                bytes.splice(at..at, opener.repeat(*depth).into_bytes());
            }
            Self::Binary { at, value, width } => {
                let at = place(*at);
                let end = end(at, *width, bytes);
                bytes.splice(at..end, value.to_le_bytes()[..*width].iter().copied());
            }
        }
        bytes.truncate(LONGEST);
    }
}

fn place(at: u32, length: usize) -> usize {
    ((u64::from(at) * length as u64) >> 32) as usize
}

fn end(from: usize, length: usize, bytes: &[u8]) -> usize {
    from.saturating_add(length).min(bytes.len())
}

/// The run of bytes that go on from the first at or after `at` that begins one; empty at the end where there is none.
fn token(bytes: &[u8], at: usize, begins: impl Fn(u8) -> bool, goes_on: impl Fn(u8) -> bool) -> Range<usize> {
    let start = (at..bytes.len())
        .find(|&index| begins(bytes[index]))
        .unwrap_or(bytes.len());
    let end = (start..bytes.len())
        .find(|&index| !goes_on(bytes[index]))
        .unwrap_or(bytes.len());
    start..end
}
