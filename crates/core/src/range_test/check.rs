//! Checks that several settings share.

use crate::Invalid;
use serde::Serialize;

/// More steps, or points, than any range test has: 100,000 times the usual number.
///
/// The bound catches a slipped digit before it becomes a list that does not fit in memory.
pub(super) const MOST_STEPS: usize = 10_000_000;

/// Rejects a float that is NaN or infinite.
pub(super) fn finite(key: &str, value: f64, example: &str) -> Result<(), Invalid> {
    if value.is_finite() {
        Ok(())
    } else {
        Err(Invalid::new(key, value, "must be a finite number", example))
    }
}

/// Rejects a count that is absurdly large.
pub(super) fn count(key: &str, value: usize, example: &str) -> Result<(), Invalid> {
    if value <= MOST_STEPS {
        Ok(())
    } else {
        Err(Invalid::new(key, value, format!("is more than {MOST_STEPS}"), example))
    }
}

/// Rejects an option that is set although what is chosen does not read it: a value that is ignored would mislead whoever reads the file.
///
/// `kind` is the choice as it stands in the file, for example `kind = "none"`.
pub(super) fn unused<T: Serialize>(key: &str, value: Option<&T>, kind: &str) -> Result<(), Invalid> {
    match value {
        None => Ok(()),
        Some(value) => Err(Invalid::new(
            key,
            shown(value),
            format!("has no meaning with `{kind}`; leave it out"),
            kind,
        )),
    }
}

/// A value as it is written in a settings file; for these types JSON and TOML agree.
pub(crate) fn shown<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
