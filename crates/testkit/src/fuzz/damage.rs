//! What can happen to an input, and how it is chosen.

use crate::Random;

/// Numbers where counting, sizes and floats go wrong, as they stand in a text.
const NUMBERS: [&str; 24] = [
    "0",
    "-1",
    "1",
    "-0.0",
    "0.1",
    "255",
    "256",
    "65536",
    "2147483648",
    "4294967295",
    "4294967296",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "99999999999999999999999999999999",
    "1e308",
    "1e400",
    "-1e-320",
    "10000000",
    "100000",
    "NaN",
    "\"Infinity\"",
    "null",
];

/// What opens a level in one of the texts that are read here.
const OPENERS: [&str; 6] = ["[", "{", "{\"a\":", "{a=", "a.", "[["];

/// One damage. Places are fractions of the length of the input that it is done to, in units of 2^-32.
#[derive(Debug, Clone)]
pub(crate) enum Damage {
    /// Another bit.
    Flip { at: u32, bit: u8 },
    /// Another byte.
    Byte { at: u32, byte: u8 },
    /// Nothing from there on.
    Cut { at: u32 },
    /// A part is gone.
    Remove { at: u32, length: usize },
    /// A part stands there several times.
    Repeat { at: u32, length: usize, times: usize },
    /// A part of another input in its place.
    Splice {
        at: u32,
        other: usize,
        from: u32,
        length: usize,
    },
    /// Another number in place of one.
    Number { at: u32, text: &'static str },
    /// Digits, or a word, in place of a number or a string.
    Word { at: u32, word: usize },
    /// Levels upon levels.
    Nest {
        at: u32,
        opener: &'static str,
        depth: usize,
    },
    /// A number of so many bytes as binary files have it.
    Binary { at: u32, value: u64, width: usize },
}

impl Damage {
    pub(crate) fn new(random: &mut Random) -> Self {
        let at = random.next() as u32;
        // Short parts are as likely as long ones.
        let length = |random: &mut Random| 1_usize << random.below(14);
        match random.below(20) {
            0..=1 => Self::Flip {
                at,
                bit: random.below(8) as u8,
            },
            2 => Self::Byte {
                at,
                byte: *random.pick(b"\0\n\xff\"'[]{}=.,-#\\ 9").unwrap_or(&0),
            },
            3..=4 => Self::Cut { at },
            5..=6 => Self::Remove {
                at,
                length: length(random),
            },
            7..=8 => Self::Repeat {
                at,
                length: length(random),
                times: 1 << random.below(8),
            },
            9..=10 => Self::Splice {
                at,
                other: random.below(1 << 16),
                from: random.next() as u32,
                length: length(random),
            },
            11..=14 => Self::number(random),
            15..=16 => Self::Word {
                at,
                word: random.below(1 << 16),
            },
            17 => Self::Nest {
                at,
                opener: random.pick(&OPENERS).copied().unwrap_or_default(),
                depth: 1 << random.below(16),
            },
            _ => Self::Binary {
                at,
                value: [0, 1, 0xff, 0xffff, 60_000, u64::from(u32::MAX), u64::MAX, 1 << 40][random.below(8)],
                width: [1, 2, 4, 8][random.below(4)],
            },
        }
    }

    /// Another number in place of one: what is left is well formed, and says something else.
    pub(crate) fn number(random: &mut Random) -> Self {
        Self::Number {
            at: random.next() as u32,
            text: random.pick(&NUMBERS).copied().unwrap_or_default(),
        }
    }
}
