use crate::Invalid;
use serde::{Deserialize, Serialize};

/// Batches and arithmetic, table `[training]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct BatchSettings {
    /// Images a step. Default 512.
    pub batch_size: u32,
    /// Leave out the last, smaller batch of an epoch. Default true.
    pub drop_last: bool,
    /// Arithmetic of weights and activations. Default `float32`.
    pub dtype: Dtype,
}

/// Arithmetic of weights and activations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Dtype {
    /// 32-bit floats.
    #[default]
    Float32,
    /// 64-bit floats: slow, for checks.
    Float64,
}

impl Default for BatchSettings {
    fn default() -> Self {
        Self {
            batch_size: 512,
            drop_last: true,
            dtype: Dtype::Float32,
        }
    }
}

impl BatchSettings {
    /// Checks ranges.
    pub fn validate(&self) -> Result<(), Invalid> {
        if (1..=1_048_576).contains(&self.batch_size) {
            return Ok(());
        }
        Err(Invalid::new(
            "batch-size",
            self.batch_size,
            "has to be from 1 to 1048576",
            "batch-size = 128",
        ))
    }
}
