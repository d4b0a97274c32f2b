//! Which learning rate each step of a range test gets.

use crate::Invalid;
use crate::check::{self, MOST_STEPS};
use serde::{Deserialize, Serialize};

/// How the learning rate grows from [`Schedule::start`] to [`Schedule::end`]. Below, `p` is the position of a step,
/// from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Growth {
    /// `start * (end / start)^p`: equal steps on a logarithmic axis.
    Exponential,
    /// `start + p * (end - start)`.
    Linear,
    /// As [`Schedule::lrs`] lists them: rates that were recorded elsewhere and follow no formula.
    Listed,
}

/// Where the `n` steps lie between start and end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Spacing {
    /// `p = i / n`: the end is not reached (fastai 1.0.61 and 2.8.12).
    Exclusive,
    /// `p = i / (n - 1)`: the last step has the end (torch-lr-finder 0.2.2, the reference study's Keras half).
    Inclusive,
    /// `p = 0`, then `(i + 1) / n`: the end is reached and position `1 / n` is left out, so the first gap is doubled
    /// (Lightning 2.6.6).
    SkipSecond,
    /// The start times the `n`-th root of `end / start`, `i` times over: `exclusive` with rounding errors that add up
    /// (`surmenok/keras_lr_finder`). Exponential growth only.
    Accumulated,
}

/// The learning rates of a range test (`[schedule]`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Schedule {
    /// `"exponential"` or `"linear"`; `"listed"` for curves that were recorded elsewhere. Default `"exponential"`.
    pub kind: Growth,
    /// First learning rate; above 0, or 0 for linear growth. Default 1e-7.
    pub start: f64,
    /// Learning rate the schedule grows towards; above `start`. Default 10.
    pub end: f64,
    /// Steps planned, 2 to 10,000,000. Default 100.
    pub steps: usize,
    /// `"exclusive"`, `"inclusive"`, `"skip-second"` or `"accumulated"`. Default `"exclusive"`.
    pub spacing: Spacing,
    /// By how many steps the learning rate in the optimizer lags behind the one filed beside the loss, 0 or 1. Default
    /// 0.
    ///
    /// With 1, step `i` trains with the rate filed under step `i - 1`, and step 0 with the first. The reference study's
    /// Keras callback sets the rate after the batch whose loss it files under that rate.
    pub lag: usize,
    /// `"listed"`: the rate of each step, ascending. `start`, `end` and `steps` are its first, its last and its length.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lrs: Vec<f64>,
}

impl Default for Schedule {
    /// fastai 1.0.61's `lr_find`: 1e-7 to 10 in 100 steps, the end excluded.
    fn default() -> Self {
        Self {
            kind: Growth::Exponential,
            start: 1e-7,
            end: 10.0,
            steps: 100,
            spacing: Spacing::Exclusive,
            lag: 0,
            lrs: Vec::new(),
        }
    }
}

/// Two rates that differ by no more than this share of the larger are the same: what files round away.
const SAME: f64 = 1e-5;

/// Whether two learning rates are the same but for what files round away.
pub fn same_rate(one: f64, other: f64) -> bool {
    (one - other).abs() <= SAME * one.abs().max(other.abs())
}

impl Schedule {
    /// The first setting that cannot be used, with its key below `[schedule]`.
    pub fn validate(&self) -> Result<(), Invalid> {
        check::finite("start", self.start, "start = 1e-7")?;
        check::finite("end", self.end, "end = 10.0")?;
        self.validate_list()?;
        match self.kind {
            Growth::Exponential if self.start <= 0.0 => {
                let problem = "must be above 0 for exponential growth";
                return Err(Invalid::new("start", self.start, problem, "start = 1e-7"));
            }
            Growth::Linear | Growth::Listed if self.start < 0.0 => {
                let problem = "a learning rate cannot be negative";
                return Err(Invalid::new("start", self.start, problem, "start = 0.0"));
            }
            _ => {}
        }
        if self.end <= self.start {
            let problem = format!("must be above `start`, which is {}", self.start);
            return Err(Invalid::new("end", self.end, problem, "end = 10.0"));
        }
        if self.kind == Growth::Exponential && !(self.end / self.start).is_finite() {
            let problem = "is too many powers of ten above `start` for a float";
            return Err(Invalid::new("end", self.end, problem, "end = 10.0"));
        }
        if !(2..=MOST_STEPS as usize).contains(&self.steps) {
            let problem = format!("must be from 2 to {MOST_STEPS}");
            return Err(Invalid::new("steps", self.steps, problem, "steps = 100"));
        }
        if self.spacing == Spacing::Accumulated && self.kind != Growth::Exponential {
            let problem = "multiplies the rate from step to step, which is exponential growth";
            let value = check::shown(&self.spacing);
            return Err(Invalid::new("spacing", value, problem, "spacing = \"exclusive\""));
        }
        if self.lag > 1 {
            return Err(Invalid::new("lag", self.lag, "must be 0 or 1", "lag = 0"));
        }
        Ok(())
    }

    /// Checks the list of rates, or that there is none.
    fn validate_list(&self) -> Result<(), Invalid> {
        const EXAMPLE: &str = "lrs = [1e-4, 1e-3, 1e-2]";
        if self.kind != Growth::Listed {
            let lrs = Some(&self.lrs).filter(|lrs| !lrs.is_empty());
            return check::only_with("lrs", lrs, ("kind", self.kind), &[Growth::Listed]);
        }
        for lr in &self.lrs {
            check::finite("lrs", *lr, EXAMPLE)?;
        }
        if let Some([one, next]) = self.lrs.array_windows().find(|[one, next]| one >= next) {
            let problem = format!("has to be above the rate before it, which is {one}");
            return Err(Invalid::new("lrs", next, problem, EXAMPLE));
        }
        if self.lrs.len() != self.steps {
            let problem = format!("has to be the number of rates in `lrs`, which is {}", self.lrs.len());
            let example = format!("steps = {}", self.lrs.len());
            return Err(Invalid::new("steps", self.steps, problem, example));
        }
        let ends = [
            ("start", self.start, self.lrs.first()),
            ("end", self.end, self.lrs.last()),
        ];
        for (key, said, listed) in ends {
            if let Some(listed) = listed.filter(|listed| listed.total_cmp(&said).is_ne()) {
                let problem = format!("is another rate than that in `lrs`, which is {listed}");
                return Err(Invalid::new(key, said, problem, format!("{key} = {listed}")));
            }
        }
        Ok(())
    }

    /// The schedule that gives these rates, one a step: the formula of a library where one does to 1e-5, else the list.
    ///
    /// # Errors
    /// Fewer than two rates, or rates that do not ascend from 0 or above.
    pub fn of_rates(rates: &[f64]) -> Result<Self, Invalid> {
        let listed = Self {
            kind: Growth::Listed,
            start: rates.first().copied().unwrap_or_default(),
            end: rates.last().copied().unwrap_or_default(),
            steps: rates.len(),
            lrs: rates.to_vec(),
            ..Self::default()
        };
        listed.validate()?;
        let spacings = [Spacing::Inclusive, Spacing::SkipSecond];
        let formulas = [Growth::Exponential, Growth::Linear].into_iter().flat_map(|kind| {
            spacings.map(|spacing| Self {
                kind,
                spacing,
                lrs: Vec::new(),
                ..listed
            })
        });
        let mut formulas = formulas.filter(|schedule| schedule.validate().is_ok());
        Ok(formulas.find(|schedule| schedule.gives(rates)).unwrap_or(listed))
    }

    /// Whether the first steps have these rates, to 1e-5.
    pub fn gives(&self, rates: &[f64]) -> bool {
        let recorded = self.recorded();
        rates.len() <= recorded.len()
            && rates
                .iter()
                .zip(recorded)
                .all(|(rate, planned)| same_rate(*rate, planned))
    }

    /// The learning rate filed beside the loss of each step, `steps` values in ascending order.
    pub fn recorded(&self) -> Vec<f64> {
        if self.kind == Growth::Listed {
            return self.lrs.clone();
        }
        if self.spacing == Spacing::Accumulated {
            let factor = (self.end / self.start).powf(1.0 / self.steps as f64);
            let rates = std::iter::successors(Some(self.start), |rate| Some(rate * factor));
            return rates.take(self.steps).collect();
        }
        (0..self.steps)
            .map(|step| {
                let position = self.position(step);
                match self.kind {
                    Growth::Exponential => self.start * (self.end / self.start).powf(position),
                    // A list was handed out above.
                    Growth::Linear | Growth::Listed => self.start + position * (self.end - self.start),
                }
            })
            .collect()
    }

    /// The learning rate in the optimizer during each step, `steps` values; differs from [`Schedule::recorded`] by the
    /// lag.
    pub fn used(&self) -> Vec<f64> {
        let mut rates = self.recorded();
        for _ in 0..self.lag.min(rates.len()) {
            rates.insert(0, self.start);
            rates.pop();
        }
        rates
    }

    /// Position of a step between start (0) and end (1).
    fn position(&self, step: usize) -> f64 {
        let (i, n) = (step as f64, self.steps as f64);
        match self.spacing {
            Spacing::Exclusive | Spacing::Accumulated => i / n,
            Spacing::Inclusive => i / (n - 1.0),
            Spacing::SkipSecond if step == 0 => 0.0,
            Spacing::SkipSecond => (i + 1.0) / n,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn four(spacing: Spacing) -> Schedule {
        Schedule {
            start: 1.0,
            end: 16.0,
            steps: 4,
            spacing,
            ..Schedule::default()
        }
    }

    /// Powers of two are exact in `pow`, so these are equal to the last bit.
    #[test]
    fn spacings_of_four_steps_from_1_to_16() {
        assert_eq!(four(Spacing::Exclusive).recorded(), [1.0, 2.0, 4.0, 8.0]);
        assert_eq!(four(Spacing::Accumulated).recorded(), [1.0, 2.0, 4.0, 8.0]);
        assert_eq!(four(Spacing::SkipSecond).recorded(), [1.0, 4.0, 8.0, 16.0]);
        let inclusive = Schedule {
            end: 8.0,
            ..four(Spacing::Inclusive)
        };
        for (rate, expected) in inclusive.recorded().into_iter().zip([1.0, 2.0, 4.0, 8.0]) {
            // 1/3 is not a binary fraction: one rounding error in the exponent.
            assert!((rate - expected).abs() < 1e-14, "{rate} is not {expected}");
        }
    }

    #[test]
    fn linear_growth_is_evenly_spaced() {
        let linear = Schedule {
            kind: Growth::Linear,
            start: 0.0,
            end: 4.0,
            ..four(Spacing::Exclusive)
        };
        assert_eq!(linear.validate(), Ok(()));
        assert_eq!(linear.recorded(), [0.0, 1.0, 2.0, 3.0]);
    }

    #[test]
    fn lag_trains_each_step_with_the_rate_before() {
        let lagging = Schedule {
            lag: 1,
            ..four(Spacing::Exclusive)
        };
        assert_eq!(lagging.used(), [1.0, 1.0, 2.0, 4.0]);
        assert_eq!(four(Spacing::Exclusive).used(), four(Spacing::Exclusive).recorded());
    }

    #[test]
    fn rates_of_a_formula_are_known_by_it() {
        for spacing in [Spacing::Inclusive, Spacing::SkipSecond] {
            for kind in [Growth::Exponential, Growth::Linear] {
                let schedule = Schedule { kind, ..four(spacing) };
                let rates: Vec<f64> = schedule.recorded().iter().map(|rate| rate * (1.0 + 2e-6)).collect();
                let found = Schedule::of_rates(&rates).unwrap();
                assert_eq!((found.kind, found.spacing), (kind, spacing));
                assert!(found.gives(&rates) && found.gives(&rates[..2]));
            }
        }
        // What is left of a schedule whose end is not reached is one whose end is.
        let part = Schedule::of_rates(&Schedule::default().recorded()[..60]).unwrap();
        assert_eq!(
            (part.kind, part.spacing, part.steps),
            (Growth::Exponential, Spacing::Inclusive, 60)
        );
    }

    #[test]
    fn other_rates_are_listed() {
        let rates = [0.0, 0.1, 0.25, 1.0];
        let listed = Schedule::of_rates(&rates).unwrap();
        assert_eq!((listed.kind, &listed.recorded()[..]), (Growth::Listed, &rates[..]));
        assert_eq!(listed.validate(), Ok(()));
        assert!(!listed.gives(&[0.0, 0.11]) && !listed.gives(&[0.0; 5]));
        let text = toml::to_string(&listed).unwrap();
        assert_eq!(toml::from_str::<Schedule>(&text).unwrap(), listed);
        let key = |rates: &[f64]| Schedule::of_rates(rates).unwrap_err().key;
        assert_eq!(key(&[]), "end");
        assert_eq!(key(&[0.1]), "end");
        assert_eq!(key(&[0.1, 0.1, 0.2]), "lrs");
        assert_eq!(key(&[0.1, f64::NAN, 0.2]), "lrs");
        assert_eq!(key(&[-0.1, 0.2]), "start");
        let with = |change: &dyn Fn(&mut Schedule)| {
            let mut schedule = listed.clone();
            change(&mut schedule);
            schedule.validate().unwrap_err().key
        };
        assert_eq!(with(&|schedule| schedule.steps = 5), "steps");
        assert_eq!(with(&|schedule| schedule.start = 0.05), "start");
        assert_eq!(with(&|schedule| schedule.end = 2.0), "end");
        assert_eq!(with(&|schedule| schedule.kind = Growth::Linear), "lrs");
    }

    #[test]
    fn unusable_values_are_named() {
        let base = Schedule::default;
        let cases: [(Schedule, &str); 11] = [
            (Schedule { start: 0.0, ..base() }, "start"),
            (Schedule { start: -1.0, ..base() }, "start"),
            (
                Schedule {
                    start: f64::NAN,
                    ..base()
                },
                "start",
            ),
            (
                Schedule {
                    end: f64::INFINITY,
                    ..base()
                },
                "end",
            ),
            (Schedule { end: 1e-7, ..base() }, "end"),
            (
                Schedule {
                    start: 1e-300,
                    end: 1e300,
                    ..base()
                },
                "end",
            ),
            (Schedule { steps: 1, ..base() }, "steps"),
            (
                Schedule {
                    steps: 10_000_001,
                    ..base()
                },
                "steps",
            ),
            (Schedule { lag: 2, ..base() }, "lag"),
            (
                Schedule {
                    kind: Growth::Linear,
                    start: -1.0,
                    ..base()
                },
                "start",
            ),
            (
                Schedule {
                    kind: Growth::Linear,
                    spacing: Spacing::Accumulated,
                    ..base()
                },
                "spacing",
            ),
        ];
        for (schedule, key) in cases {
            assert_eq!(
                schedule.validate().expect_err("it cannot be used").key,
                key,
                "{schedule:?}"
            );
        }
        assert_eq!(base().validate(), Ok(()));
    }
}
