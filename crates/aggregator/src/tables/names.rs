//! Names: of rules for people, of states as they stand in tables.

use seedband_core::files::curve::End;
use seedband_core::range_test::{Answer, Range, Reason, Rule, RuleKind, Signal};
use seedband_core::settings::EarlyEnd;
use seedband_core::summary::RuleNames;

/// The names of a range's two rules, for example `steepest descent` and `least loss / 10`.
pub(crate) fn rule_names(range: &Range) -> RuleNames {
    RuleNames {
        min_lr: name(&range.min),
        max_lr: name(&range.max),
    }
}

fn name(rule: &Rule) -> String {
    let rule = rule.explicit();
    let mut name = match rule.rule {
        RuleKind::LeastLoss => "least loss",
        RuleKind::Steepest => "steepest descent",
        RuleKind::Valley => "valley",
        RuleKind::Slide => "slide",
        RuleKind::LastDescent => "last descent",
    }
    .to_owned();
    if rule.signal == Some(Signal::Raw) {
        name.insert_str(0, "unsmoothed ");
    }
    // The last descent's divisor makes the rate that it is held against; its answer is not divided.
    match rule.divide_by.map(|divisor| divisor.to_string()) {
        Some(divisor) if divisor != "1" && rule.rule != RuleKind::LastDescent => format!("{name} / {divisor}"),
        _ => name,
    }
}

/// As in `curve.jsonl`.
pub(crate) fn end_name(end: End) -> &'static str {
    match end {
        End::Completed => "completed",
        End::StoppedEarly => "halted",
        End::NonFinite => "non-finite",
    }
}

/// As in a study file.
pub(crate) fn early_end_name(early_end: EarlyEnd) -> &'static str {
    match early_end {
        EarlyEnd::DivergedIsInfinite => "diverged-is-infinite",
        EarlyEnd::PadLast => "pad-last",
    }
}

/// Why there is no answer, as in `summary.json`.
pub(crate) fn reason_name(answer: &Answer) -> Option<&'static str> {
    match answer {
        Answer::Found { .. } => None,
        Answer::None { reason } => Some(match reason {
            Reason::TooFewPoints => "too-few-points",
            Reason::TooFewFinite => "too-few-finite",
            Reason::LrNotFinite => "lr-not-finite",
        }),
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
        for end in [End::Completed, End::StoppedEarly, End::NonFinite] {
            assert_eq!(end_name(end), json(&end));
        }
        for early_end in [EarlyEnd::DivergedIsInfinite, EarlyEnd::PadLast] {
            assert_eq!(early_end_name(early_end), json(&early_end));
        }
        for reason in [Reason::TooFewPoints, Reason::TooFewFinite, Reason::LrNotFinite] {
            assert_eq!(reason_name(&Answer::None { reason }), Some(&*json(&reason)));
        }
    }

    #[test]
    fn names_say_signal_and_divisor() {
        let defaults = rule_names(&Range::default());
        assert_eq!(
            (&*defaults.min_lr, &*defaults.max_lr),
            ("steepest descent", "least loss / 10")
        );
        assert_eq!(name(&Rule::new(RuleKind::LastDescent)), "last descent");
        let raw = Rule {
            signal: Some(Signal::Raw),
            divide_by: Some(2.5),
            ..Rule::new(RuleKind::Valley)
        };
        assert_eq!(name(&raw), "unsmoothed valley / 2.5");
    }
}
