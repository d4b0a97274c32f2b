//! How a range is read off a curve, as one value.

use super::{Divergence, EarlyStop, NamedRule, Pairing, Range, Schedule, Smoothing, Stop};
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
    /// When a trial has diverged; not written where the stop rule decides.
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

    /// The rule that says which trials diverged, as it can be watched while training goes on.
    pub fn divergence_rule(&self) -> EarlyStop {
        match self.divergence.rule() {
            Some((smoothing, stop)) => EarlyStop::new(&smoothing, &stop),
            None => EarlyStop::new(&self.smoothing, &self.stop),
        }
    }

    /// The step, from 0, at which a trial with these raw losses diverged: the first whose loss is not finite or that
    /// fires [`Analysis::divergence_rule`]. `None` for one that had not diverged at its last step. This is the one
    /// definition of divergence.
    pub fn diverged_at(&self, losses: &[f64]) -> Option<usize> {
        let rule = self.divergence_rule();
        let lost = losses.iter().position(|loss| !loss.is_finite());
        let fired = rule.stop.first_stop(losses, &rule.smoothing.apply(losses));
        lost.into_iter().chain(fired).min()
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
