//! The validation loss of a config, and how it moves beside the training loss.

use super::{Band, Quantiles};
use crate::number;
use serde::{Deserialize, Serialize};

/// What was measured on the validation images of a config.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ValidationSummary {
    /// The planned steps after which it was measured, ascending.
    pub steps: Vec<u32>,
    /// Quantiles of the validation loss; one value for each of `steps` and none for the steps between. The step that
    /// ends a curve early has no update, so the curve counts as ended there.
    pub loss: Band,
    /// One for each seed with a curve, by seed; for figures.
    pub seeds: Vec<SeedLosses>,
    /// How unsteady the losses are; absent where no seed has enough steps for it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub jitter: Option<Jitter>,
}

/// The losses of one seed as they were measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct SeedLosses {
    /// The seed.
    pub seed: u64,
    /// Training losses by step, not smoothed.
    #[serde(with = "number::vec")]
    pub raw: Vec<f64>,
    /// Validation losses at the first of [`ValidationSummary::steps`].
    #[serde(with = "number::vec")]
    pub validation: Vec<f64>,
}

/// How far losses jump from step to step, over the seeds.
///
/// The jitter of a loss is the median of `|x[i+1] - x[i]|` over neighbouring measured steps, up to the step of the
/// least smoothed loss: where the smoothed loss gives no sign of trouble. All three losses are taken at the steps after
/// which there was a validation. A seed with fewer than three of them there, or with a smoothed loss that does not
/// move, is left out.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Jitter {
    /// Seeds behind the quantiles.
    pub n: u32,
    /// Of the training loss, as a multiple of that of the smoothed loss; infinite where that many seeds have steps
    /// whose loss is not finite.
    pub raw: Quantiles,
    /// Of the validation loss, as a multiple of that of the smoothed loss.
    pub validation: Quantiles,
}
