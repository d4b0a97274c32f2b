//! One step of a curve.

use crate::number;
use serde::{Deserialize, Serialize};

/// One step of training.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Line", into = "Line")]
pub struct Step {
    /// Counted from 0.
    pub step: u32,
    /// The learning rate in the optimizer during this step.
    pub lr: f64,
    /// Training loss of this step's batch before its update. Not finite only in the last step of a curve that ended
    /// `non-finite`.
    pub loss: f64,
    /// Evaluation after this step's update, where there was one.
    pub validation: Option<Evaluation>,
}

/// What a network is worth on the validation images.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Evaluation {
    /// Mean cross-entropy in nats, plus the penalties where the training loss is shown with them. May be infinite or
    /// NaN, which does not end the curve.
    #[serde(with = "number")]
    pub loss: f64,
    /// Share of the images whose class has the largest logit, from 0 to 1.
    pub accuracy: f64,
}

impl Evaluation {
    /// Whether the accuracy is a share.
    pub fn is_possible(&self) -> bool {
        (0.0..=1.0).contains(&self.accuracy)
    }
}

/// A step as it stands in the file.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Line {
    step: u32,
    lr: f64,
    #[serde(with = "number")]
    loss: f64,
    #[serde(with = "number::option", skip_serializing_if = "Option::is_none", default)]
    validation_loss: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    validation_accuracy: Option<f64>,
}

impl From<Step> for Line {
    fn from(step: Step) -> Self {
        Self {
            step: step.step,
            lr: step.lr,
            loss: step.loss,
            validation_loss: step.validation.map(|evaluation| evaluation.loss),
            validation_accuracy: step.validation.map(|evaluation| evaluation.accuracy),
        }
    }
}

impl TryFrom<Line> for Step {
    type Error = String;

    fn try_from(line: Line) -> Result<Self, String> {
        let validation = match (line.validation_loss, line.validation_accuracy) {
            (None, None) => None,
            (Some(loss), Some(accuracy)) => Some(Evaluation { loss, accuracy }),
            _ => return Err("`validation-loss` and `validation-accuracy` only come together".into()),
        };
        if let Some(evaluation) = validation.filter(|evaluation| !evaluation.is_possible()) {
            return Err(format!(
                "`validation-accuracy` is `{}`, and it has to be from 0 to 1",
                evaluation.accuracy
            ));
        }
        Ok(Self {
            step: line.step,
            lr: line.lr,
            loss: line.loss,
            validation,
        })
    }
}
