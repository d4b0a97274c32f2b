//! Watching losses one by one.

use super::{BestFrom, BestUpdate, Stop, StopKind};
use crate::range_test::Signal;

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
    /// One that has seen nothing yet, of a stop rule with its defaults written out.
    pub(super) fn new(stop: &Stop) -> Self {
        Self {
            kind: stop.kind,
            factor: stop.factor.unwrap_or(f64::INFINITY),
            signal: stop.signal.unwrap_or(Signal::Smoothed),
            update: stop.best_update.unwrap_or(BestUpdate::Before),
            first_step: stop.first_step.unwrap_or_default(),
            nan_fires: stop.nan_fires.unwrap_or_default(),
            best: match stop.best_from.unwrap_or(BestFrom::FirstLoss) {
                BestFrom::FirstLoss => None,
                BestFrom::Infinity => Some(f64::INFINITY),
                BestFrom::Value => Some(stop.best_value.unwrap_or(f64::INFINITY)),
            },
            step: 0,
        }
    }

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
