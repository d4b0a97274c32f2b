//! A rule with a name and all it needs, so that several rules can read one curve.

use super::answer::Answer;
use super::reading::{Stopped, history};
use super::rule::Rule;
use super::smoothing::Smoothing;
use super::stop_rule::Stop;
use crate::Invalid;

/// One way to read one learning rate off a curve (`[rule.<name>]`): what a library does but for its schedule.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedRule {
    /// Unique in its study.
    pub name: String,
    /// How losses are averaged. Default in a study: that of the library, not the study's own.
    pub smoothing: Smoothing,
    /// Where the history ends. Default in a study: that of the library, not the study's own.
    pub stop: Stop,
    /// What is looked for in the history.
    pub suggestion: Rule,
}

/// What a named rule makes of the losses of one run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NamedReading {
    /// The step, from 0, whose loss fired the rule's stop; `None` if none did.
    pub stop_step: Option<usize>,
    /// What the rule suggests.
    pub answer: Answer,
}

impl NamedRule {
    /// The first setting that cannot be used, with its key below `[rule.<name>]`.
    pub fn validate(&self) -> Result<(), Invalid> {
        self.smoothing
            .validate()
            .map_err(|invalid| invalid.under("smoothing"))?;
        self.stop.validate().map_err(|invalid| invalid.under("stop"))?;
        self.stop.validate_beside(&self.smoothing)?;
        self.suggestion
            .validate()
            .map_err(|invalid| invalid.under("suggestion"))
    }

    /// The same rule with every default written out, for a record of how a result was made.
    #[must_use]
    pub fn explicit(&self) -> Self {
        Self {
            name: self.name.clone(),
            smoothing: self.smoothing.explicit(),
            stop: self.stop.explicit(),
            suggestion: self.suggestion.explicit(),
        }
    }

    /// Smooths `losses`, ends the history at the stop, and evaluates the rule on what is left; lists as for
    /// [`read`](super::read).
    pub fn read(&self, lrs: &[f64], losses: &[f64]) -> NamedReading {
        let losses = &losses[..losses.len().min(lrs.len())];
        let stopped = Stopped::new(losses, &self.smoothing, &self.stop);
        NamedReading {
            stop_step: stopped.stop_step,
            answer: self
                .suggestion
                .evaluate(&history(lrs, losses, &stopped.smoothed, stopped.kept)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::range::Range;
    use super::super::reading::read;
    use super::super::smoothing::SmoothingKind;
    use super::*;

    fn named() -> NamedRule {
        NamedRule {
            name: "a".into(),
            smoothing: Smoothing::default(),
            stop: Stop::default(),
            suggestion: Range::default().max,
        }
    }

    #[test]
    fn a_rule_reads_what_a_range_of_it_would() {
        let lrs: Vec<f64> = (0..40).map(|step| 1e-4 * 1.3_f64.powi(step)).collect();
        let losses: Vec<f64> = (0..40)
            .map(|step| 3.0 + 0.01 * f64::from((step - 20) * (step - 20)))
            .collect();
        let rule = named();
        let range = read(&lrs, &losses, &rule.smoothing, &rule.stop, &Range::default());
        let reading = rule.read(&lrs, &losses);
        assert_eq!((reading.answer, reading.stop_step), (range.max_lr, range.stop_step));
        assert_eq!(rule.explicit().read(&lrs, &losses), reading);
    }

    #[test]
    fn a_stop_cannot_watch_a_smoothing_that_looks_ahead() {
        let mut rule = named();
        rule.smoothing.kind = SmoothingKind::Lowess;
        let invalid = rule.validate().expect_err("it cannot be used");
        assert_eq!(
            (&*invalid.key, &*invalid.example),
            ("smoothing.kind", "stop.signal = \"raw\"")
        );
        rule.stop.signal = Some(super::super::rule::Signal::Raw);
        assert_eq!(rule.validate(), Ok(()));
        assert_eq!(rule.explicit().validate(), Ok(()));
    }
}
