//! The names of version 0.1 for the two learning rates of a range, so that its studies and summaries are still read.
//!
//! It called the min LR the low end and the max LR the high end. Nothing is written with these names any more.

use crate::train::{MAX_LR, MIN_LR};

/// Dotted keys of a study: then, now.
const KEYS: [(&str, &str); 2] = [("range.low", "range.min"), ("range.high", "range.max")];

/// Values of a study that name one of the two rates: dotted key, then, now.
const VALUES: [(&str, &str, &str); 3] = [
    ("train.rule", "low", MIN_LR),
    ("train.rule", "high", MAX_LR),
    ("train.floor", "low", MIN_LR),
];

/// What is now called otherwise below `from` in `key`; `None` where nothing is.
fn renamed(key: &str, from: &str, to: &str) -> Option<String> {
    let rest = key.strip_prefix(from)?;
    (rest.is_empty() || rest.starts_with('.')).then(|| format!("{to}{rest}"))
}

/// The present name of a dotted key of version 0.1; `None` for a key that is called the same.
pub(crate) fn present_key(key: &str) -> Option<String> {
    KEYS.iter().find_map(|(then, now)| renamed(key, then, now))
}

/// The name that version 0.1 had for a dotted key; `None` for a key that is called the same.
pub(crate) fn old_key(key: &str) -> Option<String> {
    KEYS.iter().find_map(|(then, now)| renamed(key, now, then))
}

/// The present name of a value at a dotted key; `None` for a value that is called the same.
pub(crate) fn present_value(key: &str, value: &str) -> Option<&'static str> {
    let key = key.replace(".variant.", ".");
    let mut values = VALUES.iter();
    let found = values.find(|(at, then, _)| *at == key && *then == value);
    found.map(|(.., now)| *now)
}

/// A few words of a summary that name one of the two rates, for example `own high end x 0.5`, in present words.
pub(crate) fn present_words(text: &str) -> String {
    text.replace(" low end", " min LR").replace(" high end", " max LR")
}
