//! Our numbers against stored ones: tolerances, and a tally of what matched.

use crate::stored::number;
use seedband_core::range_test::Answer;
use serde_json::Value;

/// Suggested learning rates are values of the grid, or these divided by 10.
const SUGGESTED: f64 = 1e-9;

/// What was compared and what did not match.
#[derive(Default)]
pub(crate) struct Tally {
    compared: usize,
    /// Suggestions that are a learning rate.
    pub(crate) found: usize,
    mismatches: Vec<String>,
}

impl Tally {
    /// Counts a comparison, and keeps what to say of it if it does not match.
    pub(crate) fn check(&mut self, matches: bool, what: impl FnOnce() -> String) {
        self.compared += 1;
        if !matches {
            self.mismatches.push(what());
        }
    }

    /// Everything expected was compared, and all of it matched.
    pub(crate) fn settle(&self, expected: usize) {
        let shown = &self.mismatches[..self.mismatches.len().min(20)];
        assert!(
            shown.is_empty(),
            "{} mismatches:\n{}",
            self.mismatches.len(),
            shown.join("\n")
        );
        assert!(expected > 0, "the stored results hold nothing to compare");
        assert_eq!(self.compared, expected, "not all that is stored was compared");
    }
}

/// Whether an answer says what is stored under a key. `null` and an error in the library stand for no answer.
pub(crate) fn agrees(key: &str, answer: &Answer, expected: &Value) -> bool {
    let Answer::Found { lr, index, fallback } = *answer else {
        return expected.is_null() || expected.get("error").is_some();
    };
    if key.ends_with("index") {
        expected.as_u64() == Some(index as u64)
    } else if key.ends_with("is_fallback") {
        expected.as_bool() == Some(fallback)
    } else {
        (expected.is_number() || expected.is_string()) && close(lr, number(expected), SUGGESTED)
    }
}

/// Equal within a relative tolerance; NaN equals NaN and an infinity itself.
pub(crate) fn close(value: f64, expected: f64, tolerance: f64) -> bool {
    value.to_bits() == expected.to_bits()
        || (value.is_nan() && expected.is_nan())
        || (expected.is_finite() && (value - expected).abs() <= tolerance * expected.abs())
}
