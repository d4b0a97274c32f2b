//! When a trial counts as diverged.

use super::smoothing::Smoothing;
use super::stop_rule::Stop;
use crate::Invalid;
use serde::{Deserialize, Serialize};

/// When a trial has diverged (`[divergence]`): see
/// [`Analysis::diverged_at`](crate::range_test::Analysis::diverged_at).
///
/// Without `factor` the raw losses alone decide, whatever the smoothing and the stop rule. With `factor` a loss that is
/// not finite still does, and beside it a smoothed loss above `factor` times its least so far. That smoothing is an
/// exponential moving average that starts at zero and is divided by the weight seen so far, as in fastai 1.0.61; it lags
/// behind a blow-up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Divergence {
    /// Multiple of the least smoothed loss above which a trial has diverged; above 1. Default: none, the raw losses
    /// decide.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub factor: Option<f64>,
    /// Weight of the past in the smoothed loss, from 0 (the loss itself) to below 1; only beside `factor`. Default
    /// 0.98.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beta: Option<f64>,
}

impl Divergence {
    /// The first setting that cannot be used, with its key below `[divergence]`.
    pub fn validate(&self) -> Result<(), Invalid> {
        match (self.rule(), self.beta) {
            (Some((smoothing, stop)), _) => smoothing.validate().and_then(|()| stop.validate()),
            (None, Some(beta)) => {
                let problem = "has no meaning without `factor`: raw losses are not smoothed";
                Err(Invalid::new("beta", beta, problem, "factor = 4.0"))
            }
            (None, None) => Ok(()),
        }
    }

    /// The same definition with every default written out.
    #[must_use]
    pub fn explicit(&self) -> Self {
        Self {
            factor: self.factor,
            beta: self.rule().and_then(|(smoothing, _)| smoothing.explicit().beta),
        }
    }

    /// Whether nothing is set, so that the raw losses decide.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// The rule of `factor`, as a smoothing and a stop rule; `None` without it.
    pub fn rule(&self) -> Option<(Smoothing, Stop)> {
        let factor = self.factor?;
        let smoothing = Smoothing {
            beta: self.beta,
            ..Smoothing::default()
        };
        let stop = Stop {
            factor: Some(factor),
            ..Stop::default()
        };
        Some((smoothing, stop))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unusable_values_are_named() {
        let with = |factor, beta| Divergence { factor, beta };
        for (divergence, key) in [
            (with(Some(1.0), None), "factor"),
            (with(Some(f64::NAN), None), "factor"),
            (with(Some(4.0), Some(1.0)), "beta"),
            (with(None, Some(0.5)), "beta"),
        ] {
            let invalid = divergence.validate().expect_err("it cannot be used");
            assert_eq!(invalid.key, key, "{divergence:?}");
        }
        assert_eq!(with(Some(4.0), Some(0.0)).validate(), Ok(()));
        assert_eq!(with(Some(4.0), None).explicit(), with(Some(4.0), Some(0.98)));
        assert_eq!(with(None, None).explicit(), with(None, None));
    }
}
