//! Which losses a plot shows.

use super::axis::{Axis, Scale};
use seedband_core::summary::Band;

/// Least and largest loss of a plot, and how losses are spread between them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    scale: Scale,
    low: f64,
    high: f64,
}

impl Limits {
    /// The bands from their start to their least loss, without how high they rise when they diverge.
    pub(crate) fn of<'a>(bands: impl IntoIterator<Item = &'a Band>) -> Self {
        of_levels(bands.into_iter().filter_map(Level::of))
    }

    /// The same without room for losses below zero that no band has.
    pub(crate) fn of_positive<'a>(bands: impl IntoIterator<Item = &'a Band>) -> Self {
        let levels: Vec<Level> = bands.into_iter().filter_map(Level::of).collect();
        let positive = levels.iter().all(|level| level.least >= 0.0);
        of_levels(levels).starting_at_zero(positive)
    }

    /// One band that falls and rises again: both of its slopes, up to three times as far above the least value of the
    /// median as its middle value lies.
    pub(crate) fn around_minimum(band: &Band) -> Self {
        let mut finite: Vec<f64> = band.median.iter().copied().filter(|loss| loss.is_finite()).collect();
        finite.sort_by(f64::total_cmp);
        let middle = finite.get(finite.len() / 2);
        let slopes = middle.zip(Level::of(band)).map(|(middle, level)| {
            let most = middle + 2.0 * (middle - level.least);
            let shown = finite.iter().copied().take_while(|loss| *loss <= most);
            let median = shown.fold(level.median, f64::max);
            Level {
                upper: level.upper.max(median),
                median,
                ..level
            }
        });
        of_levels(slopes).starting_at_zero(finite.iter().all(|loss| *loss >= 0.0))
    }

    /// No losses below zero, where `positive`.
    fn starting_at_zero(self, positive: bool) -> Self {
        Self {
            low: if positive { self.low.max(0.0) } else { self.low },
            ..self
        }
    }

    /// The axis from place `from` to place `to`.
    pub(crate) fn axis(self, from: f64, to: f64) -> Axis {
        let Self { scale, low, high } = self;
        Axis {
            scale,
            low,
            high,
            from,
            to,
        }
    }
}

/// Losses of a band that a plot has to show.
struct Level {
    /// Least value of the lower quantile.
    least: f64,
    /// Largest median before the curves rise.
    median: f64,
    /// Largest upper quantile before it rises.
    upper: f64,
}

impl Level {
    /// None when no median is finite.
    fn of(band: &Band) -> Option<Self> {
        let median = before_the_rise(&band.median)?;
        let least = band
            .median
            .iter()
            .chain(&band.lower)
            .copied()
            .filter(|loss| loss.is_finite())
            .fold(median, f64::min);
        let upper = before_the_rise(&band.upper).map_or(median, |upper| upper.max(median));
        Some(Self { least, median, upper })
    }
}

/// The largest loss up to the least one; none when no loss is finite.
fn before_the_rise(losses: &[f64]) -> Option<f64> {
    let finite = || losses.iter().copied().enumerate().filter(|(_, loss)| loss.is_finite());
    let (turn, _) = finite().min_by(|a, b| a.1.total_cmp(&b.1))?;
    finite()
        .take_while(|(index, _)| *index <= turn)
        .map(|(_, loss)| loss)
        .max_by(f64::total_cmp)
}

/// Least and largest height. A logarithmic scale where losses fall to less than a fiftieth of where they began.
fn of_levels(levels: impl IntoIterator<Item = Level>) -> Limits {
    let limits = |scale, low, high| Limits { scale, low, high };
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for level in levels {
        low = low.min(level.least);
        // A few outliers do not make the other curves flat.
        high = high.max(level.upper.min(level.median + 3.0 * (level.median - level.least)));
    }
    if low > high {
        return limits(Scale::Linear, 0.0, 1.0);
    }
    if low > 0.0 && high / low > 50.0 {
        let margin = (high / low).powf(0.2);
        return limits(Scale::Log, low / margin, high * margin);
    }
    // Flat curves still get a plot that is not all noise. Below, there is room for the labels of the range.
    let span = match (high - low).max(0.1 * high.abs()) {
        0.0 => 1.0,
        span => span,
    };
    limits(Scale::Linear, low - 0.3 * span, high + 0.35 * span)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn band(median: &[f64]) -> Band {
        Band {
            n: 1,
            ended: vec![0; median.len()],
            median: median.to_vec(),
            lower: median.to_vec(),
            upper: median.to_vec(),
        }
    }

    /// Sums and powers of a few numbers away from the exact limits.
    fn assert_limits(found: Limits, scale: Scale, low: f64, high: f64) {
        let near = |a: f64, b: f64| (a - b).abs() < 1e-9 * high.abs().max(1.0);
        assert!(
            found.scale == scale && near(found.low, low) && near(found.high, high),
            "{found:?}"
        );
    }

    #[test]
    fn limits_leave_out_the_rise() {
        for (losses, scale, low, high) in [
            // From 4 to 2 and up; a span of 2, with 0.3 of it below and 0.35 above.
            (vec![4.0, 3.0, 2.0, 90.0], Scale::Linear, 1.4, 4.7),
            // A tenth of the loss where nothing falls.
            (vec![2.0, 2.0, 2.0], Scale::Linear, 1.94, 2.07),
            (vec![2.0, 3.0, 50.0], Scale::Linear, 1.94, 2.07),
            (vec![0.0, 0.0], Scale::Linear, -0.3, 0.35),
            (vec![-1.0, -2.0], Scale::Linear, -2.3, -0.65),
            // Five decades, and one more at both ends.
            (vec![1e3, 1e-2], Scale::Log, 1e-3, 1e4),
            (vec![f64::INFINITY, f64::NAN], Scale::Linear, 0.0, 1.0),
        ] {
            assert_limits(Limits::of([&band(&losses)]), scale, low, high);
        }
    }

    #[test]
    fn positive_losses_need_no_room_below_zero() {
        assert_limits(Limits::of_positive([&band(&[0.0, 0.0])]), Scale::Linear, 0.0, 0.35);
        assert_limits(Limits::of_positive([&band(&[-1.0, -2.0])]), Scale::Linear, -2.3, -0.65);
    }

    #[test]
    fn a_minimum_has_both_slopes_and_no_peak() {
        for (median, low, high) in [
            // Half of the losses are at most 3; up to 2 + 3 (3 - 2) are shown, a span of 2.5, with 0.3 of it below and
            // 0.35 above.
            (vec![2.5, 2.0, 3.0, 4.5, 40.0], 1.25, 5.375),
            (vec![2.0, 3.0, 4.0, f64::INFINITY], 1.4, 4.7),
            // No room below zero.
            (vec![1.0, 0.1, 1.0], 0.0, 1.315),
            (vec![f64::INFINITY, f64::NAN], 0.0, 1.0),
        ] {
            assert_limits(Limits::around_minimum(&band(&median)), Scale::Linear, low, high);
        }
    }
}
