//! How a range is read off a curve, as one value.

use super::blow_up::first_blown_up;
use super::{Divergence, NamedRule, Pairing, Range, Schedule, Smoothing, Stop};
use crate::Invalid;
use serde::{Deserialize, Serialize};

/// How a range is read off a curve. Never part of a trial: a changed analysis costs no training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Analysis {
    /// Which learning rate a loss is filed under.
    pub pairing: Pairing,
    /// Smoothing of the loss.
    pub smoothing: Smoothing,
    /// When the finder would have stopped.
    pub stop: Stop,
    /// When a trial has diverged; not written where the raw losses alone decide.
    #[serde(skip_serializing_if = "Divergence::is_default")]
    pub divergence: Divergence,
    /// The rules for the min LR and the max LR.
    pub range: Range,
    /// Further rules, each read off the same curves. Not part of these tables: a study defines them in `[rule.<name>]`
    /// and lists them in `rules`.
    #[serde(skip)]
    pub rules: Vec<NamedRule>,
}

impl Analysis {
    /// Checks every table; the error's key is dotted from the top of the study.
    pub fn validate(&self) -> Result<(), Invalid> {
        self.smoothing.validate().map_err(|error| error.under("smoothing"))?;
        self.stop.validate().map_err(|error| error.under("stop"))?;
        self.stop.validate_beside(&self.smoothing)?;
        self.divergence.validate().map_err(|error| error.under("divergence"))?;
        self.range.validate().map_err(|error| error.under("range"))?;
        self.rules.iter().try_for_each(|rule| {
            rule.validate()
                .map_err(|error| error.under(&format!("rule.{}", rule.name)))
        })
    }

    /// Checks what only the schedule that was trained by can tell.
    pub fn validate_beside(&self, schedule: &Schedule) -> Result<(), Invalid> {
        let named = self.rules.iter().map(|rule| (rule.name.as_str(), &rule.suggestion));
        self.pairing.validate_beside(schedule, &self.range, named)
    }

    /// The step, from 0, whose update made a training with these raw losses diverge; `None` for one that had not
    /// diverged at its last loss. This is the one definition of divergence.
    ///
    /// A loss comes before the update of its step, so the first loss that shows a divergence is the doing of the step
    /// before. That loss is the first that is not finite or has risen for good (see `first_blown_up` for the rule and its
    /// constants) or, with a `factor`, that is above so many times the least smoothed loss ([`Divergence`]). A first
    /// loss that is not finite belongs to step 0.
    pub fn diverged_at(&self, losses: &[f64]) -> Option<usize> {
        let lost = losses.iter().position(|loss| !loss.is_finite());
        let risen = match self.divergence.rule() {
            Some((smoothing, stop)) => stop.first_stop(losses, &smoothing.apply(losses)),
            None => first_blown_up(losses),
        };
        let seen = lost.into_iter().chain(risen).min()?;
        Some(seen.saturating_sub(1))
    }

    /// The same analysis with every default written out.
    #[must_use]
    pub fn explicit(&self) -> Self {
        Self {
            pairing: self.pairing,
            smoothing: self.smoothing.explicit(),
            stop: self.stop.explicit(),
            divergence: self.divergence.explicit(),
            range: self.range.explicit(),
            rules: self.rules.iter().map(NamedRule::explicit).collect(),
        }
    }
}
