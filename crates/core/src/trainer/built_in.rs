//! The trainer that seedband brings.

use crate::Invalid;
use crate::settings::{Augment, BatchSettings, Data, Init, Loss, Model, Optimizer, Pixels};
use serde::{Deserialize, Serialize};

/// The trainer that seedband brings: an image classifier, trained on one device.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct BuiltIn {
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
    /// Batch size and arithmetic; the table `[training]`.
    #[serde(rename = "training")]
    pub batches: BatchSettings,
    /// Penalties in the loss.
    pub loss: Loss,
    /// The optimizer.
    pub optimizer: Optimizer,
}

impl BuiltIn {
    /// Checks every table; the error's key is dotted from the top of the study.
    pub fn validate(&self) -> Result<(), Invalid> {
        self.model.validate().map_err(|error| error.under("model"))?;
        self.init.validate().map_err(|error| error.under("init"))?;
        self.data.validate().map_err(|error| error.under("data"))?;
        self.pixels.validate().map_err(|error| error.under("pixels"))?;
        self.augment.validate().map_err(|error| error.under("augment"))?;
        self.batches.validate().map_err(|error| error.under("training"))?;
        self.loss.validate().map_err(|error| error.under("loss"))?;
        self.optimizer.validate().map_err(|error| error.under("optimizer"))
    }

    /// The same settings with the defaults that depend on another key filled in.
    #[must_use]
    pub fn resolved(&self) -> Self {
        Self {
            model: self.model.resolved(),
            data: self.data.resolved(),
            optimizer: self.optimizer.resolved(),
            ..self.clone()
        }
    }

    /// What two trials must share to have been trained alike: the settings, but where data and weights lie if something
    /// else tells what they are.
    #[must_use]
    pub fn identity(&self) -> Self {
        Self {
            data: self.data.identity(),
            init: self.init.identity(),
            ..self.clone()
        }
    }

    /// Whether any initial weight is drawn.
    pub fn draws_weights(&self) -> bool {
        self.init.draws()
    }

    /// Whether any change to an image is drawn.
    pub fn augments(&self) -> bool {
        self.augment.is_on()
    }
}
