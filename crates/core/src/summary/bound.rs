//! Answers that the schedule cut off: known to be at least, or at most, so large.

use serde::{Deserialize, Serialize};

/// How a number bounds the value that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bound {
    /// The value is this large or larger.
    AtLeast,
    /// The value is this large or smaller.
    AtMost,
}

/// Which numbers of an estimate are bounds: the seeds whose answer is a bound reach into them.
///
/// A quantile is a bound where it would be another one if the answers known to be at least so large were infinite, or
/// those known to be at most so large were 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case", default)]
pub struct EstimateBounds {
    /// Seeds whose answer is a bound.
    pub seeds: u32,
    /// The median.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub median: Option<Bound>,
    /// The lower quantile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lower: Option<Bound>,
    /// The upper quantile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upper: Option<Bound>,
    /// The lower limit of the median's interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval_lower: Option<Bound>,
    /// The upper limit of the median's interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval_upper: Option<Bound>,
}

impl EstimateBounds {
    /// Whether no seed's answer is a bound.
    pub fn is_none(&self) -> bool {
        self.seeds == 0
    }
}
