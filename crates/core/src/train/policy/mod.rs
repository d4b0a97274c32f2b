//! Learning rate policies: the rate in the optimizer during each step of a training, from its peak and its length
//! alone.
//!
//! The rate changes from step to step, not from epoch to epoch, as Smith and fastai do it. Steps count from 0, learning
//! rates have no unit. Places in the training are shares of all its steps, so that a policy means the same for any
//! length.
//!
//! Formulas are those of PyTorch 2.11.0 (`torch.optim.lr_scheduler`), in its closed form: a policy gives the rates of
//! the class named beside its kind. What PyTorch takes as a whole number of steps is rounded to the nearest one, halves
//! up: milestones, the end of the warm-up and the restarts. What it computes with as a float is not rounded: the length
//! of a triangular cycle and the top of `one-cycle`. Where such a top lies between two steps no step has the peak
//! itself; the nearest one of triangular cycles lacks at most `(peak - floor) * cycles / steps`.

mod options;
mod rates;
mod shape;

use serde::{Deserialize, Serialize};

/// The form of a policy. Below, `p` is the position in the steps after the warm-up, from 0 at their first to 1 at the
/// end of their last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum PolicyKind {
    /// The peak in every step.
    #[default]
    Constant,
    /// The peak, times `gamma` from each milestone on (`MultiStepLR`).
    Step,
    /// Half a cosine from peak to floor, `floor + (peak - floor) * (1 + cos(pi * p)) / 2`: the floor itself would come
    /// one step after the last (`CosineAnnealingLR`; Loshchilov and Hutter 2016, arXiv 1608.03983, equation 5).
    Cosine,
    /// Straight lines from floor to peak and back, `cycles` times (`CyclicLR` with mode `triangular`; Smith 2015, arXiv
    /// 1506.01186).
    Triangular,
    /// As `triangular`, and the distance between floor and peak is halved after each cycle (`CyclicLR` with mode
    /// `triangular2`).
    Triangular2,
    /// As `triangular`, and the distance between floor and peak is multiplied by `gamma` at each step, so no top
    /// reaches the peak (`CyclicLR` with mode `exp_range`). In Smith's words the floor shrinks too; as in PyTorch it
    /// stays.
    ExpRange,
    /// One rise from `peak / start-divisor` to the peak and one longer fall to far below the start (`OneCycleLR`, two
    /// phases; Smith and Topin 2017, arXiv 1708.07120, and Smith 2018, arXiv 1803.09820, in the form of fastai).
    OneCycle,
    /// `cosine` again and again, in cycles each `growth` times as long as the one before
    /// (`CosineAnnealingWarmRestarts`; Loshchilov and Hutter 2016, arXiv 1608.03983).
    WarmRestarts,
}

/// How `one-cycle` gets from one rate to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Anneal {
    /// Along half a cosine.
    Cosine,
    /// Along a straight line.
    Linear,
}

/// Which learning rate each step of a training gets (`[train.policy]`). Default: the peak throughout.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Policy {
    /// `"constant"`, `"step"`, `"cosine"`, `"triangular"`, `"triangular2"`, `"exp-range"`, `"one-cycle"` or
    /// `"warm-restarts"`. Default `"constant"`.
    pub kind: PolicyKind,
    /// `step`: shares of the whole training, warm-up included, after which the rate is multiplied by `gamma`;
    /// ascending, above `warmup` and below 1. The nearest step counts, and at least one step has the peak. Default
    /// `[0.5, 0.75]`: He et al. 2015 (arXiv 1512.03385, section 4.2) divide at 32k and 48k of 64k steps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub milestones: Option<Vec<f64>>,
    /// `step`: factor at each milestone, default 0.1 (He et al. 2015, PyTorch). `exp-range`: factor at each step,
    /// default 0.99994 (Smith 2015, section 4.1.1; PyTorch's own default of 1 is `triangular`), of which 0.94 is left
    /// after 1000 steps and 0.55 after 10,000. Above 0 and at most 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gamma: Option<f64>,
    /// Whole cycles in the steps after the warm-up, 1 to 1000. `triangular`, `triangular2`, `exp-range`: default 4,
    /// since "running for 4 or more cycles will achieve even better performance" than 3, and training should stop at
    /// the end of one (Smith 2015, section 3.2). `warm-restarts`: default 3.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cycles: Option<u32>,
    /// `warm-restarts`: length of a cycle in lengths of the one before, 1 to 100. Default 2, `T_mult` in Loshchilov and
    /// Hutter's runs with growing cycles (PyTorch's own default is 1). The steps at which cycles begin are rounded, so
    /// a length may be one off; a cycle that is left without a step is passed over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub growth: Option<f64>,
    /// `one-cycle`: share of the training that rises, 0 to 1; the top lies at step `rise * steps - 1`. Default 0.3
    /// (PyTorch's `pct_start`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rise: Option<f64>,
    /// `one-cycle`: the first rate is the peak divided by this; at least 1. Default 25 (PyTorch's `div_factor`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_divisor: Option<f64>,
    /// `one-cycle`: the last rate is the first one divided by this; at least 1. Default 1e4 (PyTorch's
    /// `final_div_factor`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_divisor: Option<f64>,
    /// `one-cycle`: `"cosine"` or `"linear"`. Default `"cosine"` (PyTorch's `anneal_strategy`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anneal: Option<Anneal>,
    /// `one-cycle`: low and high end of the momentum, which falls where the rate rises (PyTorch's `base_momentum` and
    /// `max_momentum`, 0.85 and 0.95 there); from 0 to below 1. Default: the optimizer's momentum stays as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub momentum: Option<[f64; 2]>,
    /// Any kind but `one-cycle`: share of the training before the policy begins, from 0 to below 1, in which the rate
    /// rises on a straight line from `warmup-start` times the policy's first rate to this rate (`LinearLR` before the
    /// policy in `SequentialLR`; Goyal et al. 2017, arXiv 1706.02677, section 2.2). The nearest step counts, and at
    /// least one step is left to the policy. Default 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warmup: Option<f64>,
    /// With a `warmup`: what its first rate is in parts of the policy's first one, 0 to 1. Default 1/3 (PyTorch's
    /// `start_factor`). Goyal et al. start with 1/k for a minibatch k times as large as the one whose rate is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warmup_start: Option<f64>,
}

impl Policy {
    /// The policy in words, as a label in figures.
    pub fn name(&self) -> &'static str {
        match self.kind {
            PolicyKind::Constant => "constant rate",
            PolicyKind::Step => "step decay",
            PolicyKind::Cosine => "cosine annealing",
            PolicyKind::Triangular => "triangular cycles",
            PolicyKind::Triangular2 => "halving triangular cycles",
            PolicyKind::ExpRange => "shrinking triangular cycles",
            PolicyKind::OneCycle => "one cycle",
            PolicyKind::WarmRestarts => "warm restarts",
        }
    }
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
