//! Names of studies, configs, trainings and rules.

use crate::Invalid;

/// Refuses a name that is no name of a folder on every file system and in every shell; `key` is the one that says it.
///
/// # Errors
/// The name has other characters than letters, digits and a few signs.
pub fn check_name(key: &str, name: &str) -> Result<(), Invalid> {
    let fine = !name.is_empty()
        && name.len() <= 150
        && !name.starts_with(['.', '-'])
        && name
            .chars()
            .all(|character| character.is_alphanumeric() || "._-+=,[]".contains(character));
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
