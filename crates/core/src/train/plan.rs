//! What one trial of the train stage trains by: numbers, no words.

use super::{Floor, Policy, Rate, StartWeights, TrainSettings};
use crate::Invalid;
use crate::check::MOST_STEPS;
use crate::settings::Validation;
use crate::trial::TrialId;
use serde::{Deserialize, Serialize};

/// What one trial of the train stage trains by, beside its recipe; the recipe's schedule and validation are those of
/// its range test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct TrainPlan {
    /// The training's name in its config.
    pub name: String,
    /// The range test of the same seed.
    pub range_test: TrialId,
    /// Epochs to train; absent where steps are given.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub epochs: Option<u32>,
    /// Steps to train; absent where epochs are given.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub steps: Option<u32>,
    /// The highest learning rate; above 0.
    pub lr: f64,
    /// The lowest learning rate, for policies that have one; absent: the policy's default.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub floor: Option<f64>,
    /// How the learning rate moves, with every default written out.
    pub policy: Policy,
    /// Where the weights come from.
    pub weights: StartWeights,
    /// Sample and batches of the validation after each epoch and after the last step; its `every` means nothing here.
    pub validation: Validation,
}

impl TrainPlan {
    /// Checks what a worker trains by; the error's key is below `[train]`.
    pub fn validate(&self) -> Result<(), Invalid> {
        let settings = TrainSettings {
            epochs: self.epochs,
            steps: self.steps,
            lr: Rate::Fixed(self.lr),
            floor: self.floor.map(Floor::Fixed),
            policy: self.policy.clone(),
            ..TrainSettings::default()
        };
        settings.validate(&[], &[])?;
        self.validation
            .validate()
            .map_err(|invalid| invalid.under("validation"))
    }

    /// Steps in all where an epoch has `epoch` of them.
    ///
    /// # Errors
    /// More than 10,000,000.
    pub fn planned(&self, epoch: u32) -> Result<u32, Invalid> {
        let Some(epochs) = self.epochs else {
            return Ok(self.steps.unwrap_or(1));
        };
        let steps = epochs.checked_mul(epoch).filter(|steps| *steps <= MOST_STEPS);
        steps.ok_or_else(|| {
            let problem = format!("of {epoch} steps each are more than {MOST_STEPS} steps");
            Invalid::new("epochs", epochs, problem, "epochs = 10")
        })
    }

    /// The same plan as far as a curve depends on it.
    pub(crate) fn identity(&self) -> Self {
        Self {
            name: String::new(),
            range_test: TrialId::from(String::new()),
            policy: self.policy.explicit(),
            ..self.clone()
        }
    }
}
