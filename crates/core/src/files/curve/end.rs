//! How a curve ended.

use serde::{Deserialize, Serialize};

/// How a curve ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// Every planned step was trained.
    Completed,
    /// Every stop rule in use had fired, so training on would have changed nothing.
    #[serde(rename = "halted")]
    StoppedEarly,
    /// The loss of the last step was infinite or NaN.
    NonFinite,
}

impl End {
    /// The name as it stands in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::StoppedEarly => "halted",
            Self::NonFinite => "non-finite",
        }
    }

    /// How a person would say it, before "after 57 steps".
    pub fn words(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::StoppedEarly => "stopped early",
            Self::NonFinite => "ended by a loss that is not finite",
        }
    }
}
