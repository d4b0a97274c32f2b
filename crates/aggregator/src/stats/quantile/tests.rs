#![expect(clippy::float_cmp, reason = "values are meant to be exact")]

use super::*;
use proptest::prelude::*;

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

fn quantile(values: &[f64], q: f64) -> f64 {
    Sample::new(values.to_vec()).quantile(q, Scale::Raw)
}

fn median(values: &[f64]) -> f64 {
    Sample::new(values.to_vec()).median(Scale::Raw)
}

#[test]
fn type_seven_by_hand() {
    // (5 - 1) * 0.1 = 0.4 of the way from 10 to 20, and so on.
    let values = [30.0, 10.0, 50.0, 20.0, 40.0];
    assert_eq!(
        [0.0, 0.1, 0.25, 0.5, 0.9, 1.0].map(|q| quantile(&values, q)),
        [10.0, 14.0, 20.0, 30.0, 46.0, 50.0]
    );
    assert_eq!((median(&values), median(&values[..4])), (30.0, 25.0));
    assert_eq!((quantile(&[7.0], 0.3), median(&[7.0])), (7.0, 7.0));
    assert_eq!((quantile(&values, -1.0), quantile(&values, 2.0)), (10.0, 50.0));
}

#[test]
fn infinity_is_the_greatest_value() {
    // Of twenty values q = 0.9 lies at 17.1: a tenth of the way from the 18th to the 19th.
    let with_infinite =
        |k: usize| -> Vec<f64> { (0..20).map(|i| if i < k { INF } else { f64::from(i as u32) }).collect() };
    assert_eq!(quantile(&with_infinite(1), 0.9), 17.1 + 1.0);
    for diverged in 2..=20 {
        assert_eq!(quantile(&with_infinite(diverged), 0.9), INF, "{diverged}");
    }
    assert!(median(&with_infinite(9)).is_finite());
    assert_eq!(median(&with_infinite(10)), INF);
    assert_eq!(median(&with_infinite(11)), INF);
    // NumPy gives NaN for each of these.
    assert_eq!(quantile(&[1.0, INF], 0.0), 1.0);
    assert_eq!(quantile(&[1.0, INF], 0.7), INF);
    assert_eq!(quantile(&[INF, INF], 0.7), INF);
    assert_eq!(quantile(&[-INF, 1.0], 0.7), -INF);
    assert_eq!(median(&[-INF, INF]), INF);
}

#[test]
fn nan_and_nothing_give_nan() {
    for values in [&[][..], &[NAN], &[1.0, -NAN, 2.0, 3.0], &[NAN, INF]] {
        assert!(
            quantile(values, 0.0).is_nan() && quantile(values, 0.9).is_nan() && median(values).is_nan(),
            "{values:?}"
        );
    }
}

#[test]
fn log_space_is_the_geometric_mean_and_single_values_are_exact() {
    let log = Scale::Log10;
    // One rounding each for two logarithms, their mean and the power.
    assert!((Sample::new(vec![1e-4, 1e-2]).median(log) / 1e-3 - 1.0).abs() < 1e-14);
    assert!((Sample::new(vec![1e-4, 1e-2]).quantile(0.25, log) / 10_f64.powf(-3.5) - 1.0).abs() < 1e-14);
    let odd = 0.004_328_761_281_083_056_6;
    assert_eq!(Sample::new(vec![odd, 1.0, odd]).quantile(0.25, log), odd);
    assert_eq!(Sample::new(vec![1.0, odd, 1e-7]).median(log), odd);
    // Nothing above 0 is a share of the way from minus infinity.
    assert_eq!(Sample::new(vec![0.0, 1.0]).median(log), 0.0);
}

fn samples() -> impl Strategy<Value = Vec<f64>> {
    // Differences within this range are finite.
    proptest::collection::vec(-1e150..1e150, 1..60)
}

/// Sizes of rounding errors: NumPy's two branches may overlap by a rounding where they meet.
fn ulps(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |most: f64, value| most.max(value.abs())) * f64::EPSILON * 4.0
}

proptest! {
    #[test]
    fn quantiles_grow_with_q_and_stay_inside(values in samples(), p in 0.0..=1.0, q in 0.0..=1.0) {
        let (p, q): (f64, f64) = if p <= q { (p, q) } else { (q, p) };
        let (low, high) = (quantile(&values, p), quantile(&values, q));
        prop_assert!(low <= high + ulps(&values));
        prop_assert!(quantile(&values, 0.0) <= low && high <= quantile(&values, 1.0));
    }

    #[test]
    fn order_does_not_matter(values in samples(), q in 0.0..=1.0, turn in 0_usize..60) {
        let mut other = values.clone();
        let turn = turn % values.len();
        other.rotate_left(turn);
        other[turn / 2..].reverse();
        prop_assert_eq!(quantile(&values, q), quantile(&other, q));
        prop_assert_eq!(median(&values), median(&other));
    }

    /// Type 7 in one formula, up to rounding: the weighted sum of the two neighbours.
    #[test]
    fn equals_a_naive_weighted_sum(values in samples(), q in 0.0..=1.0_f64) {
        let mut sorted = values.clone();
        sorted.sort_by(f64::total_cmp);
        let h: f64 = (values.len() - 1) as f64 * q;
        let (below, above) = (sorted[h.floor() as usize], sorted[h.ceil() as usize]);
        let naive = below * (1.0 - h.fract()) + above * h.fract();
        prop_assert!((quantile(&values, q) - naive).abs() <= ulps(&values));
    }

    #[test]
    fn infinities_never_make_nan(mut values in samples(), infinite in 0_usize..60, q in 0.0..=1.0) {
        for value in values.iter_mut().take(infinite) {
            *value = INF;
        }
        let found = quantile(&values, q);
        prop_assert!(!found.is_nan() && !median(&values).is_nan());
        prop_assert!(quantile(&values, q / 2.0) <= found || found.is_finite());
    }
}
