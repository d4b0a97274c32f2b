//! From values to places on paper.

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

    /// Values of any kind, with a little room around them: on a logarithmic axis where all are above zero and span two
    /// decades or more.
    pub(crate) fn values(values: impl IntoIterator<Item = f64>, from: f64, to: f64) -> Self {
        // Beyond this a plot shows nothing, and differences overflow.
        const MOST: f64 = 1e100;
        let shown = values.into_iter().filter(|value| value.abs() < MOST);
        let (low, high) = shown.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(value), high.max(value))
        });
        let (scale, low, high) = if low > high {
            (Scale::Linear, 0.0, 1.0)
        } else if low > 0.0 && high / low >= 100.0 {
            (Scale::Log, low / 1.1, high * 1.1)
        } else {
            let size = low.abs().max(high.abs());
            let room = match (high > low, size > 0.0) {
                // Never so little that ticks could not be told apart.
                (true, _) => (0.05 * (high - low)).max(1e-6 * size),
                (false, true) => 0.5 * size,
                (false, false) => 0.5,
            };
            (Scale::Linear, low - room, high + room)
        };
        Self {
            scale,
            low,
            high,
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
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: Axis, gap: f64) -> Vec<String> {
        axis.ticks(gap).into_iter().filter_map(|tick| tick.label).collect()
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
    fn values_of_any_kind() {
        let axis = |values: &[f64]| Axis::values(values.iter().copied(), 0.0, 900.0);
        let spans = |values: &[f64]| {
            let Axis { scale, low, high, .. } = axis(values);
            (scale, low, high)
        };
        assert_eq!(spans(&[1.0, f64::NAN, 3.0]), (Scale::Linear, 0.9, 3.1));
        assert_eq!(spans(&[-2.0, f64::INFINITY, 198.0]), (Scale::Linear, -12.0, 208.0));
        assert_eq!(spans(&[0.5]), (Scale::Linear, 0.25, 0.75));
        assert_eq!(spans(&[]), (Scale::Linear, 0.0, 1.0));
        assert_eq!(spans(&[1.0, 100.0]).0, Scale::Log);
        // None of these is a plot without a single tick.
        for values in [
            &[0.0][..],
            &[1e-300, 1e300],
            &[-1e-12, 1e-12],
            &[f64::MAX, f64::MIN],
            &[1.0, 1.0 + 1e-15],
        ] {
            assert!(!axis(values).ticks(46.0).is_empty(), "{values:?}");
        }
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
}
