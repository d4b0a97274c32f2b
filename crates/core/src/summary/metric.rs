//! What a trainer told beside the loss.

use super::Band;
use serde::{Deserialize, Serialize};

/// A metric of a config's range tests, over the seeds that told it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct MetricSummary {
    /// Its name.
    pub name: String,
    /// The planned steps at which any seed told it, ascending.
    pub steps: Vec<u32>,
    /// Quantiles at each of `steps`, over the seeds that told a number there; what is NaN is none. `n` counts the seeds
    /// that told it at any step, and `ended` those of them that told no number at this one. Unlike a loss, a metric of
    /// a curve that has ended counts as nothing: nobody knows which of its values would be bad.
    pub band: Band,
    /// Each of these seeds with its values at `steps`, NaN where it has none; for figures. The table `metrics` has them
    /// too.
    #[serde(skip)]
    pub seeds: Vec<(u64, Vec<f64>)>,
}
