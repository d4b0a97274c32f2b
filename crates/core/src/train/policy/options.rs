//! Checking a policy's options and filling in those left out.

use super::{Anneal, Policy, PolicyKind};
use crate::Invalid;
use crate::check::{only_with, shown};

/// Kinds that go up and down in straight lines.
const CYCLIC: [PolicyKind; 3] = [PolicyKind::Triangular, PolicyKind::Triangular2, PolicyKind::ExpRange];

/// Kinds that a warm-up can come before: all but `one-cycle`, which rises by itself.
const WARMED_UP: [PolicyKind; 7] = [
    PolicyKind::Constant,
    PolicyKind::Step,
    PolicyKind::Cosine,
    PolicyKind::Triangular,
    PolicyKind::Triangular2,
    PolicyKind::ExpRange,
    PolicyKind::WarmRestarts,
];

/// More cycles than any training has: the bound catches a slipped digit.
const MOST_CYCLES: u32 = 1000;

impl Policy {
    /// The first option that cannot be used or that the kind does not read, with its key below `[train.policy]`.
    pub fn validate(&self) -> Result<(), Invalid> {
        self.reject_unused()?;
        let positive = |value| value > 0.0 && value <= 1.0;
        let gamma = self.explicit().gamma.unwrap_or(STEP_GAMMA);
        number("gamma", gamma, positive, "must be above 0 and at most 1", "gamma = 0.1")?;
        if let Some(cycles) = self.cycles
            && !(1..=MOST_CYCLES).contains(&cycles)
        {
            let problem = format!("must be from 1 to {MOST_CYCLES}");
            return Err(Invalid::new("cycles", cycles, problem, "cycles = 4"));
        }
        let growth = self.growth.unwrap_or(GROWTH);
        let bounded = |value| (1.0..=100.0).contains(&value);
        number("growth", growth, bounded, "must be from 1 to 100", "growth = 2.0")?;
        let share = |value| (0.0..=1.0).contains(&value);
        number(
            "rise",
            self.rise.unwrap_or(RISE),
            share,
            "must be from 0 to 1",
            "rise = 0.3",
        )?;
        let divisors = [
            ("start-divisor", self.start_divisor, "start-divisor = 25.0"),
            ("end-divisor", self.end_divisor, "end-divisor = 1e4"),
        ];
        for (key, value, example) in divisors {
            let divides = |value: f64| value.is_finite() && value >= 1.0;
            number(
                key,
                value.unwrap_or(1.0),
                divides,
                "must be a finite number of at least 1",
                example,
            )?;
        }
        if let Some([low, high]) = self.momentum
            && !(0.0 <= low && low <= high && high < 1.0)
        {
            let problem = "must be two numbers from 0 to below 1, the lower one first";
            let value = shown(&self.momentum);
            return Err(Invalid::new("momentum", value, problem, "momentum = [0.85, 0.95]"));
        }
        let warmup = self.warmup.unwrap_or_default();
        let partial = |value| (0.0..1.0).contains(&value);
        number("warmup", warmup, partial, "must be from 0 to below 1", "warmup = 0.05")?;
        let warmup_start = self.warmup_start.unwrap_or(WARMUP_START);
        number(
            "warmup-start",
            warmup_start,
            share,
            "must be from 0 to 1",
            "warmup-start = 0.1",
        )?;
        self.validate_milestones(warmup)
    }

    /// Milestones ascend, from above the warm-up to below 1.
    fn validate_milestones(&self, warmup: f64) -> Result<(), Invalid> {
        if self.kind != PolicyKind::Step {
            return Ok(());
        }
        let milestones = self.milestones.as_deref().unwrap_or(&MILESTONES);
        let invalid = |problem: &str| {
            let example = "milestones = [0.5, 0.75]";
            Err(Invalid::new("milestones", shown(&milestones), problem, example))
        };
        if milestones.is_empty() {
            return invalid("must name at least one share; without any, this is `kind = \"constant\"`");
        }
        if !milestones.iter().all(|share| *share > 0.0 && *share < 1.0) {
            return invalid("each must be above 0 and below 1");
        }
        if !milestones.is_sorted_by(|one, next| one < next) {
            return invalid("must ascend");
        }
        if milestones.iter().any(|share| *share <= warmup) {
            return invalid(&format!("must lie after the warm-up, which ends at {warmup}"));
        }
        Ok(())
    }

    /// Rejects options that the kind, or another option, leaves without effect.
    fn reject_unused(&self) -> Result<(), Invalid> {
        let kind = ("kind", self.kind);
        let (one_cycle, restarts) = ([PolicyKind::OneCycle], [PolicyKind::WarmRestarts]);
        let cycling = [&CYCLIC[..], &restarts].concat();
        only_with("milestones", self.milestones.as_ref(), kind, &[PolicyKind::Step])?;
        only_with(
            "gamma",
            self.gamma.as_ref(),
            kind,
            &[PolicyKind::Step, PolicyKind::ExpRange],
        )?;
        only_with("cycles", self.cycles.as_ref(), kind, &cycling)?;
        only_with("growth", self.growth.as_ref(), kind, &restarts)?;
        only_with("rise", self.rise.as_ref(), kind, &one_cycle)?;
        only_with("start-divisor", self.start_divisor.as_ref(), kind, &one_cycle)?;
        only_with("end-divisor", self.end_divisor.as_ref(), kind, &one_cycle)?;
        only_with("anneal", self.anneal.as_ref(), kind, &one_cycle)?;
        only_with("momentum", self.momentum.as_ref(), kind, &one_cycle)?;
        only_with("warmup", self.warmup.as_ref(), kind, &WARMED_UP)?;
        only_with("warmup-start", self.warmup_start.as_ref(), kind, &WARMED_UP)?;
        match self.warmup_start {
            Some(start) if self.warmup.unwrap_or_default() == 0.0 => {
                let problem = "has no meaning without a `warmup` above 0; leave it out";
                Err(Invalid::new("warmup-start", start, problem, "warmup = 0.05"))
            }
            _ => Ok(()),
        }
    }

    /// The same policy with every default written out, for a record of how a result was made.
    #[must_use]
    pub fn explicit(&self) -> Self {
        let step = self.kind == PolicyKind::Step;
        let exp_range = self.kind == PolicyKind::ExpRange;
        let one_cycle = self.kind == PolicyKind::OneCycle;
        let restarts = self.kind == PolicyKind::WarmRestarts;
        let warmup = self.warmup.or(WARMED_UP.contains(&self.kind).then_some(0.0));
        Self {
            kind: self.kind,
            milestones: self.milestones.clone().or(step.then(|| MILESTONES.to_vec())),
            gamma: self
                .gamma
                .or(step.then_some(STEP_GAMMA))
                .or(exp_range.then_some(EXP_RANGE_GAMMA)),
            cycles: self
                .cycles
                .or(CYCLIC.contains(&self.kind).then_some(CYCLES))
                .or(restarts.then_some(RESTART_CYCLES)),
            growth: self.growth.or(restarts.then_some(GROWTH)),
            rise: self.rise.or(one_cycle.then_some(RISE)),
            start_divisor: self.start_divisor.or(one_cycle.then_some(START_DIVISOR)),
            end_divisor: self.end_divisor.or(one_cycle.then_some(END_DIVISOR)),
            anneal: self.anneal.or(one_cycle.then_some(Anneal::Cosine)),
            momentum: self.momentum,
            warmup,
            warmup_start: self
                .warmup_start
                .or(warmup.filter(|share| *share > 0.0).map(|_| WARMUP_START)),
        }
    }
}

/// He et al. 2015: 32k and 48k of 64k steps.
const MILESTONES: [f64; 2] = [0.5, 0.75];
/// He et al. 2015, and PyTorch's default.
const STEP_GAMMA: f64 = 0.1;
/// Smith 2015, section 4.1.1, in 42,000 to 70,000 steps on CIFAR-10.
const EXP_RANGE_GAMMA: f64 = 0.99994;
/// Smith 2015, section 3.2.
const CYCLES: u32 = 4;
/// With a growth of 2 a seventh, two sevenths and four sevenths of the training.
const RESTART_CYCLES: u32 = 3;
/// Loshchilov and Hutter 2016.
const GROWTH: f64 = 2.0;
/// `OneCycleLR`'s `pct_start`.
const RISE: f64 = 0.3;
/// `OneCycleLR`'s `div_factor`.
const START_DIVISOR: f64 = 25.0;
/// `OneCycleLR`'s `final_div_factor`.
const END_DIVISOR: f64 = 1e4;
/// `LinearLR`'s `start_factor`.
const WARMUP_START: f64 = 1.0 / 3.0;

/// Rejects a number that is not allowed.
fn number(key: &str, value: f64, allowed: impl Fn(f64) -> bool, problem: &str, example: &str) -> Result<(), Invalid> {
    if allowed(value) {
        return Ok(());
    }
    Err(Invalid::new(key, value, problem, example))
}
