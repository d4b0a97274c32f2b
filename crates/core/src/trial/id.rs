//! The id that names a trial's content.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Content hash of a trial: 32 hexadecimal digits of SHA-256 over the recipe's identity and the seeds of its streams.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TrialId(String);

impl TrialId {
    /// Digits of [`TrialId::short`].
    pub const SHORT: usize = 8;

    /// The first eight digits, used in folder names and for people. They tell no trial from every other: among
    /// 100,000 trials some pair begins alike more often than not.
    pub fn short(&self) -> &str {
        self.0.get(..Self::SHORT).unwrap_or(&self.0)
    }

    /// All digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for TrialId {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Display for TrialId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
