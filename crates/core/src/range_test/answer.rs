//! What a suggestion rule answers.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What a rule reads off a curve: one learning rate, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(
    rename_all = "kebab-case",
    rename_all_fields = "kebab-case",
    tag = "answer",
    content = "is",
    deny_unknown_fields
)]
pub enum Answer {
    /// A learning rate.
    Found {
        /// The learning rate; finite.
        lr: f64,
        /// Step of the whole history, from 0, that the rule chose. Its learning rate is `lr` times the rule's divisor,
        /// or `lr` itself when the rule snaps to the grid.
        index: usize,
        /// The rule found no point of the kind it looks for and took its stated second choice.
        fallback: bool,
    },
    /// No learning rate.
    None {
        /// Why.
        reason: Reason,
    },
}

impl Answer {
    /// The learning rate, if there is one.
    pub fn lr(&self) -> Option<f64> {
        match self {
            Self::Found { lr, .. } => Some(*lr),
            Self::None { .. } => None,
        }
    }
}

/// Why a rule has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// Fewer points than the rule needs are left after trimming.
    TooFewPoints,
    /// Enough points are left after trimming, but too few of them have a finite loss.
    TooFewFinite,
    /// The answer would be a learning rate that is NaN or infinite.
    LrNotFinite,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooFewPoints => "too few points are left after trimming",
            Self::TooFewFinite => "too few points have a finite loss",
            Self::LrNotFinite => "the learning rate read off is not finite",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_survive_json() {
        let found = Answer::Found {
            lr: 0.1,
            index: 5,
            fallback: true,
        };
        let text = serde_json::to_string(&found).expect("it can be written");
        assert_eq!(text, r#"{"answer":"found","is":{"lr":0.1,"index":5,"fallback":true}}"#);
        assert_eq!(serde_json::from_str::<Answer>(&text).expect("it can be read"), found);
        let none = Answer::None {
            reason: Reason::TooFewPoints,
        };
        let text = serde_json::to_string(&none).expect("it can be written");
        assert_eq!(text, r#"{"answer":"none","is":{"reason":"too-few-points"}}"#);
        assert_eq!(serde_json::from_str::<Answer>(&text).expect("it can be read"), none);
        assert_eq!((found.lr(), none.lr()), (Some(0.1), None));
    }
}
