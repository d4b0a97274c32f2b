//! Checks that several settings share.

use crate::Invalid;
use serde::Serialize;

/// More steps, or points, than any trial has: 100,000 times the usual number.
///
/// The bound catches a slipped digit before it becomes a list that does not fit in memory.
pub(crate) const MOST_STEPS: u32 = 10_000_000;

/// Rejects a float that is NaN or infinite.
pub(crate) fn finite(key: &str, value: f64, example: &str) -> Result<(), Invalid> {
    if value.is_finite() {
        Ok(())
    } else {
        Err(Invalid::new(key, value, "must be a finite number", example))
    }
}

/// Rejects a number that is not finite, below `low` or above `high`, which may be infinite.
pub(crate) fn within(key: &str, value: f64, low: f64, high: f64, example: &str) -> Result<(), Invalid> {
    if value.is_finite() && value >= low && value <= high {
        return Ok(());
    }
    let problem = if high.is_infinite() {
        format!("has to be a finite number of at least {low}")
    } else {
        format!("has to be a number from {low} to {high}")
    };
    Err(Invalid::new(key, value, problem, example))
}

/// Rejects a count that is absurdly large.
pub(crate) fn count(key: &str, value: usize, example: &str) -> Result<(), Invalid> {
    if value <= MOST_STEPS as usize {
        Ok(())
    } else {
        Err(Invalid::new(key, value, format!("is more than {MOST_STEPS}"), example))
    }
}

/// Rejects an option that is set although another setting leaves it without effect: a value that is ignored would
/// mislead whoever reads the file. `beside` is that setting as it stands in the file, for example `skip-start = 10`.
pub(crate) fn unused<T: Serialize>(key: &str, value: Option<&T>, beside: &str) -> Result<(), Invalid> {
    let Some(value) = value else { return Ok(()) };
    let problem = format!("has no meaning with `{beside}`; leave it out");
    Err(Invalid::new(key, shown(value), problem, beside))
}

/// [`unused`] for an option that only some of a table's kinds read: `chosen` is the key that decides and what it says,
/// `readers` those of its values that read the option.
pub(crate) fn only_with<T: Serialize, K: Serialize + PartialEq>(
    key: &str,
    value: Option<&T>,
    chosen: (&str, K),
    readers: &[K],
) -> Result<(), Invalid> {
    let (name, kind) = chosen;
    let Some(value) = value.filter(|_| !readers.contains(&kind)) else {
        return Ok(());
    };
    let known: Vec<String> = readers.iter().map(|kind| format!("`{}`", shown(kind))).collect();
    let problem = format!(
        "has no meaning with `{name} = {}`, only with {}",
        shown(&kind),
        known.join(", ")
    );
    let example = format!("{name} = {}", shown(&readers.first()));
    Err(Invalid::new(key, shown(value), problem, example))
}

/// A value as it is written in a settings file; for these types JSON and TOML agree.
pub(crate) fn shown<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_that_nothing_reads_is_named_with_who_reads_it() {
        let of = |value, kind| only_with("depth", value, ("kind", kind), &["deep", "deeper"]);
        assert_eq!(of(Some(&3), "deeper"), Ok(()));
        assert_eq!(of(None, "flat"), Ok(()));
        let invalid = of(Some(&3), "flat").unwrap_err();
        assert_eq!(
            invalid.to_string(),
            "`depth = 3`: has no meaning with `kind = \"flat\"`, only with `\"deep\"`, `\"deeper\"`; \
             for example `kind = \"deep\"`"
        );
        assert_eq!(unused::<u32>("depth", None, "flat = true"), Ok(()));
        let invalid = unused("depth", Some(&3), "flat = true").unwrap_err();
        assert_eq!(invalid.problem, "has no meaning with `flat = true`; leave it out");
    }

    #[test]
    fn bounds_are_included() {
        for (value, is_fine) in [(0.0, true), (1.0, true), (-0.1, false), (1.1, false), (f64::NAN, false)] {
            assert_eq!(
                within("share", value, 0.0, 1.0, "share = 0.5").is_ok(),
                is_fine,
                "{value}"
            );
        }
        assert!(within("share", f64::INFINITY, 0.0, f64::INFINITY, "share = 0.5").is_err());
        assert!(count("steps", 10_000_000, "steps = 1").is_ok());
        assert!(count("steps", 10_000_001, "steps = 1").is_err());
    }
}
