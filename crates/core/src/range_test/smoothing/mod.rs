//! Averaging of losses over steps.

mod smoother;
#[cfg(test)]
mod tests;
mod undo;

pub use smoother::Smoother;

use super::lowess::lowess;
use crate::{Invalid, check};
use serde::{Deserialize, Serialize};

/// Whether losses are averaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SmoothingKind {
    /// An exponential moving average.
    Ema,
    /// Robust locally weighted linear regression over the step number (Cleveland 1979). Looks at later losses, so it
    /// has no value while training goes on: a stop rule beside it can watch the raw loss only.
    Lowess,
    /// No smoothing: the smoothed loss is the loss (`surmenok/keras_lr_finder`).
    None,
}

/// What an exponential moving average starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Start {
    /// From 0, and each value is divided by `1 - beta^(i + 1 + ahead)`, the weight seen so far.
    Zero,
    /// From the first loss, which is passed on as it is; no division (torch-lr-finder 0.2.2).
    First,
}

/// How the average is written. Equal up to rounding for finite losses; after an infinite loss they differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// `beta * m + (1 - beta) * loss`: infinite from an infinite loss on.
    Plain,
    /// `torch.lerp(loss, m, beta)`, which torch computes as `m - (1 - beta) * (m - loss)` for beta of 0.5 and more and
    /// as `loss + beta * (m - loss)` below: infinite at an infinite loss, NaN from the next one on (fastai 2.8.12).
    Lerp,
}

/// How losses are smoothed (`[smoothing]`). `fraction` and `iterations` belong to `kind = "lowess"`, the other options
/// to `kind = "ema"`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Smoothing {
    /// `"ema"`, `"lowess"` or `"none"`. Default `"ema"`.
    pub kind: SmoothingKind,
    /// Weight of the past, from 0 to below 1. Default 0.98.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beta: Option<f64>,
    /// `"zero"` or `"first"`. Default `"zero"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<Start>,
    /// By how many steps the division of `start = "zero"` runs ahead, 0 to 100. Default 0, which makes the average
    /// unbiased.
    ///
    /// Lightning 2.6.6 is 1 ahead: its step counter has moved on when the loss is logged, so a constant loss of 3 reads
    /// 1.515, 2.02, 2.27, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ahead: Option<u32>,
    /// `"plain"` or `"lerp"`. Default `"plain"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<Form>,
    /// Share of the steps behind each smoothed loss, above 0 and below 1; at least two steps. Default 0.2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fraction: Option<f64>,
    /// How often losses far from the fit are given less weight, 0 to 100. Default 3, as in R and statsmodels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iterations: Option<usize>,
}

impl Default for Smoothing {
    /// fastai 1.0.61's `SmoothenValue`: average with 0.98, from 0, unbiased.
    fn default() -> Self {
        Self {
            kind: SmoothingKind::Ema,
            beta: None,
            start: None,
            ahead: None,
            form: None,
            fraction: None,
            iterations: None,
        }
    }
}

/// A fifth of the steps: for the hundred steps of most range tests about two decades of learning rates.
const FRACTION: f64 = 0.2;
/// R's and statsmodels' default.
const ITERATIONS: usize = 3;

impl Smoothing {
    /// The first setting that cannot be used, with its key below `[smoothing]`.
    pub fn validate(&self) -> Result<(), Invalid> {
        self.reject_unused()?;
        if let Some(fraction) = self.fraction
            && !(fraction > 0.0 && fraction < 1.0)
        {
            let problem = "must be above 0 and below 1";
            return Err(Invalid::new("fraction", fraction, problem, "fraction = 0.2"));
        }
        if let Some(iterations) = self.iterations
            && iterations > 100
        {
            let problem = "must be from 0 to 100";
            return Err(Invalid::new("iterations", iterations, problem, "iterations = 3"));
        }
        if let Some(beta) = self.beta
            && !(0.0..1.0).contains(&beta)
        {
            return Err(Invalid::new("beta", beta, "must be from 0 to below 1", "beta = 0.98"));
        }
        match self.ahead {
            Some(ahead) if ahead > 100 => Err(Invalid::new("ahead", ahead, "must be from 0 to 100", "ahead = 0")),
            _ => Ok(()),
        }
    }

    /// Rejects options that the kind, or another option, leaves without effect.
    fn reject_unused(&self) -> Result<(), Invalid> {
        let (kind, ema, lowess) = (("kind", self.kind), [SmoothingKind::Ema], [SmoothingKind::Lowess]);
        check::only_with("beta", self.beta.as_ref(), kind, &ema)?;
        check::only_with("start", self.start.as_ref(), kind, &ema)?;
        check::only_with("ahead", self.ahead.as_ref(), kind, &ema)?;
        check::only_with("form", self.form.as_ref(), kind, &ema)?;
        check::only_with("fraction", self.fraction.as_ref(), kind, &lowess)?;
        check::only_with("iterations", self.iterations.as_ref(), kind, &lowess)?;
        let start = self.start.unwrap_or(Start::Zero);
        check::only_with("ahead", self.ahead.as_ref(), ("start", start), &[Start::Zero])
    }

    /// The same smoothing with every default written out, for a record of how a result was made.
    #[must_use]
    pub fn explicit(&self) -> Self {
        let start = self.start.unwrap_or(Start::Zero);
        match self.kind {
            SmoothingKind::Ema => Self {
                beta: self.beta.or(Some(0.98)),
                start: Some(start),
                ahead: self.ahead.or((start == Start::Zero).then_some(0)),
                form: self.form.or(Some(Form::Plain)),
                ..self.clone()
            },
            SmoothingKind::Lowess => Self {
                fraction: self.fraction.or(Some(FRACTION)),
                iterations: self.iterations.or(Some(ITERATIONS)),
                ..self.clone()
            },
            SmoothingKind::None => self.clone(),
        }
    }

    /// Whether a smoothed loss depends on later losses.
    pub fn looks_ahead(&self) -> bool {
        self.kind == SmoothingKind::Lowess
    }

    /// A smoother that has seen nothing yet. A smoothing that looks ahead has none; its smoother passes losses on as
    /// they are.
    pub fn smoother(&self) -> Smoother {
        Smoother::new(&self.explicit())
    }

    /// The smoothed loss at each step, as many values as `losses`.
    pub fn apply(&self, losses: &[f64]) -> Vec<f64> {
        if self.kind == SmoothingKind::Lowess {
            return lowess(
                losses,
                self.fraction.unwrap_or(FRACTION),
                self.iterations.unwrap_or(ITERATIONS),
            );
        }
        let mut smoother = self.smoother();
        losses.iter().map(|loss| smoother.push(*loss)).collect()
    }
}
