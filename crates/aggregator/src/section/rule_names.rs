//! The names of rules for people.

use seedband_core::range_test::{Range, Rule, RuleKind, Signal};
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

#[cfg(test)]
mod tests {
    use super::*;

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
