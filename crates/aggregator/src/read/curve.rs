//! What a config's rules make of one curve.

use seedband_core::files::curve::{Curve, Evaluation};
use seedband_core::range_test::{Analysis, NamedReading, Reading, as_trained_on, read};
use std::sync::Arc;

/// The curve of a range test and its reading.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadCurve {
    /// As recorded; at least one step and at most as many as are planned.
    pub curve: Arc<Curve>,
    /// Smoothing, stop rule and range rules applied to it.
    pub reading: Reading,
    /// The step, from 0, at which it diverged, if it did.
    pub diverged_at: Option<usize>,
    /// What each named rule makes of it, in the order of the analysis.
    pub named: Vec<NamedReading>,
}

impl ReadCurve {
    /// Reads a curve by the rules of `analysis`; `lrs` is the learning rate that each planned step is filed under.
    pub fn new(curve: Arc<Curve>, lrs: &[f64], analysis: &Analysis) -> Self {
        let losses = curve.losses();
        let through = |losses: &[f64]| read(lrs, losses, &analysis.smoothing, &analysis.stop, &analysis.range);
        let mut reading = through(&losses);
        let trained_on = as_trained_on(&losses, curve.end, lrs.len());
        if reading.stop_step.is_none() && trained_on.len() > losses.len() {
            // Only the rules see the NaN that never were trained: they trim at the end of the history that the library
            // would have had.
            let whole = through(&trained_on);
            (reading.min_lr, reading.max_lr) = (whole.min_lr, whole.max_lr);
        }
        let named = analysis.rules.iter().map(|rule| rule.read(lrs, &trained_on)).collect();
        Self {
            diverged_at: analysis.diverged_at(&losses),
            curve,
            reading,
            named,
        }
    }

    /// Smoothed losses that count: up to and including the step that fired the stop rule.
    pub fn history(&self) -> &[f64] {
        self.reading
            .smoothed
            .get(..self.reading.kept)
            .unwrap_or(&self.reading.smoothed)
    }

    /// The evaluation after a step, where there was one.
    pub(crate) fn validation(&self, step: usize) -> Option<Evaluation> {
        self.curve.steps.get(step)?.validation
    }
}
