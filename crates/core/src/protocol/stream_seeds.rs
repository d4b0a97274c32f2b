//! Numbers for trainers that draw by themselves.

use crate::seeds::{Purpose, Stream};
use crate::trial::Trial;
use serde::{Deserialize, Serialize};

/// What to seed the generators of other libraries with, one number a random stream: the first 32 bits of the stream.
/// Equal streams, equal numbers; the built-in trainer draws from the streams themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct StreamSeeds {
    /// For initial weights.
    pub weights: u32,
    /// For the order of the batches.
    pub order: u32,
    /// For random changes to examples, and whatever else a network draws while it trains.
    pub augmentation: u32,
}

impl StreamSeeds {
    /// Those of a trial.
    pub fn of(trial: &Trial) -> Self {
        let streams = trial.recipe.streams;
        let first = |purpose, seed| Stream::new(purpose, seed).bits();
        let (weights, seed) = trial.weights();
        Self {
            weights: first(weights, seed),
            order: first(Purpose::Order, streams.order.of(trial.seed)),
            augmentation: first(Purpose::Augmentation, streams.augmentation.of(trial.seed)),
        }
    }
}
