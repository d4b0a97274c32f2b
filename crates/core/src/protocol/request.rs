//! What the runner asks.

use super::StreamSeeds;
use crate::range_test::EarlyStop;
use crate::settings::MemoryFormat;
use crate::trial::{Trial, TrialId};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::path::PathBuf;

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
    /// What its random streams may be seeded with by a trainer that draws by itself.
    pub seeds: StreamSeeds,
    /// The folder of the data with variables filled in; absent for `synthetic`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub data_path: Option<PathBuf>,
    /// The file to start from, with variables filled in; absent where every weight is drawn.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub weights_path: Option<PathBuf>,
    /// Where to write the initial weights before training begins, as safetensors; absent: nowhere.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub init_path: Option<PathBuf>,
    /// How images and activations lie in memory. For the built-in trainer alone.
    #[serde(skip_serializing_if = "MemoryFormat::is_contiguous", default)]
    pub memory_format: MemoryFormat,
    /// Training may end before the last step once every one of these has fired. Empty: train every step.
    #[serde(default)]
    pub early_stops: Vec<EarlyStop>,
}

impl Train {
    /// The request to train `trial` to its last step, or until every one of `early_stops` has fired. Its files are not
    /// yet said.
    pub fn new(trial: Trial, early_stops: Vec<EarlyStop>) -> Self {
        Self {
            seeds: StreamSeeds::of(&trial),
            trial,
            data_path: None,
            weights_path: None,
            init_path: None,
            memory_format: MemoryFormat::default(),
            early_stops,
        }
    }

    /// Each trial once, where it came first, trained long enough for every entry that brings it: the early stops of all
    /// of them, or none where one of them wants every step.
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
