//! Everything that determines a curve, but the seed.

use crate::Invalid;
use crate::protocol::Halt;
use crate::range_test::{Divergence, NamedRule, Pairing, Range, Schedule, Smoothing, Stop};
use crate::settings::{Augment, Data, Init, Loss, Model, Optimizer, Pixels, Streams, Training, Validation};
use serde::{Deserialize, Serialize};

/// The settings that a worker trains by. Two trials of equal recipe identity and equal stream seeds have equal curves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Recipe {
    /// The network.
    pub model: Model,
    /// Initial weights.
    pub init: Init,
    /// Training images.
    pub data: Data,
    /// Normalisation.
    pub pixels: Pixels,
    /// Random changes to images.
    pub augment: Augment,
    /// Batch size and arithmetic.
    pub training: Training,
    /// Penalties in the loss.
    pub loss: Loss,
    /// The optimizer.
    pub optimizer: Optimizer,
    /// Learning rate by step.
    pub schedule: Schedule,
    /// Which random streams vary with the seed.
    pub streams: Streams,
    /// Evaluation on images that are not trained on; not written where it is off.
    #[serde(skip_serializing_if = "Validation::is_default")]
    pub validation: Validation,
}

impl Recipe {
    /// Checks every table; the error's key is dotted from the top of the study.
    pub fn validate(&self) -> Result<(), Invalid> {
        self.model.validate().map_err(|error| error.under("model"))?;
        self.init.validate().map_err(|error| error.under("init"))?;
        self.data.validate().map_err(|error| error.under("data"))?;
        self.pixels.validate().map_err(|error| error.under("pixels"))?;
        self.augment.validate().map_err(|error| error.under("augment"))?;
        self.training.validate().map_err(|error| error.under("training"))?;
        self.loss.validate().map_err(|error| error.under("loss"))?;
        self.optimizer.validate().map_err(|error| error.under("optimizer"))?;
        self.schedule.validate().map_err(|error| error.under("schedule"))?;
        self.validation.validate().map_err(|error| error.under("validation"))
    }

    /// The same recipe with the defaults that depend on another key filled in, so that a default written out changes nothing.
    #[must_use]
    pub fn resolved(&self) -> Self {
        Self {
            model: self.model.resolved(),
            data: self.data.resolved(),
            optimizer: self.optimizer.resolved(),
            validation: self.validation.resolved(),
            ..self.clone()
        }
    }
}

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
    /// The rules for the low and the high end.
    pub range: Range,
    /// Further rules, each read off the same curves. Not part of these tables: a study defines them in `[rule.<name>]` and lists them in `rules`.
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
    pub fn divergence_rule(&self) -> Halt {
        match self.divergence.rule() {
            Some((smoothing, stop)) => Halt::new(&smoothing, &stop),
            None => Halt::new(&self.smoothing, &self.stop),
        }
    }

    /// The step, from 0, at which a trial with these raw losses diverged: the first whose loss is not finite or that fires
    /// [`Analysis::divergence_rule`]. `None` for one that had not diverged at its last step. This is the one definition of divergence.
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
