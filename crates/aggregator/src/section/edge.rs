//! Answers that the schedule cut off.

use crate::read::ReadCurve;
use seedband_core::range_test::{Answer, Range, Rule, RuleKind};
use seedband_core::summary::Bound;

/// Whether the ends of a curve's range are bounds: min LR and max LR.
///
/// An answer is a bound where the rule's point lies at the edge of the schedule or beside it: within 2 % of the planned
/// steps, one at least, of the first or the last point that the rule looks at. A curve that the stop rule ended, or that
/// blew up, was not cut off; one that ended with the schedule was, or with a script that trained fewer steps. For rules
/// that look for the least loss, or for a descent as a whole, it is the least loss of the curve that must not lie beside
/// its last point, nor among points that the rule leaves out at the end. A rate outside those that were tried is a bound
/// as well.
pub(super) fn bounds(read: &ReadCurve, lrs: &[f64], range: &Range) -> (Option<Bound>, Option<Bound>) {
    let edges = Edges::new(read, lrs);
    (
        edges.bound(&range.min, &read.reading.min_lr),
        edges.bound(&range.max, &read.reading.max_lr),
    )
}

struct Edges<'a> {
    read: &'a ReadCurve,
    lrs: &'a [f64],
    /// Points that count as beside an edge.
    beside: usize,
    /// Whether nothing but the end of the training ended the history.
    is_cut_off: bool,
}

impl<'a> Edges<'a> {
    fn new(read: &'a ReadCurve, lrs: &'a [f64]) -> Self {
        Self {
            read,
            lrs,
            beside: lrs.len().div_ceil(50).max(1),
            is_cut_off: read.reading.stop_step.is_none() && read.diverged_at.is_none(),
        }
    }

    fn bound(&self, rule: &Rule, answer: &Answer) -> Option<Bound> {
        let Answer::Found { lr, index, .. } = *answer else {
            return None;
        };
        let losses = self.read.curve.losses();
        // Fewer than planned where a script ended by itself.
        let tried = &self.lrs[..losses.len().min(self.lrs.len())];
        let tried = (tried.first()?, tried.last()?);
        if lr < *tried.0 {
            return Some(Bound::AtMost);
        }
        let span = rule.span(&self.read.reading.history(self.lrs, &losses));
        let last = span.end.checked_sub(1)?;
        let is_last = match rule.rule {
            RuleKind::Steepest => index + self.beside >= last,
            RuleKind::LeastLoss | RuleKind::LastDescent | RuleKind::Valley | RuleKind::Slide => {
                let lowest = self.lowest().unwrap_or(index);
                lowest > last || lowest + self.beside >= self.read.history().len().saturating_sub(1)
            }
        };
        if self.is_cut_off && is_last || lr > *tried.1 {
            Some(Bound::AtLeast)
        } else if index <= span.start + self.beside && span.start < last {
            Some(Bound::AtMost)
        } else {
            None
        }
    }

    /// The step of the least loss in the history, the first of equals.
    fn lowest(&self) -> Option<usize> {
        let finite = self
            .read
            .history()
            .iter()
            .enumerate()
            .filter(|(_, loss)| loss.is_finite());
        finite.min_by(|a, b| a.1.total_cmp(b.1)).map(|(step, _)| step)
    }
}
