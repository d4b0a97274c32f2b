//! What a line of a journal says.

use crate::failure::FailureClass;
use crate::files::curve::End;
use crate::trial::TrialId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// The first line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Header {
    /// Version of the format.
    pub(super) journal: u32,
    pub(super) runner: String,
    pub(super) at: Timestamp,
}

/// One change of a trial's state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// Which trial.
    pub trial: TrialId,
    /// Which attempt, counted from 1.
    pub attempt: u32,
    /// What it changed to.
    #[serde(flatten)]
    pub change: Change,
}

/// What a trial's state changed to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum Change {
    /// Given to a worker.
    Running {
        /// The slot's device, for example `cpu` or `cuda:0`.
        device: String,
    },
    /// Its curve is in place.
    Finished {
        /// How the curve ended.
        end: End,
        /// Its length.
        steps: u32,
        /// Fingerprint of the data it saw.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        data: Option<String>,
        /// Fingerprint of the initial weights.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        weights: Option<String>,
        /// Parameters of the model, as the trainer counts them.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        parameters: Option<u64>,
        /// Examples in a batch, as the trainer says.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        batch_size: Option<u64>,
    },
    /// This attempt gave no curve.
    Failed {
        /// The kind of failure.
        class: FailureClass,
        /// One line for the user.
        message: String,
        /// Whether the same run tries the trial again.
        #[serde(skip_serializing_if = "std::ops::Not::not", default)]
        again: bool,
    },
    /// The runner was told to stop; the trial goes back to the queue.
    Interrupted,
}

/// The last entry of each trial, from entries that stand oldest first.
pub fn last(entries: &[Entry]) -> HashMap<&TrialId, &Entry> {
    entries.iter().map(|entry| (&entry.trial, entry)).collect()
}
