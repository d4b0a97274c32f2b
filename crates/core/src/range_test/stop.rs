//! When a range test counts as diverged.

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
    /// Before the test: a loss is compared with a best that may be itself. With losses below 0 the rule then fires at once.
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

    /// Rejects a rule that watches a smoothed loss which nobody knows while training goes on. The error's key is dotted from outside of both
    /// tables: the smoothing is what a study chose on purpose.
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
        let explicit = self.explicit();
        let from = explicit.best_from.unwrap_or(BestFrom::FirstLoss);
        Watcher {
            kind: self.kind,
            factor: explicit.factor.unwrap_or(f64::INFINITY),
            signal: explicit.signal.unwrap_or(Signal::Smoothed),
            update: explicit.best_update.unwrap_or(BestUpdate::Before),
            first_step: explicit.first_step.unwrap_or_default(),
            nan_fires: explicit.nan_fires.unwrap_or_default(),
            best: match from {
                BestFrom::FirstLoss => None,
                BestFrom::Infinity => Some(f64::INFINITY),
                BestFrom::Value => Some(explicit.best_value.unwrap_or(f64::INFINITY)),
            },
            step: 0,
        }
    }

    /// The first step that fires, from raw and smoothed losses of the same steps; `None` if none does.
    pub fn first_stop(&self, raw: &[f64], smoothed: &[f64]) -> Option<usize> {
        let mut watcher = self.watcher();
        raw.iter()
            .zip(smoothed)
            .position(|(raw, smoothed)| watcher.push(*raw, *smoothed))
    }
}

/// A stop rule at work: takes losses one by one.
#[derive(Debug, Clone)]
pub struct Watcher {
    kind: StopKind,
    factor: f64,
    signal: Signal,
    update: BestUpdate,
    first_step: usize,
    nan_fires: bool,
    best: Option<f64>,
    step: usize,
}

impl Watcher {
    /// Takes the raw and the smoothed loss of the next step; true when the rule fires.
    pub fn push(&mut self, raw: f64, smoothed: f64) -> bool {
        if self.kind == StopKind::Never {
            return false;
        }
        let loss = match self.signal {
            Signal::Raw => raw,
            Signal::Smoothed => smoothed,
        };
        let step = self.step;
        self.step += 1;
        let earlier = self.best.unwrap_or(loss);
        let best = if loss < earlier { loss } else { earlier };
        self.best = Some(best);
        let against = match self.update {
            BestUpdate::Before => best,
            BestUpdate::After => earlier,
        };
        step >= self.first_step && (loss > self.factor * against || (self.nan_fires && loss.is_nan()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(stop: &Stop, losses: &[f64]) -> Option<usize> {
        stop.first_stop(losses, losses)
    }

    #[test]
    fn four_times_the_best_is_not_enough() {
        let stop = Stop::default();
        assert_eq!(first(&stop, &[2.0, 1.0, 4.0, 4.1]), Some(3));
        assert_eq!(first(&stop, &[2.0, 1.0, 4.0]), None);
        assert_eq!(first(&stop, &[]), None);
    }

    #[test]
    fn nan_fires_or_is_passed_over() {
        let tolerant = Stop {
            nan_fires: Some(false),
            ..Stop::default()
        };
        assert_eq!(first(&Stop::default(), &[1.0, f64::NAN, 9.0]), Some(1));
        assert_eq!(first(&tolerant, &[1.0, f64::NAN, 9.0]), Some(2));
        // The first loss is the best, so a NaN there leaves nothing to compare with; infinity does not.
        assert_eq!(first(&tolerant, &[f64::NAN, 1.0, 9.0]), None);
        let patient = Stop {
            best_from: Some(BestFrom::Infinity),
            ..tolerant
        };
        assert_eq!(first(&patient, &[f64::NAN, 1.0, 9.0]), Some(2));
    }

    /// A negative best: four times it lies below it, so the loss itself is already above the limit.
    #[test]
    fn negative_losses_fire_at_once_when_the_best_is_updated_first() {
        assert_eq!(first(&Stop::default(), &[-1.0, -1.0]), Some(0));
        let after = Stop {
            best_update: Some(BestUpdate::After),
            first_step: Some(1),
            ..Stop::default()
        };
        assert_eq!(first(&after, &[-1.0, -5.0, -5.0]), Some(2));
    }

    #[test]
    fn a_late_first_step_and_a_best_from_a_number() {
        let stop = Stop {
            signal: Some(Signal::Raw),
            best_update: Some(BestUpdate::After),
            best_from: Some(BestFrom::Value),
            best_value: Some(1e9),
            first_step: Some(3),
            ..Stop::default()
        };
        assert_eq!(stop.validate(), Ok(()));
        assert_eq!(first(&stop, &[1.0, 9.0, 9.0, 2.0, 9.0]), Some(4));
        assert_eq!(stop.first_stop(&[1.0, 1.0, 1.0, 9.0], &[1.0; 4]), Some(3));
        assert_eq!(first(&stop, &[5e9]), None);
    }

    #[test]
    fn never_is_never() {
        let never = Stop {
            kind: StopKind::Never,
            ..Stop::default()
        };
        assert_eq!(never.validate(), Ok(()));
        assert_eq!(first(&never, &[1.0, 1e30, f64::NAN]), None);
    }

    #[test]
    fn unusable_values_are_named() {
        let base = Stop::default;
        let cases = [
            (
                Stop {
                    factor: Some(1.0),
                    ..base()
                },
                "factor",
            ),
            (
                Stop {
                    factor: Some(f64::INFINITY),
                    ..base()
                },
                "factor",
            ),
            (
                Stop {
                    best_from: Some(BestFrom::Value),
                    ..base()
                },
                "best-from",
            ),
            (
                Stop {
                    best_value: Some(1e9),
                    ..base()
                },
                "best-value",
            ),
            (
                Stop {
                    best_from: Some(BestFrom::Value),
                    best_value: Some(f64::NAN),
                    ..base()
                },
                "best-value",
            ),
            (
                Stop {
                    first_step: Some(usize::MAX),
                    ..base()
                },
                "first-step",
            ),
            (
                Stop {
                    kind: StopKind::Never,
                    nan_fires: Some(true),
                    ..base()
                },
                "nan-fires",
            ),
        ];
        for (stop, key) in cases {
            assert_eq!(stop.validate().expect_err("it cannot be used").key, key, "{stop:?}");
        }
        assert_eq!(base().explicit().validate(), Ok(()));
    }
}
