//! Which learning rate a loss is filed under.

use super::range::Range;
use super::rule::{Per, Rule};
use super::schedule::Schedule;
use crate::Invalid;
use serde::{Deserialize, Serialize};

/// Under which learning rate rules, bands and figures file the loss of a step (`pairing`). The two differ only where
/// the schedule lags ([`Schedule::lag`]): there a library files each loss under a rate that its optimizer had not used
/// yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Pairing {
    /// The rate that the library keeps beside the loss: its own answers.
    #[default]
    Recorded,
    /// The rate in the optimizer during the step: what the loss was really trained with, one step of the schedule lower
    /// where it lags.
    Used,
}

impl Pairing {
    /// The learning rate of each planned step of `schedule`, never descending. With a lag, the first two rates used are
    /// equal.
    pub fn lrs(self, schedule: &Schedule) -> Vec<f64> {
        match self {
            Self::Recorded => schedule.recorded(),
            Self::Used => schedule.used(),
        }
    }

    /// Refuses a rule that would divide by the distance of two equal learning rates: those of the first two steps of a
    /// lagging schedule, as used. The error's key is that of the study.
    pub fn validate_beside<'a>(
        self,
        schedule: &Schedule,
        range: &'a Range,
        named: impl Iterator<Item = (&'a str, &'a Rule)>,
    ) -> Result<(), Invalid> {
        if self == Self::Recorded || schedule.lag == 0 {
            return Ok(());
        }
        let ends = [
            ("range.min".to_owned(), &range.min),
            ("range.max".to_owned(), &range.max),
        ];
        let named = named.map(|(name, rule)| (format!("rule.{name}.suggestion"), rule));
        for (key, rule) in ends.into_iter().chain(named) {
            let divides = rule.per.is_some_and(|per| per != Per::Step);
            if divides && rule.skip_start_points(schedule.steps) < 2 {
                let problem = "looks at the first two steps, whose learning rates as used are equal, so that a \
                               gradient per rate has no value";
                return Err(Invalid::new(
                    format!("{key}.skip-start"),
                    rule.skip_start_points(schedule.steps),
                    problem,
                    "skip-start = 2",
                ));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::rule::RuleKind;
    use super::*;

    fn lagging() -> Schedule {
        Schedule {
            start: 1.0,
            end: 16.0,
            steps: 4,
            lag: 1,
            ..Schedule::default()
        }
    }

    #[test]
    fn a_lag_shifts_the_rates_by_a_step() {
        assert_eq!(Pairing::Recorded.lrs(&lagging()), [1.0, 2.0, 4.0, 8.0]);
        assert_eq!(Pairing::Used.lrs(&lagging()), [1.0, 1.0, 2.0, 4.0]);
        let prompt = Schedule { lag: 0, ..lagging() };
        assert_eq!(Pairing::Used.lrs(&prompt), Pairing::Recorded.lrs(&prompt));
    }

    #[test]
    fn a_gradient_between_equal_rates_is_refused() {
        let rule = |per, skip_start| Rule {
            per: Some(per),
            skip_start: Some(skip_start),
            ..Rule::new(RuleKind::Steepest)
        };
        let key = |pairing: Pairing, schedule: &Schedule, rule: &Rule| {
            let named = std::iter::once(("a", rule));
            pairing
                .validate_beside(schedule, &Range::default(), named)
                .err()
                .map(|invalid| invalid.key)
        };
        let refused = Some("rule.a.suggestion.skip-start".to_owned());
        assert_eq!(key(Pairing::Used, &lagging(), &rule(Per::Lr, 1)), refused);
        assert_eq!(key(Pairing::Used, &lagging(), &rule(Per::LnLr, 0)), refused);
        assert_eq!(key(Pairing::Used, &lagging(), &rule(Per::LnLr, 2)), None);
        assert_eq!(key(Pairing::Used, &lagging(), &rule(Per::Step, 0)), None);
        assert_eq!(key(Pairing::Recorded, &lagging(), &rule(Per::Lr, 0)), None);
        assert_eq!(key(Pairing::Used, &Schedule::default(), &rule(Per::Lr, 0)), None);
        let range = Range {
            min: rule(Per::Lr, 0),
            ..Range::default()
        };
        let invalid = Pairing::Used.validate_beside(&lagging(), &range, std::iter::empty());
        assert_eq!(invalid.expect_err("it divides by zero").key, "range.min.skip-start");
    }
}
