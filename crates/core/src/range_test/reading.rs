//! A whole flavour applied to recorded losses.

use super::answer::Answer;
use super::range::Range;
use super::rule::CurveView;
use super::smoothing::Smoothing;
use super::stop::Stop;

/// What a flavour makes of the losses of one run.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Smoothed loss of every recorded step, those after the stop included.
    pub smoothed: Vec<f64>,
    /// The step, from 0, whose loss fired the stop rule; `None` if none did.
    pub stop_step: Option<usize>,
    /// Length of the history that the rules see: up to and including the stopping step.
    pub kept: usize,
    /// Low end of the range.
    pub low: Answer,
    /// High end of the range.
    pub high: Answer,
}

impl Reading {
    /// The history that the rules saw, for further rules; `lrs` and `losses` as they were given to [`read`].
    pub fn history<'a>(&'a self, lrs: &'a [f64], losses: &'a [f64]) -> CurveView<'a> {
        history(lrs, losses, &self.smoothed, self.kept)
    }
}

/// Smooths `losses`, finds where the stop rule ends the history, and evaluates both rules on what is left.
///
/// `lrs` is the whole plan: the learning rate filed under each planned step. `losses` are the raw losses from step 0 on, at most as many
/// as `lrs` (more are ignored); they may hold NaN and infinities.
pub fn read(lrs: &[f64], losses: &[f64], smoothing: &Smoothing, stop: &Stop, range: &Range) -> Reading {
    let losses = &losses[..losses.len().min(lrs.len())];
    let smoothed = smoothing.apply(losses);
    let stop_step = stop.first_stop(losses, &smoothed);
    let kept = stop_step.map_or(losses.len(), |step| step + 1);
    let view = history(lrs, losses, &smoothed, kept);
    let (low, high) = (range.low.evaluate(&view), range.high.evaluate(&view));
    Reading {
        smoothed,
        stop_step,
        kept,
        low,
        high,
    }
}

/// The first `kept` points, of a plan as long as `lrs`.
fn history<'a>(lrs: &'a [f64], losses: &'a [f64], smoothed: &'a [f64], kept: usize) -> CurveView<'a> {
    CurveView {
        lrs: &lrs[..kept.min(lrs.len())],
        raw: &losses[..kept.min(losses.len())],
        smoothed: &smoothed[..kept.min(smoothed.len())],
        planned_steps: lrs.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::rule::{Rule, RuleKind};
    use super::super::smoothing::SmoothingKind;
    use super::*;

    /// Without smoothing and trimming: the loss is least at step 2, falls most from step 1 to 3 and is above 4 times the best at step 5.
    #[test]
    fn rules_see_the_history_up_to_and_including_the_stop() {
        let smoothing = Smoothing {
            kind: SmoothingKind::None,
            ..Smoothing::default()
        };
        let untrimmed = |rule| Rule {
            skip_start: Some(0),
            skip_end: Some(0),
            ..Rule::new(rule)
        };
        let range = Range {
            low: untrimmed(RuleKind::Steepest),
            high: untrimmed(RuleKind::LeastLoss),
        };
        let lrs = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0];
        let losses = [3.0, 2.5, 1.0, 1.5, 2.0, 5.0, 0.1];
        let reading = read(&lrs, &losses, &smoothing, &Stop::default(), &range);
        assert_eq!(
            (reading.stop_step, reading.kept, reading.smoothed.len()),
            (Some(5), 6, 7)
        );
        assert_eq!(
            reading.low,
            Answer::Found {
                lr: 2.0,
                index: 1,
                fallback: false
            }
        );
        assert_eq!(
            reading.high,
            Answer::Found {
                lr: 0.4,
                index: 2,
                fallback: false
            }
        );
        assert_eq!(reading.history(&lrs, &losses).raw, &losses[..6]);
        assert_eq!(reading.history(&lrs, &losses).planned_steps, 7);
    }
}
