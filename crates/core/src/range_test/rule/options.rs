//! Checking a rule's options and filling in those left out.

use super::{Difference, NonFinite, Per, Rule, RuleKind, Signal, WhenShort};
use crate::{Invalid, check};

/// Rules that find a point of the curve: all but `last-descent`, which looks for a rate itself.
const SNAPPING: [RuleKind; 4] = [
    RuleKind::Steepest,
    RuleKind::Valley,
    RuleKind::Slide,
    RuleKind::LeastLoss,
];

impl Default for Rule {
    /// fastai 1.0.61's `min_grad_lr`: the least gradient per step on points 10 to the sixth from the end.
    fn default() -> Self {
        Self::new(RuleKind::Steepest)
    }
}

impl Rule {
    /// A rule with every option at its default.
    pub fn new(rule: RuleKind) -> Self {
        Self {
            rule,
            signal: None,
            skip_start: None,
            skip_start_share: None,
            skip_end: None,
            when_short: None,
            non_finite: None,
            min_points: None,
            divide_by: None,
            snap: None,
            difference: None,
            per: None,
            window: None,
            threshold: None,
            ceiling: None,
        }
    }

    /// The first option that cannot be used or that the rule does not read, with its key below the rule's table.
    pub fn validate(&self) -> Result<(), Invalid> {
        self.reject_unused()?;
        for (key, value) in [("skip-start", self.skip_start), ("skip-end", self.skip_end)] {
            check::count(key, value.unwrap_or(0), &format!("{key} = 10"))?;
        }
        for (key, value) in [("min-points", self.min_points), ("window", self.window)] {
            let value = value.unwrap_or(1);
            let example = format!("{key} = 2");
            check::count(key, value, &example)?;
            if value == 0 {
                return Err(Invalid::new(key, value, "must be at least 1", example));
            }
        }
        if let Some(share) = self.skip_start_share
            && !(0.0..1.0).contains(&share)
        {
            let problem = "must be from 0 to below 1";
            return Err(Invalid::new(
                "skip-start-share",
                share,
                problem,
                "skip-start-share = 0.1",
            ));
        }
        if let Some(divisor) = self.divide_by {
            check::finite("divide-by", divisor, "divide-by = 10.0")?;
            if divisor <= 0.0 {
                return Err(Invalid::new(
                    "divide-by",
                    divisor,
                    "must be above 0",
                    "divide-by = 10.0",
                ));
            }
        }
        if let Some(threshold) = self.threshold {
            check::finite("threshold", threshold, "threshold = 0.005")?;
            if threshold < 0.0 {
                return Err(Invalid::new(
                    "threshold",
                    threshold,
                    "must not be negative",
                    "threshold = 0.005",
                ));
            }
        }
        match self.ceiling {
            Some(ceiling) if !(ceiling > 0.0 && ceiling <= 1.0) => {
                let problem = "must be above 0 and at most 1";
                Err(Invalid::new("ceiling", ceiling, problem, "ceiling = 0.1"))
            }
            _ => Ok(()),
        }
    }

    /// Rejects options that the rule, or another option, leaves without effect.
    fn reject_unused(&self) -> Result<(), Invalid> {
        let rule = ("rule", self.rule);
        if self.skip_start.is_some() {
            check::unused("skip-start-share", self.skip_start_share.as_ref(), "skip-start = 10")?;
        }
        check::only_with("snap", self.snap.as_ref(), rule, &SNAPPING)?;
        check::only_with("ceiling", self.ceiling.as_ref(), rule, &[RuleKind::LastDescent])?;
        check::only_with("difference", self.difference.as_ref(), rule, &[RuleKind::Steepest])?;
        check::only_with("per", self.per.as_ref(), rule, &[RuleKind::Steepest])?;
        check::only_with("threshold", self.threshold.as_ref(), rule, &[RuleKind::Slide])?;
        check::only_with(
            "window",
            self.window.as_ref(),
            rule,
            &[RuleKind::Steepest, RuleKind::Slide],
        )?;
        if self.rule == RuleKind::Steepest {
            let difference = ("difference", self.gradient_difference());
            check::only_with("window", self.window.as_ref(), difference, &[Difference::Backward])?;
        }
        Ok(())
    }

    /// The same rule with every default written out, for a record of how a result was made.
    #[must_use]
    pub fn explicit(&self) -> Self {
        let steepest = self.rule == RuleKind::Steepest;
        Self {
            rule: self.rule,
            signal: self.signal.or(Some(Signal::Smoothed)),
            skip_start: self
                .skip_start
                .or(self.skip_start_share.is_none().then_some(DEFAULT_SKIP_START)),
            skip_start_share: self.skip_start_share,
            skip_end: Some(self.skip_end_points()),
            when_short: self.when_short.or(Some(WhenShort::NoAnswer)),
            non_finite: self.non_finite.or(Some(NonFinite::Keep)),
            min_points: Some(self.needed_points().min(check::MOST_STEPS as usize)),
            divide_by: Some(self.divisor()),
            snap: self.snap.or((self.rule != RuleKind::LastDescent).then_some(false)),
            difference: self.difference.or(steepest.then_some(Difference::Central)),
            per: self.per.or(steepest.then_some(Per::Step)),
            window: self.window.or(self.has_window().then(|| self.window_points())),
            threshold: self
                .threshold
                .or((self.rule == RuleKind::Slide).then(|| self.slide_threshold())),
            ceiling: self
                .ceiling
                .or((self.rule == RuleKind::LastDescent).then(|| self.descent_ceiling())),
        }
    }

    /// Points that must be left for an answer.
    pub(super) fn needed_points(&self) -> usize {
        let needed = match (self.rule, self.gradient_difference()) {
            (RuleKind::Slide, _) => self.window_points().saturating_add(1),
            (RuleKind::Steepest, Difference::Central | Difference::Forward) => 2,
            _ => 1,
        };
        needed.max(self.min_points.unwrap_or(1))
    }

    /// Points left out at the start, of a plan of so many steps.
    pub(in crate::range_test) fn skip_start_points(&self, planned_steps: usize) -> usize {
        match self.skip_start_share {
            // 0.29 * 100 is 28.999… in binary: a product that should be whole must not be rounded down to the number
            // below.
            Some(share) => (planned_steps as f64 * share + 1e-9).floor() as usize,
            None => self.skip_start.unwrap_or(DEFAULT_SKIP_START),
        }
    }

    /// Points left out at the end.
    pub(super) fn skip_end_points(&self) -> usize {
        self.skip_end.unwrap_or(5)
    }

    /// What the rate of the point found, or of the least loss, is divided by.
    pub(super) fn divisor(&self) -> f64 {
        self.divide_by.unwrap_or(match self.rule {
            RuleKind::LeastLoss | RuleKind::LastDescent => 10.0,
            RuleKind::Steepest | RuleKind::Valley | RuleKind::Slide => 1.0,
        })
    }

    /// How gradients are taken.
    pub(super) fn gradient_difference(&self) -> Difference {
        self.difference.unwrap_or(Difference::Central)
    }

    /// The window, at least 1.
    pub(super) fn window_points(&self) -> usize {
        let default = if self.rule == RuleKind::Slide { 15 } else { 1 };
        self.window.unwrap_or(default).max(1)
    }

    /// The least difference of gradients at which the window still slides.
    pub(super) fn slide_threshold(&self) -> f64 {
        self.threshold.unwrap_or(0.005)
    }

    /// The largest share of the high rate that the low one may be.
    pub(super) fn descent_ceiling(&self) -> f64 {
        self.ceiling.unwrap_or(0.1)
    }

    /// Whether the window has a meaning.
    fn has_window(&self) -> bool {
        match self.rule {
            RuleKind::Slide => true,
            RuleKind::Steepest => self.gradient_difference() == Difference::Backward,
            _ => false,
        }
    }
}

/// fastai's and torch-lr-finder's number of points left out at the start.
const DEFAULT_SKIP_START: usize = 10;
