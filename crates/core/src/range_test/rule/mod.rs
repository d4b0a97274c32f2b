//! Rules that read one learning rate off a curve.

mod gradient;
mod options;
mod shape;
mod span;

use super::answer::{Answer, Reason};
use serde::{Deserialize, Serialize};

/// Which loss is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Signal {
    /// The smoothed loss.
    Smoothed,
    /// The loss as recorded.
    Raw,
}

/// What a rule looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RuleKind {
    /// The point of the least loss (fastai's `minimum`).
    LeastLoss,
    /// The point of the least gradient, that is the steepest descent (fastai's `steep` and `min_grad_lr`, Lightning,
    /// torch-lr-finder, `surmenok/keras_lr_finder`).
    Steepest,
    /// A point within the longest strictly decreasing subsequence (fastai 2.8.12's `valley`).
    ///
    /// With length `L` and end `e` (the earliest of equal length) it is point `e - L + floor(L/3) + floor(L/6)`. That
    /// counts as if the subsequence had no gaps, so it may be -1, which is the last point. When no pair decreases it is
    /// the first point.
    Valley,
    /// A window slides from the right end to the left while the gradients at its two ends differ by more than
    /// `threshold`; the left end of the last window that still differed, or of the first window if that does not
    /// (fastai 2.8.12's `slide`).
    Slide,
    /// The steepest point of the unbroken descent that ends in the least loss (`lr_low` of the reference study's Keras
    /// half).
    ///
    /// Let high be the learning rate nearest (in rate, not its logarithm) to that of the least loss / `divide-by`. The
    /// descent begins after the last point before the least loss whose gradient is not below 0. If there is no such
    /// point, if nothing lies between it and the least loss, or if the answer exceeds `ceiling` times high, the answer
    /// is the rate nearest to `ceiling` times high, marked as a fallback.
    LastDescent,
}

/// Between which neighbours a gradient is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Difference {
    /// From the point before to the point after, one-sided at the ends; of second order where points are unevenly
    /// spaced. `numpy.gradient` of numpy 2.4 and `torch.gradient` of torch 2.11 with their default edges.
    Central,
    /// To the next point; the last point has none (fastai 2.8.12's `steep`).
    Forward,
    /// From `window` points before, over the whole history before trimming; 0 for the first `window` points
    /// (`surmenok/keras_lr_finder`).
    Backward,
}

/// With respect to what a gradient is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Per {
    /// The number of the point: on an exponential schedule the gradient per logarithm of the rate, up to a constant.
    Step,
    /// The natural logarithm of the learning rate.
    LnLr,
    /// The learning rate itself (Lightning since 2.5.3).
    Lr,
}

/// What happens when trimming leaves no point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhenShort {
    /// There is no answer.
    NoAnswer,
    /// Nothing is trimmed (the reference study's Keras half).
    AllPoints,
}

/// What happens to losses that are NaN or infinite, after trimming.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NonFinite {
    /// They stay. The first NaN then counts as the least loss or gradient, as in numpy's and torch's `argmin`.
    Keep,
    /// The first NaN and all after it are cut off (fastai 2.8.12).
    CutAtNan,
    /// Each of them is left out (Lightning 2.6.6).
    Drop,
}

/// A rule that reads one learning rate off a curve (`[range.min]`, `[range.max]`). Only `rule` is required.
///
/// First the history is trimmed, then NaN and infinities are dealt with, then the rule chooses a point, and the answer
/// is its learning rate / `divide-by`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Rule {
    /// `"least-loss"`, `"steepest"`, `"valley"`, `"slide"` or `"last-descent"`.
    pub rule: RuleKind,
    /// Which loss is looked at, `"smoothed"` or `"raw"`. Default `"smoothed"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signal: Option<Signal>,
    /// Points left out at the start, 0 to 10,000,000. Default 10.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skip_start: Option<usize>,
    /// Instead of `skip-start`: the share of the *planned* steps left out at the start, from 0 to below 1, rounded
    /// down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skip_start_share: Option<f64>,
    /// Points left out at the end of the history, 0 to 10,000,000. Default 5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skip_end: Option<usize>,
    /// When trimming leaves no point: `"no-answer"` or `"all-points"`. Default `"no-answer"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when_short: Option<WhenShort>,
    /// `"keep"`, `"cut-at-nan"` or `"drop"`. Default `"keep"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub non_finite: Option<NonFinite>,
    /// Fewest points that give an answer, 1 to 10,000,000. Default: what the rule needs, 2 for central and forward
    /// gradients, `window + 1` for `slide`, otherwise 1; less than that has no effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_points: Option<usize>,
    /// What the learning rate found is divided by, above 0. Default 10 for `least-loss` and 1 for others. For
    /// `last-descent` (default 10) it makes the high rate that the answer is held against.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub divide_by: Option<f64>,
    /// Whether the answer, after the division, moves to the nearest learning rate of the points looked at, by distance
    /// in the rate and not in its logarithm. Default false. `last-descent` always does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snap: Option<bool>,
    /// For `steepest`: `"central"`, `"forward"` or `"backward"`. Default `"central"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub difference: Option<Difference>,
    /// For `steepest`: `"step"`, `"ln-lr"` or `"lr"`. Default `"step"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per: Option<Per>,
    /// Points, 1 to 10,000,000: the distance of backward differences (default 1), or the distance between the two ends
    /// of the `slide` (default 15).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<usize>,
    /// For `slide`: the difference of gradients, in loss per step, below which it ends; from 0. Default 0.005.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<f64>,
    /// For `last-descent`: the largest share of the high rate that the answer may be, above 0 and up to 1. Default 0.1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ceiling: Option<f64>,
}

/// The history of a run as a rule sees it. Lists of unequal length are read up to the end of the shortest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurveView<'a> {
    /// The learning rate filed beside each loss.
    pub lrs: &'a [f64],
    /// The losses as recorded.
    pub raw: &'a [f64],
    /// The smoothed losses.
    pub smoothed: &'a [f64],
    /// Steps that were planned; the run may have ended earlier.
    pub planned_steps: usize,
}

impl Rule {
    /// Reads the learning rate off a curve. Never panics, whatever the losses and learning rates are.
    pub fn evaluate(&self, curve: &CurveView) -> Answer {
        let history = self.history(curve);
        let steps = self.points(&history, curve.planned_steps);
        let needed = self.needed_points();
        if steps.len() < needed {
            let reason = match self.span(curve).len() {
                trimmed if trimmed < needed => Reason::TooFewPoints,
                _ => Reason::TooFewFinite,
            };
            return Answer::None { reason };
        }
        let lrs: Vec<f64> = steps.iter().map(|step| history.lrs[*step]).collect();
        let losses: Vec<f64> = steps.iter().map(|step| history.losses[*step]).collect();
        let divisor = self.divisor();
        let (mut at, fallback) = match self.rule {
            RuleKind::LeastLoss => (shape::argmin(&losses), false),
            RuleKind::Steepest => (shape::argmin(&self.slopes(&history, &steps, &lrs, &losses)), false),
            RuleKind::Valley => (shape::valley(&losses), false),
            RuleKind::Slide => (
                shape::slide(&losses, self.window_points(), self.slide_threshold()),
                false,
            ),
            RuleKind::LastDescent => shape::last_descent(&lrs, &losses, divisor, self.descent_ceiling()),
        };
        let mut lr = lrs[at];
        if self.rule != RuleKind::LastDescent {
            lr /= divisor;
            if self.snap == Some(true) {
                at = shape::nearest(&lrs, lr);
                lr = lrs[at];
            }
        }
        if !lr.is_finite() {
            let reason = Reason::LrNotFinite;
            return Answer::None { reason };
        }
        let index = steps[at];
        Answer::Found { lr, index, fallback }
    }

    /// The gradient at each point looked at, in the unit that `per` says; one fewer for forward differences.
    fn slopes(&self, history: &span::History, steps: &[usize], lrs: &[f64], losses: &[f64]) -> Vec<f64> {
        let per = self.per.unwrap_or(Per::Step);
        match (self.gradient_difference(), per) {
            (Difference::Central, Per::Step) => gradient::central(losses),
            (Difference::Central, _) => gradient::central_uneven(losses, &gradient::coordinates(per, lrs)),
            (Difference::Forward, _) => gradient::forward(losses, &gradient::coordinates(per, lrs)),
            (Difference::Backward, _) => {
                let coordinates = gradient::coordinates(per, history.lrs);
                let whole = gradient::backward(history.losses, &coordinates, self.window_points());
                steps.iter().map(|step| whole[*step]).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests;
