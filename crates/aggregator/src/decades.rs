//! Seeds grouped by where their smoothed loss is least.

use seedband_core::summary::Decade;
use std::collections::BTreeMap;

/// How far below a power of ten a learning rate still counts as that power, in decades. A schedule that means to visit 1e-3 may compute
/// 0.0009999999999999998; steps of a schedule lie much further apart.
const ROUNDING: f64 = 1e-9;

/// The decades of these learning rates, ascending, each with its number of seeds: `floor(log10(lr))`, rounding forgiven. Rates that are not above 0 and finite
/// have no decade.
pub(crate) fn decades(least_lrs: impl Iterator<Item = f64>) -> Vec<Decade> {
    let mut seeds: BTreeMap<i32, u32> = BTreeMap::new();
    for lr in least_lrs.filter(|lr| *lr > 0.0 && lr.is_finite()) {
        *seeds.entry((lr.log10() + ROUNDING).floor() as i32).or_default() += 1;
    }
    seeds
        .into_iter()
        .map(|(exponent, seeds)| Decade { exponent, seeds })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decades_by_hand() {
        let lrs = [
            0.5,
            1.0,
            9.99,
            2e-3,
            0.000_999_999_999_999_999_8,
            9.9e-4,
            0.1,
            0.0,
            f64::NAN,
        ];
        let found: Vec<(i32, u32)> = decades(lrs.into_iter())
            .iter()
            .map(|decade| (decade.exponent, decade.seeds))
            .collect();
        assert_eq!(found, [(-4, 1), (-3, 2), (-1, 2), (0, 2)]);
    }
}
