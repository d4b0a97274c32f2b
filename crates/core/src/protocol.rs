//! The lines that runner and worker exchange.
//!
//! JSON, one message a line, UTF-8: requests on the worker's standard input, events on its standard output. What a worker writes to standard
//! error is its log. The built-in trainer and a user's own program speak the same lines; the runner cannot tell them apart. Every message of
//! a trial names the trial, so a worker may train several at once.
//!
//! A worker starts by saying `ready`. For each `train` request it says `started`, one `step` for each step, and `finished` or `failed`. A step
//! after which the recipe asks for a validation carries it, so it is said after its update. A trial with a training is trained by its plan in
//! place of the recipe's schedule, and validated after each epoch and after the last step. A `save-init` request is
//! answered by `saved` or `failed`. A worker ends when its standard input closes.
//!
//! Unknown keys are ignored, so that a newer side can talk to an older one of the same version; another version is refused.

use crate::files::curve::{End, Evaluation};
use crate::number;
use crate::range_test::EarlyStop;
use crate::trial::{Trial, TrialId};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::path::PathBuf;

/// Version of the protocol. A worker of another version is refused.
pub const VERSION: u32 = 1;

/// Longest line that either side reads, in bytes; a longer one is a protocol violation.
pub const MAX_LINE: usize = 1 << 20;

/// What the runner asks of a worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Request {
    /// Train one trial.
    Train(Train),
    /// Write a trial's initial weights to its `init-path`, and train nothing. Answered by `saved` or `failed`.
    SaveInit(Train),
}

/// One trial to train.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Train {
    /// The trial.
    pub trial: Trial,
    /// The folder of the data with variables filled in; absent for `synthetic`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub data_path: Option<PathBuf>,
    /// The file to start from, with variables filled in; absent where every weight is drawn.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub weights_path: Option<PathBuf>,
    /// Where to write the initial weights before training begins, as safetensors; absent: nowhere.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub init_path: Option<PathBuf>,
    /// Training may end before the last step once every one of these has fired. Empty: train every step.
    #[serde(default)]
    pub early_stops: Vec<EarlyStop>,
}

impl Train {
    /// Each trial once, where it came first, trained long enough for every entry that brings it: the early stops of all of them, or none where
    /// one of them wants every step.
    pub fn merged(work: impl IntoIterator<Item = Self>) -> Vec<Self> {
        let mut places: HashMap<TrialId, usize> = HashMap::new();
        let mut merged: Vec<Self> = Vec::new();
        for train in work {
            let place = *places.entry(train.trial.id.clone()).or_insert(merged.len());
            let Some(first) = merged.get_mut(place) else {
                merged.push(train);
                continue;
            };
            if first.early_stops.is_empty() || train.early_stops.is_empty() {
                first.early_stops.clear();
                continue;
            }
            for rule in train.early_stops {
                if !first.early_stops.contains(&rule) {
                    first.early_stops.push(rule);
                }
            }
        }
        merged
    }
}

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
    /// [`VERSION`].
    pub protocol: u32,
    /// Program and version, for example `seedband-worker 0.1.0`.
    pub worker: String,
    /// The device it computes on, for example `cpu` or `cuda:0 (NVIDIA H200)`.
    pub device: String,
    /// Versions of the libraries that shape the numbers, for example `libtorch 2.11.0`.
    #[serde(default)]
    pub libraries: Vec<String>,
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
    /// SHA-256 of the training images and labels in use, in hexadecimal: equal data, equal digits.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub data: Option<String>,
    /// Steps in an epoch; has to be there for a training, whose epochs it tells the length of.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub epoch: Option<u32>,
    /// SHA-256 of the initial weights as they are trained, in hexadecimal: equal to the last bit, equal digits.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub weights: Option<String>,
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

/// Why a trial failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailureClass {
    /// A file of data or weights is missing, truncated or not what it should be.
    BadData,
    /// The settings cannot be trained, for example a batch larger than the data.
    BadStudy,
    /// The memory of a CUDA device did not suffice. From a worker on the CPU it means the machine's.
    OutOfMemory,
    /// The machine's memory did not suffice: an allocation failed on the CPU, or the kernel killed the worker for it.
    HostOutOfMemory,
    /// The device does not work any more.
    LostDevice,
    /// The first loss, taken before any update, was not finite.
    NonFiniteStart,
    /// The worker ended, by itself or by a signal, in the middle of the trial.
    LostWorker,
    /// The worker could not be started.
    CannotStart,
    /// The worker said something that the protocol does not allow.
    Protocol,
    /// The trial took longer than its time-out.
    TimedOut,
    /// Results could not be written.
    Storage,
    /// Anything else.
    Internal,
}

impl FailureClass {
    /// The name as it stands in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::BadData => "bad-data",
            Self::BadStudy => "bad-study",
            Self::OutOfMemory => "out-of-memory",
            Self::HostOutOfMemory => "host-out-of-memory",
            Self::LostDevice => "lost-device",
            Self::NonFiniteStart => "non-finite-start",
            Self::LostWorker => "lost-worker",
            Self::CannotStart => "cannot-start",
            Self::Protocol => "protocol",
            Self::TimedOut => "timed-out",
            Self::Storage => "storage",
            Self::Internal => "internal",
        }
    }

    /// What a user can do about it.
    pub fn advice(self) -> &'static str {
        match self {
            Self::BadData => "check the folder in `data.path` and the file in `init.from`, then run again",
            Self::BadStudy => "change the study, then run again",
            Self::OutOfMemory => {
                "lower `training.batch-size`, or wait until other programs have left the device, then run again"
            }
            Self::HostOutOfMemory => {
                "lower `run.cpu-slots` or `training.batch-size`, or use a machine of more memory, then run again"
            }
            Self::LostDevice => "look at the device with `nvidia-smi` and `seedband doctor`, then run again",
            Self::NonFiniteStart => {
                "no learning rate was at work yet: look for images or initial weights that are not finite, then run again"
            }
            Self::LostWorker | Self::Internal | Self::Protocol => "read the trial's log, then run again",
            Self::CannotStart => "run `seedband doctor`",
            Self::TimedOut => "raise `run.timeout`, then run again",
            Self::Storage => "free some space or choose another folder with `--results`, then run again",
        }
    }
}

/// A message as one line with its newline.
pub fn to_line<T: Serialize>(message: &T) -> String {
    // Messages are plain structs with string keys: serialising cannot fail.
    let mut line = serde_json::to_string(message).unwrap_or_default();
    line.push('\n');
    line
}
