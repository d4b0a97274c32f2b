use crate::{Invalid, check};
use serde::{Deserialize, Serialize};

/// How seeds are summarised, table `[statistics]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Statistics {
    /// Lower and upper quantile of every band, Hyndman-Fan type 7. Default `[0.1, 0.9]`.
    pub quantiles: [f64; 2],
    /// What a curve counts as after its end. Default `diverged-is-infinite`.
    pub early_end: EarlyEnd,
    /// The space in which quantiles of learning rates are taken. Default `log10`.
    pub lr_space: LrSpace,
    /// Least confidence of the interval given with a median, and that of the interval of a share that diverged. Default
    /// 0.95.
    pub confidence: f64,
    /// The share of seeds that may have diverged at a learning rate that is recommended, from 0 to 1. Default 0.1.
    pub risk: f64,
    /// To within how many decades the median max LR has to be known for the search for seeds to end; above 0. Default 0.5, a
    /// factor of 3.
    pub precision: f64,
    /// Whether seeds are added after a look at the results, so that intervals of medians have to hold at all looks
    /// together. Not a key: it follows from `seeds = "until …"`.
    #[serde(skip)]
    pub repeated_looks: bool,
}

/// What a curve counts as at steps after its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum EarlyEnd {
    /// Worse than any finite loss from there on.
    #[default]
    DivergedIsInfinite,
    /// Its last value (the reference study).
    PadLast,
}

/// The space in which quantiles of learning rates are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum LrSpace {
    /// log10 of the learning rate, carried back afterwards.
    #[default]
    Log10,
    /// The learning rate itself (the reference study).
    Raw,
}

impl Default for Statistics {
    fn default() -> Self {
        Self {
            quantiles: [0.1, 0.9],
            early_end: EarlyEnd::default(),
            lr_space: LrSpace::default(),
            confidence: 0.95,
            risk: 0.1,
            precision: Self::PRECISION,
            repeated_looks: false,
        }
    }
}

impl Statistics {
    /// Half a decade.
    pub(crate) const PRECISION: f64 = 0.5;

    /// Checks ranges.
    pub fn validate(&self) -> Result<(), Invalid> {
        let [low, high] = self.quantiles;
        if !((0.0..0.5).contains(&low) && high > 0.5 && high <= 1.0) {
            return Err(Invalid::new(
                "quantiles",
                format!("[{low}, {high}]"),
                "has to be one below 0.5 and one above, both from 0 to 1",
                "quantiles = [0.1, 0.9]",
            ));
        }
        check::within("confidence", self.confidence, 0.5, 0.9999, "confidence = 0.95")?;
        check::within("risk", self.risk, 0.0, 1.0, "risk = 0.1")?;
        check::within("precision", self.precision, 0.01, 100.0, "precision = 0.5")
    }
}
