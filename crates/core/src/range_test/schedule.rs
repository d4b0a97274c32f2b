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
    /// `"exponential"` or `"linear"`. Default `"exponential"`.
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
        }
    }
}

impl Schedule {
    /// The first setting that cannot be used, with its key below `[schedule]`.
    pub fn validate(&self) -> Result<(), Invalid> {
        check::finite("start", self.start, "start = 1e-7")?;
        check::finite("end", self.end, "end = 10.0")?;
        match self.kind {
            Growth::Exponential if self.start <= 0.0 => {
                let problem = "must be above 0 for exponential growth";
                return Err(Invalid::new("start", self.start, problem, "start = 1e-7"));
            }
            Growth::Linear if self.start < 0.0 => {
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

    /// The learning rate filed beside the loss of each step, `steps` values in ascending order.
    pub fn recorded(&self) -> Vec<f64> {
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
                    Growth::Linear => self.start + position * (self.end - self.start),
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
