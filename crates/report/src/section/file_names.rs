//! Names of files from names of configs.

use seedband_core::hex::hex;
use sha2::{Digest, Sha256};
use std::collections::HashSet;

/// Longest part of a config's name in a file name, in characters.
const LONGEST: usize = 60;

/// Hexadecimal digits of a digest.
const DIGITS: usize = 8;

/// File names, one for each config name in its order: letters, digits, `.`, `_` and `-` of ASCII stay, all else becomes
/// `-`. Where a letter of another script is lost, a digest of the name follows, so that the name of its file does not
/// depend on the other configs. Names that would be equal, also on file systems that do not tell `A` from `a`, get a
/// number.
pub(crate) fn unique<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut unique: Vec<String> = names.into_iter().map(plain).collect();
    number(unique.iter_mut());
    unique
}

/// Puts a number behind each name that a name before it equals.
pub(crate) fn number<'a>(names: impl IntoIterator<Item = &'a mut String>) {
    let mut taken = HashSet::new();
    for name in names {
        let mut candidate = name.clone();
        let mut number = 2_u64;
        while !taken.insert(candidate.to_lowercase()) {
            candidate = format!("{name}-{number}");
            number += 1;
        }
        *name = candidate;
    }
}

fn plain(name: &str) -> String {
    let mapped: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') {
                c
            } else {
                '-'
            }
        })
        .take(LONGEST)
        .collect();
    let trimmed = mapped.trim_matches(['-', '.']);
    let stem = if trimmed.is_empty() { "config" } else { trimmed };
    if name.chars().any(|c| !c.is_ascii() && c.is_alphanumeric()) {
        let digest = hex(&Sha256::digest(name.as_bytes()));
        format!("{stem}-{}", digest.get(..DIGITS).unwrap_or_default())
    } else {
        stem.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_and_unique() {
        let names = ["base", "batch=128, lr=0.1", "../../etc", "Base", "base", "", "???"];
        assert_eq!(
            unique(names),
            [
                "base",
                "batch-128--lr-0.1",
                "etc",
                "Base-2",
                "base-3",
                "config",
                "config-2"
            ]
        );
        // `printf é | sha256sum`; the same beside any other config.
        assert_eq!(unique(["é"]), ["config-4a99557e"]);
        assert_eq!(unique(["base", "基準", "é"])[2], "config-4a99557e");
        assert_ne!(unique(["基準"]), unique(["база"]));
        assert_eq!(unique(["x".repeat(200).as_str()])[0].len(), LONGEST);
        // A name that looks like a numbered one does not collide.
        assert_eq!(unique(["a", "a-2", "a"]), ["a", "a-2", "a-3"]);
    }
}
