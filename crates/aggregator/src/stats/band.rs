//! Curves of unequal length on the planned grid, and their quantiles at each step.

use crate::stats::quantile::{Sample, Scale};
use rayon::prelude::*;
use seedband_core::settings::{EarlyEnd, Statistics};
use seedband_core::summary::Band;

/// One curve as it counts on the planned grid.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Aligned<'a> {
    /// Losses from step 0 on.
    history: &'a [f64],
    /// What an absent or unusable loss counts as.
    early_end: EarlyEnd,
}

impl<'a> Aligned<'a> {
    pub(crate) fn new(history: &'a [f64], early_end: EarlyEnd) -> Self {
        Self { history, early_end }
    }

    /// The loss at a planned step.
    ///
    /// `diverged-is-infinite`: infinity after the end and wherever the loss is not finite. `pad-last`: the last loss after the end, even if it
    /// is infinite or NaN, as the reference study pads its histories.
    fn at(&self, step: usize) -> f64 {
        match (self.history.get(step), self.early_end) {
            (Some(loss), EarlyEnd::DivergedIsInfinite) if loss.is_finite() => *loss,
            (Some(_) | None, EarlyEnd::DivergedIsInfinite) => f64::INFINITY,
            (Some(loss), EarlyEnd::PadLast) => *loss,
            (None, EarlyEnd::PadLast) => self.history.last().copied().unwrap_or(f64::NAN),
        }
    }

    /// Whether the curve ended before a planned step.
    fn ended_before(&self, step: usize) -> bool {
        step >= self.history.len()
    }
}

/// Quantiles over `curves` at each of `steps` planned steps, in raw space. Without a curve all lists are empty.
pub(crate) fn band(curves: &[Aligned], steps: usize, statistics: &Statistics) -> Band {
    let steps = if curves.is_empty() { 0 } else { steps };
    let [low, high] = statistics.quantiles;
    let at = |step| {
        let sample = Sample::new(curves.iter().map(|curve| curve.at(step)).collect());
        (
            sample.median(Scale::Raw),
            (sample.quantile(low, Scale::Raw), sample.quantile(high, Scale::Raw)),
        )
    };
    let (median, (lower, upper)) = (0..steps).into_par_iter().map(at).unzip();
    let ended = (0..steps).map(|step| curves.iter().filter(|curve| curve.ended_before(step)).count() as u32);
    Band {
        n: curves.len() as u32,
        ended: ended.collect(),
        median,
        lower,
        upper,
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "values are meant to be exact")]
mod tests {
    use super::*;

    const NAN: f64 = f64::NAN;
    const INF: f64 = f64::INFINITY;

    fn values(history: &[f64], early_end: EarlyEnd) -> Vec<f64> {
        let curve = Aligned::new(history, early_end);
        (0..4).map(|step| curve.at(step)).collect()
    }

    #[test]
    fn after_its_end_a_curve_is_infinite() {
        let infinite = EarlyEnd::DivergedIsInfinite;
        assert_eq!(values(&[2.0, 1.0, 3.0, 4.0], infinite), [2.0, 1.0, 3.0, 4.0]);
        assert_eq!(values(&[2.0, 1.0], infinite), [2.0, 1.0, INF, INF]);
        assert_eq!(values(&[2.0, NAN], infinite), [2.0, INF, INF, INF]);
        assert_eq!(values(&[2.0, -INF], infinite), [2.0, INF, INF, INF]);
    }

    #[test]
    fn or_stays_at_its_last_value() {
        assert_eq!(values(&[2.0, 1.0], EarlyEnd::PadLast), [2.0, 1.0, 1.0, 1.0]);
        assert_eq!(values(&[2.0, INF], EarlyEnd::PadLast), [2.0, INF, INF, INF]);
        let padded = values(&[2.0, NAN], EarlyEnd::PadLast);
        assert!(padded[0] == 2.0 && padded[1..].iter().all(|loss| loss.is_nan()));
    }

    #[test]
    fn a_band_by_hand() {
        let statistics = Statistics {
            quantiles: [0.25, 0.75],
            ..Statistics::default()
        };
        let curves =
            [&[1.0, 10.0, 9.0][..], &[2.0, 30.0], &[5.0]].map(|history| Aligned::new(history, statistics.early_end));
        let band = band(&curves, 3, &statistics);
        assert_eq!((band.n, &band.ended[..]), (3, &[0, 1, 2][..]));
        // Of three values the quantiles 1/4 and 3/4 lie halfway between neighbours.
        assert_eq!(band.lower, [1.5, 20.0, INF]);
        assert_eq!(band.median, [2.0, 30.0, INF]);
        assert_eq!(band.upper, [3.5, INF, INF]);
    }

    #[test]
    fn no_curve_makes_an_empty_band() {
        let band = band(&[], 3, &Statistics::default());
        assert_eq!((band.n, band.ended.len(), band.median.len()), (0, 0, 0));
    }
}
