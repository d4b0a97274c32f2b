//! Intervals of a median that may be looked at again and again.

use super::median_ci::{binomial, median_ci};
use seedband_core::settings::Statistics;
use seedband_core::summary::Interval;

/// The interval of a median that goes with how the seeds were chosen: [`median_sequence`] where more of them were added
/// after a look at the results, [`median_ci`] for a fixed number.
pub(crate) fn median_interval(sorted: &[f64], statistics: &Statistics) -> Option<Interval> {
    if statistics.repeated_looks {
        median_sequence(sorted, statistics.confidence)
    } else {
        median_ci(sorted, statistics.confidence)
    }
}

/// An interval between two order statistics, equally far from both ends, of a sequence of such intervals that all hold the
/// median of the population at once with at least `confidence`, however long values are added and whatever makes one stop;
/// none while the values are too few for that. `sorted` is in ascending order.
///
/// Howard and Ramdas, *Sequential Estimation of Quantiles with Applications to A/B Testing and Best-Arm Identification*
/// (Bernoulli 28, 2022), the beta-binomial mixture of their section 3 for the quantile 1/2 with the uniform mixing
/// distribution, which is best for some 24 values; `beta_binomial_mixture_bound` of their package confseq. Of n values k
/// lie below the median. Were its place known, 2^n / ((n + 1) C(n, k)) would be a martingale that begins at 1, so that it
/// reaches 1 / (1 - confidence) with a probability of 1 - confidence at most (Ville 1939): every k where it does is ruled
/// out, from both ends. Twenty values give the 4th to the 17th at 95 %, where a number fixed beforehand gives the 6th to
/// the 15th.
pub fn median_sequence(sorted: &[f64], confidence: f64) -> Option<Interval> {
    let n = sorted.len();
    let weights = binomial(n);
    let total: f64 = weights.iter().sum();
    // Equality counts as reached, up to the rounding of 1 - confidence.
    let is_ruled_out = |weight: &&f64| **weight / total * (n as f64 + 1.0) <= (1.0 - confidence) * (1.0 + 1e-12);
    let ruled_out = weights.iter().take(n / 2).take_while(is_ruled_out).count();
    let from = ruled_out.checked_sub(1)?;
    Some(Interval {
        lower: sorted[from],
        upper: sorted[n - 1 - from],
        confidence,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    /// How many values lie below the interval, counted from 1.
    fn rank(n: usize, confidence: f64) -> usize {
        let sorted: Vec<f64> = (1..=n as u32).map(f64::from).collect();
        let found = median_sequence(&sorted, confidence);
        if let Some(interval) = found {
            assert!(
                (interval.lower + interval.upper - (n + 1) as f64).abs() < 1e-12,
                "{interval:?}"
            );
        }
        found.map_or(0, |interval| interval.lower as usize)
    }

    /// 2^20 of 20 at 95 %: 52429 / 21 = 2496.6 lies between C(20, 3) = 1140 and C(20, 4) = 4845, so that 0 to 3 are ruled
    /// out. Of 8 12.8 / 9 = 1.4 rules out 0 alone, of 7 6.4 / 8 = 0.8 nothing.
    #[test]
    fn ranks_by_hand() {
        assert_eq!([7, 8, 10, 15, 20].map(|n| rank(n, 0.95)), [0, 1, 1, 2, 4]);
    }

    /// `tests/golden/sequence.json`: by how much the count may differ from n / 2, from confseq. A count that differs by
    /// more is ruled out.
    #[test]
    fn ranks_are_those_of_confseq() {
        let golden: Value = serde_json::from_str(include_str!("../../tests/golden/sequence.json")).unwrap();
        let bounds = golden["bounds"].as_array().unwrap();
        assert!(bounds.len() > 30);
        for case in bounds {
            let [n, bound, confidence] = ["n", "bound", "confidence"].map(|key| case[key].as_f64().unwrap());
            if bound >= n / 2.0 {
                assert_eq!(rank(n as usize, confidence), 0, "{case}");
                continue;
            }
            let ruled_out = (n / 2.0 - bound).floor() + 1.0;
            assert_eq!(rank(n as usize, confidence), ruled_out as usize, "{case}");
            // The mixture at their bound, which need not be a whole number, is 1 / (1 - confidence).
            let k = n / 2.0 - bound;
            let log = n * 2_f64.ln() + libm::lgamma(1.0 + k) + libm::lgamma(1.0 + n - k) - libm::lgamma(2.0 + n);
            // They search for it, to some 1e-12.
            assert!((log + (1.0 - confidence).ln()).abs() < 1e-9, "{case}: {log}");
        }
    }
}
