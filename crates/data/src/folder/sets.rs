//! Which folders are sets of images, for training or for validation, by their names.
//!
//! A set is called by a word for it in any case (`train`, `Val`), alone or with words that say no more (`training_set`,
//! `test-images`, `TrainData`). With other words or numbers it is one where a set for the other purpose beside it has
//! the same ones (`seg_train` and `seg_test`, `train2017` and `val2017`): alone, `train_station` is a class.

use super::names::last;
use std::path::{Path, PathBuf};

/// Words for training images.
const TRAINING: [&str; 2] = ["train", "training"];

/// Words for validation images; the first that is there counts.
const VALIDATION: [&str; 5] = ["test", "testing", "val", "valid", "validation"];

/// Words beside them that say no more.
const GENERAL: [&str; 10] = [
    "set", "sets", "data", "dataset", "image", "images", "img", "imgs", "split", "pictures",
];

/// What a set is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Purpose {
    Training,
    /// By the place of its word among those for validation.
    Validation(usize),
}

/// A folder that is a set of images.
#[derive(Debug)]
pub(super) struct Set<'a> {
    pub(super) path: &'a PathBuf,
    pub(super) purpose: Purpose,
}

impl Set<'_> {
    pub(super) fn is_training(&self) -> bool {
        self.purpose == Purpose::Training
    }
}

/// The sets among folders, in their order.
pub(super) fn sets(folders: &[PathBuf]) -> Vec<Set<'_>> {
    let named: Vec<(&PathBuf, Name)> = folders
        .iter()
        .filter_map(|path| Some((path, Name::of(path)?)))
        .collect();
    let is_set = |name: &Name| name.is_plain() || named.iter().any(|(_, other)| name.is_beside(other));
    named
        .iter()
        .filter(|(_, name)| is_set(name))
        .map(|(path, name)| Set {
            path,
            purpose: name.purpose,
        })
        .collect()
}

/// What a folder's name says of a set that it may be.
#[derive(Debug, PartialEq, Eq)]
struct Name {
    purpose: Purpose,
    /// Its other words.
    rest: Vec<String>,
    has_number: bool,
}

impl Name {
    /// Nothing where the name has no word for a purpose, or several.
    fn of(path: &Path) -> Option<Self> {
        let (mut purposes, mut rest, mut has_number) = (Vec::new(), Vec::new(), false);
        for word in words(&last(path)) {
            if let Some(purpose) = purpose(&word) {
                purposes.push(purpose);
            } else if word.bytes().all(|byte| byte.is_ascii_digit()) {
                has_number = true;
            } else if !GENERAL.contains(&word.as_str()) {
                rest.push(word);
            }
        }
        let &[purpose] = purposes.as_slice() else {
            return None;
        };
        Some(Self {
            purpose,
            rest,
            has_number,
        })
    }

    /// Whether it says a purpose and nothing else.
    fn is_plain(&self) -> bool {
        self.rest.is_empty() && !self.has_number
    }

    /// Whether the other one is a set of the same images for the other purpose.
    fn is_beside(&self, other: &Self) -> bool {
        let is_training = |name: &Self| name.purpose == Purpose::Training;
        is_training(self) != is_training(other) && self.rest == other.rest
    }
}

/// The purpose that a word says, which may have one that says no more at its end (`testset`).
fn purpose(word: &str) -> Option<Purpose> {
    let stems = GENERAL.iter().filter_map(|end| word.strip_suffix(end));
    let place = |known: &[&str]| {
        let stem = |stem| known.iter().position(|known| *known == stem);
        std::iter::once(word).chain(stems.clone()).find_map(stem)
    };
    if place(&TRAINING).is_some() {
        return Some(Purpose::Training);
    }
    place(&VALIDATION).map(Purpose::Validation)
}

/// The words and numbers of a name, in lower case: `SegTrain_2` has `seg`, `train` and `2`.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = None;
    for letter in name.chars() {
        let starts = before.is_none_or(|before: char| {
            !before.is_alphanumeric()
                || before.is_numeric() != letter.is_numeric()
                || (before.is_lowercase() && letter.is_uppercase())
        });
        before = Some(letter);
        if !letter.is_alphanumeric() {
            continue;
        }
        let lower = letter.to_lowercase();
        match words.last_mut().filter(|_| !starts) {
            Some(word) => word.extend(lower),
            None => words.push(lower.collect()),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names of those for training, and of those for validation with the first word first.
    fn found(names: &[&str]) -> (Vec<String>, Vec<String>) {
        let folders: Vec<PathBuf> = names.iter().map(PathBuf::from).collect();
        let mut sets = sets(&folders);
        sets.sort_by_key(|set| set.purpose);
        let (training, validation): (Vec<_>, Vec<_>) = sets.iter().partition(|set| set.is_training());
        let names = |sets: Vec<&Set<'_>>| sets.iter().map(|set| last(set.path)).collect();
        (names(training), names(validation))
    }

    #[test]
    fn a_set_is_called_by_its_purpose() {
        for (names, training, validation) in [
            (
                &["train", "val", "test", "cats"][..],
                &["train"][..],
                &["test", "val"][..],
            ),
            (&["TRAINING", "Valid"], &["TRAINING"], &["Valid"]),
            (&["training_set", "test_set"], &["training_set"], &["test_set"]),
            (&["training_set", "test1"], &["training_set"], &["test1"]),
            (&["trainset", "TestImages"], &["trainset"], &["TestImages"]),
            (&["seg_train", "seg_test", "seg_pred"], &["seg_train"], &["seg_test"]),
            (&["train2017", "val2017"], &["train2017"], &["val2017"]),
            (
                &["imagenette-train", "imagenette-val"],
                &["imagenette-train"],
                &["imagenette-val"],
            ),
            (&["test_set", "cats", "dogs"], &[], &["test_set"]),
            // Classes.
            (&["train_station", "airport"], &[], &[]),
            (&["train_station", "test_tube"], &[], &[]),
            (&["bullet train", "steam train"], &[], &[]),
            (&["test1", "test2", "test3"], &[], &[]),
            (&["trained", "valley", "latest", "contest"], &[], &[]),
            (&["trainval", "train_test"], &[], &[]),
        ] {
            let owned = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
            assert_eq!(found(names), (owned(training), owned(validation)), "{names:?}");
        }
    }
}
