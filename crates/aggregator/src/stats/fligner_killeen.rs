//! Whether two samples scatter differently.

use super::normal::{chi_squared_tail, two_sided};
use super::quantile::{Sample, Scale};

/// The probability of a difference in scatter this large or larger where there is none: the test of Fligner and Killeen
/// (*Distribution-Free Two-Sample Tests for Scale*, J. Am. Stat. Assoc. 71, 1976) about the medians, as modified by
/// Conover, Johnson and Johnson (Technometrics 23, 1981), who found it among the most robust against distributions that
/// are not normal; `scipy.stats.fligner` of SciPy 1.17.1. It looks at ranks alone: an outlier is the largest and no
/// more. 1 where nothing scatters, or a sample has no value.
///
/// Absolute deviations from the sample's own median are ranked together, equal ones by their mean rank; rank r of N has
/// the score at which the normal distribution reaches 1/2 + r / (2 (N + 1)). Half of them being in either sample, the
/// sum of squares of their mean scores about the common one, over the variance of the scores, is chi-squared with one
/// degree of freedom.
pub(crate) fn fligner_killeen(first: &[f64], second: &[f64]) -> f64 {
    let samples = [first, second];
    if samples.iter().any(|sample| sample.is_empty()) {
        return 1.0;
    }
    let deviations = |sample: &[f64]| -> Vec<f64> {
        let median = Sample::new(sample.to_vec()).median(Scale::Raw);
        sample.iter().map(|value| (value - median).abs()).collect()
    };
    let all = samples.map(deviations).concat();
    let n = all.len() as f64;
    let scores: Vec<f64> = mean_ranks(&all)
        .iter()
        .map(|rank| two_sided(rank / (n + 1.0)))
        .collect();
    let mean = |scores: &[f64]| scores.iter().sum::<f64>() / scores.len() as f64;
    let common = mean(&scores);
    let variance = scores.iter().map(|score| (score - common).powi(2)).sum::<f64>() / (n - 1.0);
    let (of_first, of_second) = scores.split_at(first.len());
    let between = |scores: &[f64]| scores.len() as f64 * (mean(scores) - common).powi(2);
    if variance > 0.0 {
        chi_squared_tail((between(of_first) + between(of_second)) / variance)
    } else {
        1.0
    }
}

/// The rank of each value from 1 on; equal values share the mean of their ranks.
fn mean_ranks(values: &[f64]) -> Vec<f64> {
    let rank = |value: &f64| {
        let below = values.iter().filter(|other| other.total_cmp(value).is_lt()).count();
        let equal = values.iter().filter(|other| other.total_cmp(value).is_eq()).count();
        below as f64 + f64::midpoint(equal as f64, 1.0)
    };
    values.iter().map(rank).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn ranks_of_equals_are_their_mean() {
        assert_eq!(mean_ranks(&[3.0, 1.0, 3.0, 2.0]), [3.5, 1.0, 3.5, 2.0]);
    }

    #[test]
    fn what_does_not_scatter_is_not_told_apart() {
        assert!((fligner_killeen(&[1.0; 5], &[2.0; 5]) - 1.0).abs() < 1e-15);
        assert!((fligner_killeen(&[], &[2.0; 5]) - 1.0).abs() < 1e-15);
    }

    /// `tests/golden/comparisons.json`: samples of 5 to 40 values, ties and outliers among them, with what SciPy says.
    #[test]
    fn probabilities_are_those_of_scipy() {
        let golden: Value = serde_json::from_str(include_str!("../../tests/golden/comparisons.json")).unwrap();
        let cases = golden["fligner"].as_array().unwrap();
        assert!(cases.len() >= 24);
        for case in cases {
            let numbers = |key: &str| -> Vec<f64> {
                let values = case[key].as_array().unwrap().iter();
                values.map(|value| value.as_f64().unwrap()).collect()
            };
            let expected = case["p"].as_f64().unwrap();
            let p = fligner_killeen(&numbers("first"), &numbers("second"));
            // Both sum some dozens of numbers near 1.
            assert!((p - expected).abs() < 1e-10, "{p} {expected}");
        }
    }
}
