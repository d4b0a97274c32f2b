//! When a range test counts as diverged.

#[cfg(test)]
mod tests;
mod watcher;

pub use watcher::Watcher;

use super::rule::Signal;
use super::smoothing::Smoothing;
use crate::{Invalid, check};
use serde::{Deserialize, Serialize};

/// Whether the loss is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StopKind {
    /// Fires when the loss is more than `factor` times the best one so far (strictly).
    Factor,
    /// Never fires: the test runs to its last step.
    Never,
}

/// What the best loss is before the first step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BestFrom {
    /// Infinity: the first loss that is a number becomes the best (fastai 2.8.12).
    Infinity,
    /// The first loss, whatever it is: should it be NaN, no later loss is better.
    FirstLoss,
    /// The number in `best-value`.
    Value,
}

/// When a loss becomes the best one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BestUpdate {
    /// Before the test: a loss is compared with a best that may be itself. With losses below 0 the rule then fires at
    /// once.
    Before,
    /// After the test: a loss is compared with the best of the steps before it.
    After,
}

/// When a range test counts as diverged (`[stop]`). Options other than `kind` belong to `kind = "factor"`.
///
/// The step that fires still belongs to the history; nothing after it does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Stop {
    /// `"factor"` or `"never"`. Default `"factor"`.
    pub kind: StopKind,
    /// Multiple of the best loss above which the rule fires; above 1. Default 4.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub factor: Option<f64>,
    /// Which loss is watched, `"smoothed"` or `"raw"`. Default `"smoothed"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signal: Option<Signal>,
    /// `"before"` or `"after"` the test. Default `"before"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub best_update: Option<BestUpdate>,
    /// `"first-loss"`, `"infinity"` or `"value"`. Default `"first-loss"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub best_from: Option<BestFrom>,
    /// The best loss before the first step, any finite number; required by `best-from = "value"` and only read there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub best_value: Option<f64>,
    /// First step, from 0, at which the rule may fire. Default 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_step: Option<usize>,
    /// Whether NaN fires. Default true; with false a NaN is never more than anything, and the test runs on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nan_fires: Option<bool>,
}

impl Default for Stop {
    /// fastai 1.0.61's `LRFinder`: smoothed loss above 4 times its best, or NaN.
    fn default() -> Self {
        Self {
            kind: StopKind::Factor,
            factor: None,
            signal: None,
            best_update: None,
            best_from: None,
            best_value: None,
            first_step: None,
            nan_fires: None,
        }
    }
}

impl Stop {
    /// The first setting that cannot be used, with its key below `[stop]`.
    pub fn validate(&self) -> Result<(), Invalid> {
        self.reject_unused()?;
        if let Some(factor) = self.factor {
            check::finite("factor", factor, "factor = 4.0")?;
            if factor <= 1.0 {
                return Err(Invalid::new("factor", factor, "must be above 1", "factor = 4.0"));
            }
        }
        if self.best_from == Some(BestFrom::Value) && self.best_value.is_none() {
            let problem = "needs `best-value` beside it";
            let value = check::shown(&BestFrom::Value);
            return Err(Invalid::new("best-from", value, problem, "best-value = 1e9"));
        }
        check::finite("best-value", self.best_value.unwrap_or_default(), "best-value = 1e9")?;
        check::count("first-step", self.first_step.unwrap_or_default(), "first-step = 0")
    }

    /// Rejects options that the kind, or another option, leaves without effect.
    fn reject_unused(&self) -> Result<(), Invalid> {
        let (kind, factor) = (("kind", self.kind), [StopKind::Factor]);
        check::only_with("factor", self.factor.as_ref(), kind, &factor)?;
        check::only_with("signal", self.signal.as_ref(), kind, &factor)?;
        check::only_with("best-update", self.best_update.as_ref(), kind, &factor)?;
        check::only_with("best-from", self.best_from.as_ref(), kind, &factor)?;
        check::only_with("best-value", self.best_value.as_ref(), kind, &factor)?;
        check::only_with("first-step", self.first_step.as_ref(), kind, &factor)?;
        check::only_with("nan-fires", self.nan_fires.as_ref(), kind, &factor)?;
        let best_from = ("best-from", self.best_from.unwrap_or(BestFrom::FirstLoss));
        check::only_with("best-value", self.best_value.as_ref(), best_from, &[BestFrom::Value])
    }

    /// Rejects a rule that watches a smoothed loss which nobody knows while training goes on. The error's key is dotted
    /// from outside of both tables: the smoothing is what a study chose on purpose.
    pub(crate) fn validate_beside(&self, smoothing: &Smoothing) -> Result<(), Invalid> {
        let watches_smoothed =
            self.kind == StopKind::Factor && self.signal.unwrap_or(Signal::Smoothed) == Signal::Smoothed;
        if smoothing.looks_ahead() && watches_smoothed {
            let problem = "looks at later losses, so the stop rule cannot watch what it gives while training goes on";
            let example = "stop.signal = \"raw\"";
            return Err(Invalid::new(
                "smoothing.kind",
                check::shown(&smoothing.kind),
                problem,
                example,
            ));
        }
        Ok(())
    }

    /// The same rule with every default written out, for a record of how a result was made.
    #[must_use]
    pub fn explicit(&self) -> Self {
        if self.kind == StopKind::Never {
            return self.clone();
        }
        Self {
            kind: self.kind,
            factor: self.factor.or(Some(4.0)),
            signal: self.signal.or(Some(Signal::Smoothed)),
            best_update: self.best_update.or(Some(BestUpdate::Before)),
            best_from: self.best_from.or(Some(BestFrom::FirstLoss)),
            best_value: self.best_value,
            first_step: self.first_step.or(Some(0)),
            nan_fires: self.nan_fires.or(Some(true)),
        }
    }

    /// A watcher that has seen nothing yet.
    pub fn watcher(&self) -> Watcher {
        Watcher::new(&self.explicit())
    }

    /// The first step that fires, from raw and smoothed losses of the same steps; `None` if none does.
    pub fn first_stop(&self, raw: &[f64], smoothed: &[f64]) -> Option<usize> {
        let mut watcher = self.watcher();
        raw.iter()
            .zip(smoothed)
            .position(|(raw, smoothed)| watcher.push(*raw, *smoothed))
    }
}
