//! Names of studies, configs, trainings and rules.

use crate::Invalid;

/// Most bytes of a name: with what is put behind it, it has to be the name of a file.
pub(super) const MOST_BYTES: usize = 150;

/// Whether a name may hold this letter.
pub(super) fn is_of_name(letter: char) -> bool {
    letter.is_alphanumeric() || "._-+=,[]".contains(letter)
}

/// The name of a config that is said as `text`: separators of folders and words become a `-`.
pub(super) fn without_separators(text: &str) -> String {
    text.replace(['/', '\\', ' ', '"'], "-")
}

/// Refuses a name that is no name of a folder on every file system and in every shell; `key` is the one that says it.
///
/// # Errors
/// The name has other characters than letters, digits and a few signs.
pub fn check_name(key: &str, name: &str) -> Result<(), Invalid> {
    let fine =
        !name.is_empty() && name.len() <= MOST_BYTES && !name.starts_with(['.', '-']) && name.chars().all(is_of_name);
    if fine {
        return Ok(());
    }
    let problem =
        "has to be 1 to 150 letters, digits, `.`, `_`, `-`, `+`, `=` or `,`, and to begin with none of `.` and `-`";
    Err(Invalid::new(
        key,
        format!("\"{name}\""),
        problem,
        "name = \"resnet20-sgd\"",
    ))
}

/// Whether the config `name` is, or comes from a sweep of, the `[[config]]` called `base`.
pub(super) fn is_made_from(name: &str, base: &str) -> bool {
    name == base || name.strip_prefix(base).is_some_and(|rest| rest.starts_with(','))
}
