//! Several tests at once.

/// Probabilities of tests, each corrected for all of them: the probability that any test of the family calls a difference
/// real where there is none stays below the level that the corrected ones are held against (Holm, *A Simple Sequentially
/// Rejective Multiple Test Procedure*, Scand. J. Stat. 6, 1979).
///
/// The least of m is multiplied by m, the next by m - 1 and so on; none is less than the one before it, nor above 1.
pub(crate) fn holm(probabilities: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..probabilities.len()).collect();
    order.sort_by(|a, b| probabilities[*a].total_cmp(&probabilities[*b]));
    let mut corrected = vec![1.0; probabilities.len()];
    let mut least = 0.0_f64;
    for (done, place) in order.into_iter().enumerate() {
        let left = (probabilities.len() - done) as f64;
        least = least.max((left * probabilities[place]).min(1.0));
        corrected[place] = least;
    }
    corrected
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 0.01 times 4; 0.02 times 3; 0.03 times 2 is no more than that; 0.5 once.
    #[test]
    fn by_hand() {
        let corrected = holm(&[0.03, 0.01, 0.5, 0.02]);
        for (value, expected) in corrected.iter().zip([0.06, 0.04, 0.5, 0.06]) {
            assert!((value - expected).abs() < 1e-15, "{corrected:?}");
        }
        assert!(holm(&[0.6, 0.7]).iter().all(|value| (value - 1.0).abs() < 1e-15));
        assert!(holm(&[]).is_empty());
    }
}
