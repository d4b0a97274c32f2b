//! What a config's rules make of the curve of a training.

use seedband_core::files::curve::{Curve, End, Evaluation};
use seedband_core::range_test::Analysis;
use std::sync::Arc;

/// The curve of a training and what it came to.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainingCurve {
    /// As recorded; at least one step.
    pub curve: Arc<Curve>,
    /// Smoothed loss of each step.
    pub smoothed: Vec<f64>,
    /// The step, from 0, at which it diverged, if it did.
    pub diverged_step: Option<usize>,
}

impl TrainingCurve {
    /// Reads a curve by the smoothing and the divergence rule of `analysis`.
    pub fn new(curve: Arc<Curve>, analysis: &Analysis) -> Self {
        let losses = curve.losses();
        Self {
            diverged_step: analysis.diverged_at(&losses),
            smoothed: analysis.smoothing.apply(&losses),
            curve,
        }
    }

    /// Whether its loss became non-finite: what came of it is worth nothing.
    pub fn blew_up(&self) -> bool {
        self.curve.end == End::NonFinite
    }

    /// The least validation loss; infinite if it blew up.
    pub(crate) fn best_loss(&self) -> f64 {
        if self.blew_up() {
            return f64::INFINITY;
        }
        let losses = self.validations().map(|found| found.loss).filter(|loss| !loss.is_nan());
        losses.fold(f64::INFINITY, f64::min)
    }

    /// Its validations.
    pub(crate) fn validations(&self) -> impl DoubleEndedIterator<Item = Evaluation> {
        self.curve.steps.iter().filter_map(|step| step.validation)
    }

    /// Last validation loss and accuracy, where it has any; infinite and 0 if it blew up.
    pub(crate) fn last(&self) -> (f64, Option<f64>) {
        let last = self.validations().next_back();
        match last.filter(|found| !self.blew_up() && !found.loss.is_nan()) {
            Some(found) => (found.loss, found.accuracy),
            None => (f64::INFINITY, Some(0.0)),
        }
    }
}
