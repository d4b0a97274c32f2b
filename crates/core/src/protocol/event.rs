//! What a worker says.

use super::FailureClass;
use crate::files::curve::{End, Evaluation, Metrics};
use crate::number;
use crate::trial::TrialId;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// What a worker says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Event {
    /// First line: the worker is up.
    Ready(Ready),
    /// Data is loaded and the model is built; training begins.
    Started(Started),
    /// One step is done.
    Step(StepDone),
    /// The curve is complete.
    Finished(Finished),
    /// The trial cannot be trained, or its initial weights cannot be written.
    Failed(Failed),
    /// The initial weights are in their place, whole.
    Saved(Saved),
}

/// The worker is up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Ready {
    /// [`VERSION`](super::VERSION).
    pub protocol: u32,
    /// Program and version, for example `seedband-worker 0.1.0`.
    pub worker: String,
    /// The device it computes on, for example `cpu` or `cuda:0 (NVIDIA H200)`.
    pub device: String,
    /// Versions of the libraries that shape the numbers, for example `libtorch 2.11.0`.
    #[serde(default)]
    pub libraries: Vec<String>,
    /// Whether it trains one trial and then ends, as a script does.
    #[serde(skip_serializing_if = "is_false", default)]
    pub one_trial: bool,
}

/// For serde, which asks with a reference.
#[expect(clippy::trivially_copy_pass_by_ref)]
fn is_false(value: &bool) -> bool {
    !value
}

/// Training begins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Started {
    /// The trial.
    pub trial: TrialId,
    /// Steps planned.
    pub steps: u32,
    /// Parameters of the model, frozen ones among them.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub parameters: Option<u64>,
    /// Examples in a batch.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub batch_size: Option<u64>,
    /// SHA-256 of the training images and labels in use, in hexadecimal: equal data, equal digits.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub data: Option<String>,
    /// Steps in an epoch; has to be there for a training, whose epochs it tells the length of.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub epoch: Option<u32>,
    /// SHA-256 of the initial weights as they are trained, in hexadecimal: equal to the last bit, equal digits.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub weights: Option<String>,
    /// Source files that the worker has loaded, as absolute paths.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub files: Vec<PathBuf>,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct StepDone {
    /// The trial.
    pub trial: TrialId,
    /// Counted from 0, without a gap.
    pub step: u32,
    /// The learning rate in the optimizer during this step.
    pub lr: f64,
    /// Training loss of this step's batch before its update; the last step's may be infinite or NaN.
    #[serde(with = "number")]
    pub loss: f64,
    /// Evaluation after this step's update; absent where none is due, and where training ended without an update.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub validation: Option<Evaluation>,
    /// Further numbers of this step, by name.
    #[serde(skip_serializing_if = "Metrics::is_empty", default)]
    pub metrics: Metrics,
}

/// The curve is complete.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Finished {
    /// The trial.
    pub trial: TrialId,
    /// How the curve ended.
    pub end: End,
    /// Number of steps said.
    pub steps: u32,
}

/// The initial weights are in their place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Saved {
    /// The trial.
    pub trial: TrialId,
}

/// The trial cannot be trained, or its initial weights cannot be written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Failed {
    /// The trial.
    pub trial: TrialId,
    /// The kind of failure.
    pub class: FailureClass,
    /// One line for the user, with its causes.
    pub message: String,
}
