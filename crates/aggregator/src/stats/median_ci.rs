//! A confidence interval of a median that assumes nothing about the distribution.

use seedband_core::summary::Interval;

/// The narrowest interval between two order statistics, equally far from both ends, that covers the median of the
/// population with at least `confidence`; none when even the least and the greatest value are too close together for
/// that.
///
/// `sorted` is in ascending order. The `k`-th value from either end encloses the median with probability
/// 1 - 2 P(B < k), where B is binomial over `n` draws of 1/2 (the sign test; Conover, *Practical Nonparametric
/// Statistics*, 3.2). Twenty values give the 6th to the 15th with 95.9 %. A monotone change of the axis, such as a
/// logarithm, changes nothing. The probability is exact for a continuous distribution and a lower limit where values
/// tie.
pub fn median_ci(sorted: &[f64], confidence: f64) -> Option<Interval> {
    let n = sorted.len();
    let weights = binomial(n);
    let total: f64 = weights.iter().sum();
    let mut best = None;
    let mut tail = 0.0;
    for (k, weight) in weights.iter().take(n / 2).enumerate() {
        tail += weight;
        let covered = 1.0 - 2.0 * tail / total;
        if covered < confidence {
            break;
        }
        best = Some(Interval {
            lower: sorted[k],
            upper: sorted[n - 1 - k],
            confidence: covered,
        });
    }
    best
}

/// Binomial coefficients of `n` up to a common factor. The largest is 1, so that none overflows however large `n` is;
/// those that underflow are below any share of the sum that a float resolves.
pub(super) fn binomial(n: usize) -> Vec<f64> {
    let mut weights = vec![1.0; n + 1];
    for k in (0..n / 2).rev() {
        // C(n, k) = C(n, k + 1) (k + 1) / (n - k)
        weights[k] = weights[k + 1] * (k + 1) as f64 / (n - k) as f64;
    }
    for k in n / 2 + 1..=n {
        weights[k] = weights[n - k];
    }
    weights
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "values are meant to be exact")]
mod tests {
    use super::*;

    /// `n`, from which rank to which a 95 % interval goes (counted from 1), and the confidence in percent to one digit:
    /// from exact sums of binomial coefficients.
    #[test]
    fn ranks_and_confidence_by_table() {
        for (n, from, to, percent) in [
            (6, 1, 6, 96.9),
            (10, 2, 9, 97.9),
            (20, 6, 15, 95.9),
            (30, 10, 21, 95.7),
            (50, 18, 33, 96.7),
        ] {
            let sorted: Vec<f64> = (1..=n).map(f64::from).collect();
            let interval = median_ci(&sorted, 0.95).unwrap();
            assert_eq!(
                (interval.lower, interval.upper),
                (f64::from(from), f64::from(to)),
                "{n}"
            );
            assert!(
                (interval.confidence * 100.0 - percent).abs() < 0.05,
                "{n}: {}",
                interval.confidence
            );
        }
    }

    #[test]
    fn twenty_seeds_to_the_last_digits() {
        let sorted: Vec<f64> = (1..=20).map(f64::from).collect();
        // 2 (1 + 20 + 190 + 1140 + 4845 + 15504) of 2^20 samples miss; the tolerance is a few roundings.
        let exact = 1.0 - 2.0 * 21700.0 / 1_048_576.0;
        assert!((median_ci(&sorted, 0.95).unwrap().confidence - exact).abs() < 1e-15);
    }

    #[test]
    fn too_few_values_have_no_interval() {
        for n in 0..6 {
            assert_eq!(median_ci(&vec![1.0; n], 0.95), None, "{n}");
        }
        // Five values reach 1 - 2/32.
        assert_eq!(median_ci(&[1.0, 2.0, 3.0, 4.0, 5.0], 0.9).unwrap().confidence, 0.9375);
    }

    /// For many values the binomial is normal: ranks n/2 -+ 1.96 sqrt(n)/2.
    #[test]
    fn many_values_do_not_underflow() {
        let sorted: Vec<f64> = (0..100_000).map(f64::from).collect();
        let interval = median_ci(&sorted, 0.95).unwrap();
        let half_width = 1.96 * 100_000_f64.sqrt() / 2.0;
        assert!(
            (interval.lower - (50_000.0 - half_width)).abs() < 3.0,
            "{}",
            interval.lower
        );
        assert!(
            (interval.upper - (50_000.0 + half_width)).abs() < 3.0,
            "{}",
            interval.upper
        );
        assert!((0.95..0.952).contains(&interval.confidence));
    }
}
