//! One learning rate for all seeds, and how far it can be trusted.

#[cfg(test)]
mod coverage;

use crate::stats::{SeedRange, clopper_pearson, held_out_ranges, held_out_rates, holds, most_shared, shared_range};
use seedband_core::summary::{HeldOut, Interval, SharedRange, Suggestion};

/// What these ranges suggest, one for each seed with a curve; `tolerance` where they stand for single suggestions.
pub(crate) fn suggestion(ranges: &[SeedRange], tolerance: Option<f64>, confidence: f64) -> Suggestion {
    let lr = most_shared(ranges).map(|shared| shared.middle());
    let support = support(ranges, lr);
    let range = shared_range(ranges).map(|shared| SharedRange {
        min_lr: shared.min,
        max_lr: shared.max,
        range_support: shared.count,
        range_held_out: held_out(held_out_ranges(ranges), shared.count, ranges.len(), confidence),
    });
    Suggestion {
        lr,
        support,
        seeds: ranges.len() as u32,
        held_out: held_out(held_out_rates(ranges), support, ranges.len(), confidence),
        range,
        tolerance,
    }
}

/// Ranges that hold the rate.
pub(crate) fn support(ranges: &[SeedRange], lr: Option<f64>) -> u32 {
    lr.map_or(0, |lr| ranges.iter().filter(|range| holds(range, lr)).count() as u32)
}

/// The range that a single suggestion stands for.
pub(crate) fn within(lr: f64, tolerance: f64) -> SeedRange {
    let range = (lr / tolerance, lr * tolerance);
    (range.0 > 0.0 && range.1.is_finite()).then_some(range)
}

/// The share of new seeds to expect, with its interval.
///
/// The limits are those of Clopper and Pearson. The lower one is of the seeds that were left out. The upper one is of
/// the seeds that support what all of them chose, where these are more: seeds left out cannot have chosen, so that of
/// two groups of nearly equal size each votes for the other, and the share of the seeds left out can be near 0 where that
/// of new seeds is a half. Counted in the sample the share is too large if anything, which an upper limit may be.
fn held_out((held, left_out): (u32, u32), support: u32, seeds: usize, confidence: f64) -> Option<HeldOut> {
    if seeds < 2 {
        return None;
    }
    let (lower, of_left_out) = clopper_pearson(held, left_out, confidence);
    let (_, of_sample) = clopper_pearson(support, seeds as u32, confidence);
    Some(HeldOut {
        held,
        left_out,
        expected: f64::from(held) / f64::from(left_out),
        interval: Interval {
            lower,
            upper: of_left_out.max(of_sample),
            confidence,
        },
    })
}
