//! Survival over learning rates in place of time: the product-limit estimate and its confidence intervals.

use super::clopper_pearson;
use super::normal::two_sided;
use seedband_core::summary::RiskStep;
use std::ops::Range;

/// How far one seed was followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Followed {
    /// The step, from 0, whose update made it diverge, or the last one whose update is known not to have.
    pub last: usize,
    /// Whether it diverged there.
    pub diverged: bool,
}

impl Followed {
    /// What a curve of `steps` steps says; nothing of a single one that did not diverge, since no update has followed
    /// whose effect was seen.
    pub(crate) fn new(diverged_at: Option<usize>, steps: usize) -> Option<Self> {
        Some(Self {
            last: diverged_at.or(steps.checked_sub(2))?,
            diverged: diverged_at.is_some(),
        })
    }

    /// Whether it is not known to have held through all of `planned` steps although it did not diverge.
    pub(crate) fn is_censored(&self, planned: usize) -> bool {
        !self.diverged && self.last + 2 < planned
    }

    /// The first step by which it may have diverged.
    pub(crate) fn fails_at(&self) -> usize {
        self.last + usize::from(!self.diverged)
    }
}

/// Seeds that end at each step.
pub(crate) struct Ends {
    diverged: Vec<u32>,
    left: Vec<u32>,
}

impl Ends {
    pub(crate) fn new(followed: &[Followed], steps: usize) -> Self {
        let mut ends = Self {
            diverged: vec![0; steps],
            left: vec![0; steps],
        };
        for seed in followed {
            let counts = if seed.diverged {
                &mut ends.diverged
            } else {
                &mut ends.left
            };
            if let Some(count) = counts.get_mut(seed.last.min(steps.saturating_sub(1))) {
                *count += 1;
            }
        }
        ends
    }

    /// Those that diverge at the steps of one learning rate.
    pub(crate) fn diverged_at(&self, steps: &Range<usize>) -> u32 {
        self.diverged.get(steps.clone()).unwrap_or_default().iter().sum()
    }

    /// Those that are followed no further than these steps.
    pub(crate) fn left_at(&self, steps: &Range<usize>) -> u32 {
        self.left.get(steps.clone()).unwrap_or_default().iter().sum()
    }
}

/// The estimate at work, by ascending learning rate.
pub(crate) struct Survival {
    confidence: f64,
    /// Seeds still followed.
    at_risk: u32,
    diverged: u32,
    /// Seeds, divergences and share when a seed was last followed no further. Between two such events the product of
    /// shares is one share.
    since: (u32, u32, f64),
    left: u32,
    /// Greenwood's sum of d / (n (n - d)).
    variance: f64,
}

impl Survival {
    pub(crate) fn new(n: u32, confidence: f64) -> Self {
        Self {
            confidence,
            at_risk: n,
            diverged: 0,
            since: (n, 0, 0.0),
            left: 0,
            variance: 0.0,
        }
    }

    /// Seeds still followed.
    pub(crate) fn at_risk(&self) -> u32 {
        self.at_risk
    }

    /// Takes the seeds that diverge at a learning rate; `before` is the estimate at the rate before.
    pub(crate) fn step(&mut self, lr: f64, diverged: u32, before: Option<RiskStep>) -> RiskStep {
        let at_risk = self.at_risk;
        self.at_risk = at_risk.saturating_sub(diverged);
        self.diverged += diverged;
        self.variance += f64::from(diverged) / (f64::from(at_risk) * f64::from(self.at_risk));
        let share = self.share();
        let (lower, upper) = if self.left == 0 {
            clopper_pearson(self.diverged, self.at_risk + self.diverged, self.confidence)
        } else if self.diverged == 0 {
            clopper_pearson(0, at_risk, self.confidence)
        } else if self.at_risk == 0 {
            (before.map_or(0.0, |before| before.lower), 1.0)
        } else {
            self.log_log(share)
        };
        RiskStep {
            lr,
            diverged: self.diverged,
            at_risk,
            share,
            lower,
            upper,
        }
    }

    /// The share that has diverged so far.
    fn share(&self) -> f64 {
        let (seeds, earlier, share) = self.since;
        share + (1.0 - share) * (f64::from(self.diverged - earlier) / f64::from(seeds.max(1)))
    }

    /// S to the power of exp(-+ z sqrt(variance) / log S), for the share 1 - S that diverged.
    fn log_log(&self, share: f64) -> (f64, f64) {
        let log = (-share).ln_1p();
        let width = (two_sided(self.confidence) * self.variance.sqrt() / log.abs()).exp();
        let of = |power: f64| -(log * power).exp_m1();
        (of(width.recip()), of(width))
    }

    /// Takes the seeds that are followed no further.
    pub(crate) fn leave(&mut self, left: u32) {
        if left == 0 {
            return;
        }
        let share = self.share();
        self.at_risk = self.at_risk.saturating_sub(left);
        self.since = (self.at_risk, self.diverged, share);
        self.left += left;
    }
}
