//! Whether differences lie on one side of 0 more often than chance has it.

use super::median_ci::binomial;

/// The probability of so uneven a split or a more uneven one, where a difference is as likely above 0 as below: the exact
/// two-sided sign test (Conover, *Practical Nonparametric Statistics*, 3.4; `scipy.stats.binomtest` of SciPy 1.17.1). It
/// assumes nothing about how large the differences are; differences of 0 are left out of both counts. 1 without any.
///
/// It goes with [`median_ci`](super::median_ci), which is the test turned round: the interval of the median leaves 0 out
/// where this is small.
pub(crate) fn sign_test(above: u32, below: u32) -> f64 {
    let weights = binomial((above + below) as usize);
    let total: f64 = weights.iter().sum();
    let tail: f64 = weights.iter().take(above.min(below) as usize + 1).sum();
    (2.0 * tail / total).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    /// All of six on one side: 2 of 64. One of six on the other: 2 (1 + 6) of 64.
    #[test]
    fn by_hand() {
        for (above, below, expected) in [(6, 0, 2.0 / 64.0), (1, 5, 14.0 / 64.0), (3, 3, 1.0), (0, 0, 1.0)] {
            assert!((sign_test(above, below) - expected).abs() < 1e-15, "{above} {below}");
        }
    }

    #[test]
    fn probabilities_are_those_of_scipy() {
        let golden: Value = serde_json::from_str(include_str!("../../tests/golden/comparisons.json")).unwrap();
        let cases = golden["sign"].as_array().unwrap();
        assert!(cases.len() > 30);
        for case in cases {
            let [above, n] = ["above", "n"].map(|key| case[key].as_u64().unwrap() as u32);
            let expected = case["p"].as_f64().unwrap();
            let p = sign_test(above, n - above);
            // SciPy goes by the logarithm of the gamma function.
            assert!((p / expected - 1.0).abs() < 1e-9, "{above} of {n}: {p} {expected}");
        }
    }
}
