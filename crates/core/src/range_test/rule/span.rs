//! Which points of the history a rule looks at.

use super::{CurveView, NonFinite, Rule, Signal, WhenShort};
use std::ops;

/// Learning rates and the losses a rule looks at, of equal length.
pub(super) struct History<'a> {
    pub(super) lrs: &'a [f64],
    pub(super) losses: &'a [f64],
}

impl Rule {
    /// The half-open range of points looked at: after trimming and cutting at NaN, before single points are dropped.
    /// Where trimming leaves nothing it is empty and begins at the number of points skipped, which may lie beyond the
    /// end of the history.
    pub fn span(&self, curve: &CurveView) -> ops::Range<usize> {
        self.span_of(&self.history(curve), curve.planned_steps)
    }

    /// The history with the loss that this rule looks at.
    pub(super) fn history<'a>(&self, curve: &CurveView<'a>) -> History<'a> {
        let losses = match self.signal.unwrap_or(Signal::Smoothed) {
            Signal::Smoothed => curve.smoothed,
            Signal::Raw => curve.raw,
        };
        let points = losses.len().min(curve.lrs.len());
        History {
            lrs: &curve.lrs[..points],
            losses: &losses[..points],
        }
    }

    /// The steps looked at, ascending, each within the history.
    pub(super) fn points(&self, history: &History, planned_steps: usize) -> Vec<usize> {
        let drop = self.non_finite == Some(NonFinite::Drop);
        self.span_of(history, planned_steps)
            .filter(|step| !drop || history.losses[*step].is_finite())
            .collect()
    }

    fn span_of(&self, history: &History, planned_steps: usize) -> ops::Range<usize> {
        let points = history.losses.len();
        let start = self.skip_start_points(planned_steps);
        let end = points.saturating_sub(self.skip_end_points()).max(start);
        let trimmed = if start == end && self.when_short == Some(WhenShort::AllPoints) {
            0..points
        } else {
            start..end
        };
        if self.non_finite != Some(NonFinite::CutAtNan) {
            return trimmed;
        }
        let nan = trimmed.clone().find(|step| history.losses[*step].is_nan());
        trimmed.start..nan.unwrap_or(trimmed.end)
    }
}
