//! A whole flavour applied to recorded losses.

use super::answer::Answer;
use super::blow_up::first_blown_up;
use super::range::Range;
use super::rule::CurveView;
use super::smoothing::Smoothing;
use super::stop_rule::Stop;
use crate::files::curve::End;
use std::borrow::Cow;

/// What a flavour makes of the losses of one run.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Smoothed loss of every recorded step, those after the stop included. A smoothing that looks ahead sees, and so
    /// gives, the steps up to the stop only, and none from which on the raw loss has risen for good: what was trained
    /// after that must change nothing.
    pub smoothed: Vec<f64>,
    /// The step, from 0, whose loss fired the stop rule; `None` if none did.
    pub stop_step: Option<usize>,
    /// Length of the history that the rules see: up to and including the stopping step, or with a smoothing that looks
    /// ahead up to a blow-up before it.
    pub kept: usize,
    /// The min LR of the range.
    pub min_lr: Answer,
    /// The max LR of the range.
    pub max_lr: Answer,
}

impl Reading {
    /// The history that the rules saw, for further rules; `lrs` and `losses` as they were given to [`read`].
    pub fn history<'a>(&'a self, lrs: &'a [f64], losses: &'a [f64]) -> CurveView<'a> {
        history(lrs, losses, &self.smoothed, self.kept)
    }
}

/// Smooths `losses`, finds where the stop rule ends the history, and evaluates both rules on what is left.
///
/// `lrs` is the whole plan: the learning rate filed under each planned step. `losses` are the raw losses from step 0
/// on, at most as many as `lrs` (more are ignored); they may hold NaN and infinities.
pub fn read(lrs: &[f64], losses: &[f64], smoothing: &Smoothing, stop: &Stop, range: &Range) -> Reading {
    let losses = &losses[..losses.len().min(lrs.len())];
    let Stopped {
        smoothed,
        stop_step,
        kept,
    } = Stopped::new(losses, smoothing, stop);
    let view = history(lrs, losses, &smoothed, kept);
    let (min_lr, max_lr) = (range.min.evaluate(&view), range.max.evaluate(&view));
    Reading {
        smoothed,
        stop_step,
        kept,
        min_lr,
        max_lr,
    }
}

/// The losses that training would have gone on to show after the end of a curve: NaN up to the last of `planned` steps
/// if it ended in a loss that is not finite, since weights are NaN from there on; else nothing more.
///
/// A rule whose stop lets NaN pass (fastai 2, Lightning) trims such a history at the end of the plan, not at the step
/// that blew up.
pub fn as_trained_on(losses: &[f64], end: End, planned: usize) -> Cow<'_, [f64]> {
    if end != End::NonFinite || losses.len() >= planned {
        return Cow::Borrowed(losses);
    }
    let mut all = losses.to_vec();
    all.resize(planned, f64::NAN);
    Cow::Owned(all)
}

/// Losses smoothed and cut at the stop.
pub(super) struct Stopped {
    pub(super) smoothed: Vec<f64>,
    pub(super) stop_step: Option<usize>,
    pub(super) kept: usize,
}

impl Stopped {
    pub(super) fn new(losses: &[f64], smoothing: &Smoothing, stop: &Stop) -> Self {
        if smoothing.looks_ahead() {
            let stop_step = stop.first_stop(losses, losses);
            let stopped = stop_step.map_or(losses.len(), |step| step + 1);
            // A line fitted through a blow-up swings far out on both sides of it, below 0 for a loss that never was.
            let kept = first_blown_up(losses).map_or(stopped, |step| step.min(stopped));
            return Self {
                smoothed: smoothing.apply(&losses[..kept]),
                stop_step,
                kept,
            };
        }
        let smoothed = smoothing.apply(losses);
        let stop_step = stop.first_stop(losses, &smoothed);
        Self {
            kept: stop_step.map_or(losses.len(), |step| step + 1),
            smoothed,
            stop_step,
        }
    }
}

/// The first `kept` points, of a plan as long as `lrs`.
pub(super) fn history<'a>(lrs: &'a [f64], losses: &'a [f64], smoothed: &'a [f64], kept: usize) -> CurveView<'a> {
    CurveView {
        lrs: &lrs[..kept.min(lrs.len())],
        raw: &losses[..kept.min(losses.len())],
        smoothed: &smoothed[..kept.min(smoothed.len())],
        planned_steps: lrs.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::rule::{Rule, RuleKind, Signal};
    use super::super::smoothing::SmoothingKind;
    use super::*;

    /// Without smoothing and trimming: the loss is least at step 2, falls most from step 1 to 3 and is above 4 times
    /// the best at step 5.
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
            min: untrimmed(RuleKind::Steepest),
            max: untrimmed(RuleKind::LeastLoss),
        };
        let lrs = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0];
        let losses = [3.0, 2.5, 1.0, 1.5, 2.0, 5.0, 0.1];
        let reading = read(&lrs, &losses, &smoothing, &Stop::default(), &range);
        assert_eq!(
            (reading.stop_step, reading.kept, reading.smoothed.len()),
            (Some(5), 6, 7)
        );
        assert_eq!(
            reading.min_lr,
            Answer::Found {
                lr: 2.0,
                index: 1,
                fallback: false
            }
        );
        assert_eq!(
            reading.max_lr,
            Answer::Found {
                lr: 0.4,
                index: 2,
                fallback: false
            }
        );
        assert_eq!(reading.history(&lrs, &losses).raw, &losses[..6]);
        assert_eq!(reading.history(&lrs, &losses).planned_steps, 7);
    }

    /// The raw loss is above 4 times its best at step 5. Whatever follows, the smoothed losses up to there are the
    /// same.
    #[test]
    fn a_smoothing_that_looks_ahead_sees_nothing_after_the_stop() {
        let smoothing = Smoothing {
            kind: SmoothingKind::Lowess,
            fraction: Some(0.9),
            ..Smoothing::default()
        };
        let stop = Stop {
            signal: Some(Signal::Raw),
            ..Stop::default()
        };
        let lrs = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0];
        let losses = [3.0, 2.5, 1.0, 1.5, 2.0, 5.0, 0.1];
        let whole = read(&lrs, &losses, &smoothing, &stop, &Range::default());
        assert_eq!((whole.stop_step, whole.kept), (Some(5), 6));
        assert_eq!(whole, read(&lrs, &losses[..6], &smoothing, &stop, &Range::default()));
    }

    #[test]
    fn only_a_curve_that_blew_up_goes_on() {
        let losses = [2.0, f64::INFINITY];
        let on = as_trained_on(&losses, End::NonFinite, 4);
        assert_eq!((on.len(), on[1]), (4, f64::INFINITY));
        assert!(on[2].is_nan() && on[3].is_nan());
        for end in [End::Completed, End::StoppedEarly] {
            assert_eq!(as_trained_on(&losses, end, 4).len(), 2);
        }
    }
}
