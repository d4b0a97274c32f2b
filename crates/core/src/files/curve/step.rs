//! One step of a curve.

use super::metrics::Metrics;
use crate::number;
use serde::{Deserialize, Serialize};

/// One step of training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
    /// Whatever else the trainer told of this step.
    pub metrics: Metrics,
}

impl Step {
    /// A step of which nothing but its loss is known.
    pub fn new(step: u32, lr: f64, loss: f64) -> Self {
        Self {
            step,
            lr,
            loss,
            validation: None,
            metrics: Metrics::default(),
        }
    }
}

/// What a network is worth on data that it is not trained on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Evaluation {
    /// Mean cross-entropy in nats, plus the penalties where the training loss is shown with them. May be infinite or
    /// NaN, which does not end the curve.
    #[serde(with = "number")]
    pub loss: f64,
    /// Share of right answers, from 0 to 1: of the images whose class has the largest logit. Absent where the trainer
    /// knows none, as in a regression.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub accuracy: Option<f64>,
}

impl Evaluation {
    /// The accuracy, if it is no share.
    pub fn impossible_accuracy(&self) -> Option<f64> {
        self.accuracy.filter(|accuracy| !(0.0..=1.0).contains(accuracy))
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
    #[serde(skip_serializing_if = "Metrics::is_empty", default)]
    metrics: Metrics,
}

impl From<Step> for Line {
    fn from(step: Step) -> Self {
        Self {
            step: step.step,
            lr: step.lr,
            loss: step.loss,
            validation_loss: step.validation.map(|evaluation| evaluation.loss),
            validation_accuracy: step.validation.and_then(|evaluation| evaluation.accuracy),
            metrics: step.metrics,
        }
    }
}

impl TryFrom<Line> for Step {
    type Error = String;

    fn try_from(line: Line) -> Result<Self, String> {
        let validation = match (line.validation_loss, line.validation_accuracy) {
            (None, None) => None,
            (None, Some(_)) => return Err("`validation-accuracy` only comes with `validation-loss`".into()),
            (Some(loss), accuracy) => Some(Evaluation { loss, accuracy }),
        };
        if let Some(accuracy) = validation.and_then(|evaluation| evaluation.impossible_accuracy()) {
            return Err(format!(
                "`validation-accuracy` is `{accuracy}`, and it has to be from 0 to 1"
            ));
        }
        Ok(Self {
            step: line.step,
            lr: line.lr,
            loss: line.loss,
            validation,
            metrics: line.metrics,
        })
    }
}
