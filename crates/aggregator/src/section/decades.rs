//! Seeds grouped by where their smoothed loss is least.

use crate::section::ranges::spread;
use crate::stats::band::{Aligned, band};
use seedband_core::settings::Statistics;
use seedband_core::summary::{Decade, SeedSummary};
use std::collections::BTreeMap;

/// How far below a power of ten a learning rate still counts as that power, in decades. A schedule that means to visit 1e-3 may compute
/// 0.0009999999999999998; steps of a schedule lie much further apart.
const ROUNDING: f64 = 1e-9;

/// The decade of a learning rate: `floor(log10(lr))`, rounding forgiven; none for a rate that is not above 0 and finite.
pub(crate) fn decade(lr: f64) -> Option<i32> {
    (lr > 0.0 && lr.is_finite()).then(|| (lr.log10() + ROUNDING).floor() as i32)
}

/// The groups of these seeds by decade, ascending, on a plan of so many steps.
pub(crate) fn decades(seeds: &[SeedSummary], steps: usize, statistics: &Statistics) -> Vec<Decade> {
    let mut groups: BTreeMap<i32, Vec<&SeedSummary>> = BTreeMap::new();
    for seed in seeds {
        if let Some(exponent) = seed.decade {
            groups.entry(exponent).or_default().push(seed);
        }
    }
    let group = |(exponent, seeds): (i32, Vec<&SeedSummary>)| {
        let curves: Vec<Aligned> = seeds
            .iter()
            .map(|seed| Aligned::new(&seed.smoothed, statistics.early_end))
            .collect();
        Decade {
            exponent,
            seeds: seeds.len() as u32,
            median: band(&curves, steps, statistics).median,
            min_lr: spread(seeds.iter().map(|seed| &seed.min_lr), statistics),
            max_lr: spread(seeds.iter().map(|seed| &seed.max_lr), statistics),
        }
    };
    groups.into_iter().map(group).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use seedband_core::files::curve::End;
    use seedband_core::range_test::Answer;

    #[test]
    fn decades_of_rates() {
        let exponents = |lrs: &[f64]| lrs.iter().map(|lr| decade(*lr)).collect::<Vec<_>>();
        assert_eq!(
            exponents(&[0.5, 1.0, 9.99, 2e-3, 0.000_999_999_999_999_999_8, 9.9e-4, 0.1]),
            [-1, 0, 0, -3, -3, -4, -1].map(Some)
        );
        assert_eq!(exponents(&[0.0, -1.0, f64::NAN, f64::INFINITY]), [None; 4]);
    }

    #[test]
    fn groups_have_their_own_median() {
        let seed = |seed, least_lr: f64, smoothed: [f64; 2]| {
            let end = Answer::Found {
                lr: least_lr / 10.0,
                index: 0,
                fallback: false,
            };
            SeedSummary {
                seed,
                trial: String::new(),
                end: End::Completed,
                stop_step: None,
                diverged_step: None,
                smoothed: smoothed.to_vec(),
                least_lr: Some(least_lr),
                decade: decade(least_lr),
                min_lr: end,
                max_lr: end,
            }
        };
        let seeds = [
            seed(0, 2.0, [3.0, 1.0]),
            seed(1, 0.02, [2.0, 5.0]),
            seed(2, 4.0, [5.0, 2.0]),
            seed(3, 8.0, [4.0, 9.0]),
        ];
        let groups = decades(&seeds, 2, &Statistics::default());
        let sizes: Vec<(i32, u32)> = groups.iter().map(|group| (group.exponent, group.seeds)).collect();
        assert_eq!(sizes, [(-2, 1), (0, 3)]);
        assert_eq!(groups[1].median, [4.0, 2.0]);
        let high = groups[1].max_lr.estimate.unwrap();
        assert!((high.median - 0.4).abs() < 1e-15 && groups[1].max_lr.n == 3, "{high:?}");
    }
}
