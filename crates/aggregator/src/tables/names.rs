//! Words as they stand in tables, which are those of the other files.

use seedband_core::range_test::{Answer, Reason};
use seedband_core::settings::EarlyEnd;

/// As in a study file.
pub(super) fn early_end_name(early_end: EarlyEnd) -> &'static str {
    match early_end {
        EarlyEnd::DivergedIsInfinite => "diverged-is-infinite",
        EarlyEnd::PadLast => "pad-last",
    }
}

/// Why there is no answer, as in `summary.json`.
pub(super) fn reason_name(answer: &Answer) -> Option<&'static str> {
    match answer {
        Answer::Found { .. } => None,
        Answer::None { reason } => Some(match reason {
            Reason::TooFewPoints => "too-few-points",
            Reason::TooFewFinite => "too-few-finite",
            Reason::LrNotFinite => "lr-not-finite",
        }),
    }
}

/// Whether a rule took its second choice; none without an answer.
pub(super) fn fallback(answer: &Answer) -> Option<bool> {
    match answer {
        Answer::Found { fallback, .. } => Some(*fallback),
        Answer::None { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Serialize;

    fn json<T: Serialize>(value: &T) -> String {
        serde_json::to_value(value).unwrap().as_str().unwrap().to_owned()
    }

    #[test]
    fn tables_use_the_names_of_the_other_files() {
        for early_end in [EarlyEnd::DivergedIsInfinite, EarlyEnd::PadLast] {
            assert_eq!(early_end_name(early_end), json(&early_end));
        }
        for reason in [Reason::TooFewPoints, Reason::TooFewFinite, Reason::LrNotFinite] {
            assert_eq!(reason_name(&Answer::None { reason }), Some(&*json(&reason)));
        }
    }
}
