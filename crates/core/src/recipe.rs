//! Everything that determines a curve, but the seed.

use crate::Invalid;
use crate::range_test::Schedule;
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
