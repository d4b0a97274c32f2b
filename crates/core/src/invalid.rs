//! A setting whose value cannot be used, said in one way everywhere.

use std::fmt;

/// A setting that parses but makes no sense: its key, what it says, why that cannot be, and what to write instead.
///
/// Settings are checked after all files of a study have been merged, so this error knows only the key; the study loader
/// finds the file and line that set it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Invalid {
    /// Dotted key below the table that was checked, for example `end`; the caller prefixes its own table with
    /// [`Invalid::under`].
    pub key: String,
    /// The value as the user wrote it, or as it came out of the merge.
    pub value: String,
    /// Why it cannot be used: a lowercase fragment without a period.
    pub problem: String,
    /// A line of TOML that works, for example `end = 10.0`.
    pub example: String,
}

impl Invalid {
    /// An invalid `key = value`, with the reason and a line that works.
    pub fn new(
        key: impl Into<String>,
        value: impl fmt::Display,
        problem: impl Into<String>,
        example: impl Into<String>,
    ) -> Self {
        Self {
            key: key.into(),
            value: value.to_string(),
            problem: problem.into(),
            example: example.into(),
        }
    }

    /// The same error seen from one table further out: `end` under `schedule` is `schedule.end`.
    #[must_use]
    pub fn under(mut self, table: &str) -> Self {
        self.key = format!("{table}.{}", self.key);
        self
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{} = {}`: {}; for example `{}`",
            self.key, self.value, self.problem, self.example
        )
    }
}
