//! Marks along an axis.

use super::axis::{Axis, Scale};
use crate::format;

/// A mark on an axis; small ones carry no label.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tick {
    pub(crate) value: f64,
    pub(crate) label: Option<String>,
}

impl Axis {
    /// Ticks with labels at least `gap` pixels apart, and small ones between powers of ten.
    pub(crate) fn ticks(&self, gap: f64) -> Vec<Tick> {
        let most = ((self.to - self.from).abs() / gap).floor().max(1.0) as i32;
        if self.scale == Scale::Linear {
            return self.even(most);
        }
        let (first, last) = (
            (self.low.log10() - 1e-9).ceil() as i32,
            (self.high.log10() + 1e-9).floor() as i32,
        );
        if last - first < 1 {
            return self.within_a_decade(most);
        }
        let stride = ((last - first + most - 1) / most).max(1);
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

    /// Ticks at 1, 2 and 5 times a power of ten; `most` of them evenly where that gives fewer than two.
    fn within_a_decade(&self, most: i32) -> Vec<Tick> {
        let exponents = self.low.log10().floor() as i32..=self.high.log10().ceil() as i32;
        let ticks: Vec<Tick> = exponents
            .flat_map(|exponent| [1.0, 2.0, 5.0].map(|digit| digit * 10f64.powi(exponent)))
            .filter(|value| (self.low..=self.high).contains(value))
            .map(|value| Tick {
                value,
                label: Some(format::lr(value)),
            })
            .collect();
        if ticks.len() < 2 { self.even(most) } else { ticks }
    }

    /// About `most` ticks at multiples of 1, 2 or 5 times a power of ten.
    fn even(&self, most: i32) -> Vec<Tick> {
        let rough = (self.high - self.low) / f64::from(most.max(1));
        if !(rough.is_finite() && rough > 0.0) {
            return Vec::new();
        }
        let power = 10f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0]
            .into_iter()
            .map(|digit| digit * power)
            .find(|step| *step >= rough * 0.999);
        let step = step.unwrap_or(10.0 * power);
        let first = (self.low / step - 1e-9).ceil();
        (0..=most.max(1))
            .map(|index| (first + f64::from(index)) * step)
            .filter(|value| *value <= self.high + 1e-9 * step)
            .map(|value| Tick {
                value,
                label: Some(label(value, step)),
            })
            .collect()
    }
}

/// A value with as many decimals as tell it from its neighbours, `step` away.
fn label(value: f64, step: f64) -> String {
    let decimals = (-step.log10().floor()).clamp(0.0, 12.0) as usize;
    match value.abs() {
        0.0 if !(1e-4..1e5).contains(&step) => "0".to_owned(),
        size if size >= 1e5 || step < 1e-4 => format!("{value:.2e}"),
        // Adding zero turns a negative zero into a plain one.
        _ => format!("{:.decimals$}", value + 0.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: Axis, gap: f64) -> Vec<String> {
        axis.ticks(gap).into_iter().filter_map(|tick| tick.label).collect()
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
