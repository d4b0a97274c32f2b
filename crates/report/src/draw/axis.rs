//! From values to places on paper, and the ticks between.

use crate::format;
use seedband_core::range_test::Pairing;
use seedband_core::summary::ConfigSummary;

/// What the learning rate axis of these configs shows. Where their schedules lag, it matters under which rate losses are filed.
pub(crate) fn shows<'a>(configs: impl IntoIterator<Item = &'a ConfigSummary>) -> &'static str {
    let mut pairings = configs.into_iter().map(|config| config.pairing);
    let first = pairings.next().flatten();
    match first.filter(|_| pairings.all(|pairing| pairing == first)) {
        Some(Pairing::Recorded) => "learning rate as recorded, one step ahead of the one in use",
        Some(Pairing::Used) => "learning rate as used",
        None => "learning rate",
    }
}

/// How values are spread along an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scale {
    Linear,
    /// Powers of ten at equal distances; only for values above zero.
    Log,
}

/// An axis from the value `low` at place `from` to the value `high` at place `to`, in logical pixels.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Axis {
    pub(crate) scale: Scale,
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) from: f64,
    pub(crate) to: f64,
}

/// A mark on an axis; small ones carry no label.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tick {
    pub(crate) value: f64,
    pub(crate) label: Option<String>,
}

impl Axis {
    /// Learning rates on a logarithmic axis that holds all of `rates`, which may be empty.
    pub(crate) fn rates(rates: impl IntoIterator<Item = f64>, from: f64, to: f64) -> Self {
        let (mut low, mut high) = rates
            .into_iter()
            .filter(|rate| rate.is_finite() && *rate > 0.0)
            .fold((f64::INFINITY, 0.0_f64), |(low, high), rate| {
                (low.min(rate), high.max(rate))
            });
        if low > high {
            (low, high) = (1e-7, 10.0);
        }
        // Less than a tenth of a decade gives no picture.
        if high / low < 1.25 {
            (low, high) = (low / 2.0, high * 2.0);
        }
        Self {
            scale: Scale::Log,
            low,
            high,
            from,
            to,
        }
    }

    /// Steps from 0 to `last` at equal distances.
    pub(crate) fn steps(last: u32, from: f64, to: f64) -> Self {
        Self {
            scale: Scale::Linear,
            low: 0.0,
            high: f64::from(last.max(1)),
            from,
            to,
        }
    }

    /// Shares from 0 to a little above the largest of `shares`, at most 1.
    pub(crate) fn shares<'a>(shares: impl IntoIterator<Item = &'a f64>, from: f64, to: f64) -> Self {
        let finite = shares.into_iter().copied().filter(|share| share.is_finite());
        let most = finite.fold(0.0, f64::max);
        Self {
            scale: Scale::Linear,
            low: 0.0,
            high: if most > 0.0 { (most * 1.1).min(1.0) } else { 1.0 },
            from,
            to,
        }
    }

    /// Share of the way from low to high, beyond 0 and 1 for values outside; infinite or NaN for such values.
    pub(crate) fn share(&self, value: f64) -> f64 {
        let (low, high, value) = match self.scale {
            Scale::Linear => (self.low, self.high, value),
            Scale::Log if value <= 0.0 => return f64::NEG_INFINITY,
            Scale::Log => (self.low.log10(), self.high.log10(), value.log10()),
        };
        (value - low) / (high - low)
    }

    /// Place of a share.
    pub(crate) fn place(&self, share: f64) -> f64 {
        self.from + (self.to - self.from) * share
    }

    /// Place of a value; values outside and NaN stand at the nearer or lower end.
    pub(crate) fn at(&self, value: f64) -> f64 {
        let share = self.share(value);
        self.place(if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) })
    }

    /// Ticks with labels at least `gap` pixels apart, and small ones between powers of ten.
    pub(crate) fn ticks(&self, gap: f64) -> Vec<Tick> {
        let room = ((self.to - self.from).abs() / gap).floor().max(1.0) as i32;
        if self.scale == Scale::Linear {
            return self.even(room);
        }
        let (first, last) = (
            (self.low.log10() - 1e-9).ceil() as i32,
            (self.high.log10() + 1e-9).floor() as i32,
        );
        if last - first < 1 {
            return self.within_a_decade(room);
        }
        let stride = ((last - first + room - 1) / room).max(1);
        let mut ticks = Vec::new();
        for exponent in first - 1..=last {
            for step in 1..10 {
                let value = f64::from(step) * 10f64.powi(exponent);
                let share = self.share(value);
                if !(-1e-6..=1.0 + 1e-6).contains(&share) {
                    continue;
                }
                let label = (step == 1 && exponent.rem_euclid(stride) == 0).then(|| format::power_of_ten(exponent));
                if label.is_some() || stride == 1 || step == 1 {
                    ticks.push(Tick { value, label });
                }
            }
        }
        ticks
    }

    /// Ticks at 1, 2 and 5 times a power of ten, or evenly where that gives fewer than two.
    fn within_a_decade(&self, room: i32) -> Vec<Tick> {
        let exponents = self.low.log10().floor() as i32..=self.high.log10().ceil() as i32;
        let ticks: Vec<Tick> = exponents
            .flat_map(|exponent| [1.0, 2.0, 5.0].map(|digit| digit * 10f64.powi(exponent)))
            .filter(|value| (self.low..=self.high).contains(value))
            .map(|value| Tick {
                value,
                label: Some(format::lr(value)),
            })
            .collect();
        if ticks.len() < 2 { self.even(room) } else { ticks }
    }

    /// Ticks at multiples of 1, 2 or 5 times a power of ten.
    fn even(&self, room: i32) -> Vec<Tick> {
        let rough = (self.high - self.low) / f64::from(room.max(1));
        if !(rough.is_finite() && rough > 0.0) {
            return Vec::new();
        }
        let power = 10f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0]
            .into_iter()
            .map(|digit| digit * power)
            .find(|step| *step >= rough * 0.999);
        let step = step.unwrap_or(10.0 * power);
        let decimals = (-step.log10().floor()).clamp(0.0, 12.0) as usize;
        let first = (self.low / step - 1e-9).ceil();
        (0..=room.max(1))
            .map(|index| (first + f64::from(index)) * step)
            .filter(|value| *value <= self.high + 1e-9 * step)
            .map(|value| {
                let label = match value.abs() {
                    0.0 if !(1e-4..1e5).contains(&step) => "0".to_owned(),
                    size if size >= 1e5 || step < 1e-4 => format!("{value:.2e}"),
                    // Adding zero turns a negative zero into a plain one.
                    _ => format!("{:.decimals$}", value + 0.0),
                };
                Tick {
                    value,
                    label: Some(label),
                }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: Axis, gap: f64) -> Vec<String> {
        axis.ticks(gap).into_iter().filter_map(|tick| tick.label).collect()
    }

    #[test]
    fn the_axis_says_how_losses_are_paired_where_it_matters() {
        let config = |pairing| {
            let mut config = crate::example::config("a", 3, 0.3, 5.0);
            config.pairing = pairing;
            config
        };
        let (prompt, recorded, used) = (
            config(None),
            config(Some(Pairing::Recorded)),
            config(Some(Pairing::Used)),
        );
        assert_eq!(shows([&prompt]), "learning rate");
        assert_eq!(shows([&used, &used]), "learning rate as used");
        assert!(shows([&recorded]).contains("as recorded"));
        // Several in one figure: the names of the configs tell them apart.
        assert_eq!(shows([&recorded, &used]), "learning rate");
        assert_eq!(shows([&used, &prompt]), "learning rate");
    }

    #[test]
    fn decades() {
        let axis = Axis::rates([1e-7, 100.0], 0.0, 900.0);
        for (lr, place) in [(1e-7, 0.0), (1e-4, 300.0), (1e9, 900.0), (0.0, 0.0), (f64::NAN, 0.0)] {
            // A logarithm, a division and a product away from the exact place.
            assert!((axis.at(lr) - place).abs() < 1e-9, "{lr}");
        }
        assert_eq!(
            labels(axis, 50.0),
            [
                "10⁻⁷", "10⁻⁶", "10⁻⁵", "10⁻⁴", "10⁻³", "10⁻²", "10⁻¹", "10⁰", "10¹", "10²"
            ]
        );
        assert_eq!(labels(axis, 250.0), ["10⁻⁶", "10⁻³", "10⁰"]);
    }

    #[test]
    fn steps_and_shares() {
        assert_eq!(labels(Axis::steps(20, 0.0, 900.0), 180.0), ["0", "5", "10", "15", "20"]);
        assert!(labels(Axis::steps(0, 0.0, 900.0), 180.0).len() > 1, "a single step");
        for (most, high) in [(0.5, 0.55), (0.99, 1.0), (0.0, 1.0), (f64::NAN, 1.0)] {
            assert!(
                (Axis::shares(&[0.0, most], 300.0, 0.0).high - high).abs() < 1e-9,
                "{most}"
            );
        }
    }

    #[test]
    fn narrow_ranges_keep_their_labels() {
        assert_eq!(
            labels(Axis::rates([1.5e-3, 8e-3], 0.0, 900.0), 50.0),
            ["2.0e-3", "5.0e-3"]
        );
        assert!(labels(Axis::rates([3.1e-3, 4.4e-3], 0.0, 900.0), 90.0).len() > 1);
        assert!(labels(Axis::rates([1e-3], 0.0, 900.0), 50.0).len() > 1);
        assert!(!labels(Axis::rates([], 0.0, 900.0), 50.0).is_empty());
        assert!(!labels(Axis::rates([f64::NAN, 0.0, -1.0], 0.0, 900.0), 50.0).is_empty());
    }

    #[test]
    fn even_steps() {
        let axis = |low, high| Axis {
            scale: Scale::Linear,
            low,
            high,
            from: 300.0,
            to: 0.0,
        };
        assert_eq!(labels(axis(4.2, 9.7), 50.0), ["5", "6", "7", "8", "9"]);
        assert_eq!(labels(axis(-0.1, 0.1), 100.0), ["-0.1", "0.0", "0.1"]);
        assert_eq!(labels(axis(0.0, 1.1), 60.0), ["0.0", "0.5", "1.0"]);
        assert_eq!(labels(axis(1.0, 1.0), 60.0), Vec::<String>::new());
        assert_eq!(labels(axis(0.0, 4e6), 150.0), ["0", "2.00e6", "4.00e6"]);
        assert_eq!(labels(axis(-1e-9, 1e-9), 100.0), ["-1.00e-9", "0", "1.00e-9"]);
        assert!((axis(0.0, 10.0).at(2.5) - 225.0).abs() < 1e-9);
    }
}
