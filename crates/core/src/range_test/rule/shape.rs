//! Points of a list of losses that rules look for. All functions give a position in the list; the callers see to it
//! that it is not empty.

use super::gradient;

/// The first of the least values, or the first NaN if there is one: `argmin` of numpy and torch. 0 for an empty list.
pub(super) fn argmin(values: &[f64]) -> usize {
    if let Some(nan) = values.iter().position(|value| value.is_nan()) {
        return nan;
    }
    let mut least = 0;
    for (at, value) in values.iter().enumerate() {
        if *value < values[least] {
            least = at;
        }
    }
    least
}

/// The position whose learning rate is nearest to `target`, the first of equally near ones.
pub(super) fn nearest(lrs: &[f64], target: f64) -> usize {
    let distances: Vec<f64> = lrs.iter().map(|lr| (lr - target).abs()).collect();
    argmin(&distances)
}

/// The point within the longest strictly decreasing subsequence; see [`super::RuleKind::Valley`].
pub(super) fn valley(losses: &[f64]) -> usize {
    // `ends[k]` is the largest loss on which a decreasing subsequence of `k + 1` points can end so far. It decreases in
    // `k`, so the longest subsequence that a loss can extend is found by bisection.
    let mut ends: Vec<f64> = Vec::new();
    let (mut longest, mut end) = (0, 0);
    for (at, loss) in losses.iter().enumerate() {
        let shorter = ends.partition_point(|last| last > loss);
        match ends.get_mut(shorter) {
            // NaN is neither below nor above anything: it extends nothing and nothing extends it.
            _ if loss.is_nan() => {}
            Some(last) => *last = *loss,
            None => ends.push(*loss),
        }
        if shorter + 1 > longest && !loss.is_nan() {
            (longest, end) = (shorter + 1, at);
        }
    }
    if longest < 2 {
        return 0;
    }
    // A descent over just the first two points gives -1, which is the last point.
    (end + longest / 3 + longest / 6)
        .checked_sub(longest)
        .unwrap_or(losses.len() - 1)
}

/// The left end of the last sliding window; see [`super::RuleKind::Slide`]. Needs more points than `window`.
pub(super) fn slide(losses: &[f64], window: usize, threshold: f64) -> usize {
    let slopes = gradient::central(losses);
    let rightmost = losses.len().saturating_sub(window + 1);
    (0..=rightmost)
        .rev()
        .take_while(|left| {
            let differs = |right: &f64| (right - slopes[*left]).abs() > threshold;
            slopes.get(left + window).is_some_and(differs)
        })
        .last()
        .unwrap_or(rightmost)
}

/// The steepest point of the descent to the least loss, and whether it is the fallback; see
/// [`super::RuleKind::LastDescent`].
pub(super) fn last_descent(lrs: &[f64], losses: &[f64], divisor: f64, ceiling: f64) -> (usize, bool) {
    let least = argmin(losses);
    let high = lrs[nearest(lrs, lrs[least] / divisor)];
    let slopes = gradient::central(losses);
    let before = slopes.get(..least).unwrap_or_default();
    let descent = before
        .iter()
        .rposition(|slope| *slope >= 0.0)
        .map(|rise| rise + 1..least);
    match descent {
        Some(descent) if !descent.is_empty() => {
            let steepest = descent.start + argmin(&slopes[descent]);
            let low = lrs[steepest];
            if low < high && low / high <= ceiling {
                return (steepest, false);
            }
        }
        _ => {}
    }
    (nearest(lrs, ceiling * high), true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn argmin_takes_the_first_nan_or_the_first_least() {
        assert_eq!(argmin(&[2.0, 1.0, 1.0]), 1);
        assert_eq!(argmin(&[2.0, f64::NAN, 1.0, f64::NAN]), 1);
        assert_eq!(argmin(&[f64::INFINITY, f64::INFINITY]), 0);
        assert_eq!(nearest(&[1.0, 2.0, 4.0], 3.0), 1);
    }

    /// The loop of fastai 2.8.12's `valley`, which compares every pair, with the length counted once per point.
    fn valley_by_pairs(losses: &[f64]) -> usize {
        let mut lengths = vec![1_i64; losses.len()];
        let (mut start, mut end) = (0, 0);
        for i in 1..losses.len() {
            for j in 0..i {
                if losses[i] < losses[j] && lengths[i] < lengths[j] + 1 {
                    lengths[i] = lengths[j] + 1;
                }
                if lengths[end] < lengths[i] {
                    end = i;
                    start = end as i64 - lengths[end];
                }
            }
        }
        let third = (end as i64 - start) as f64 / 3.0;
        let at = start + third as i64 + (third / 2.0) as i64;
        if at < 0 { losses.len() - 1 } else { at as usize }
    }

    #[test]
    fn valleys_by_hand() {
        // 5 4 3 2 1: longest 5 ends at 4, start -1, plus 1, plus 0.
        assert_eq!(valley(&[5.0, 4.0, 3.0, 2.0, 1.0, 9.0]), 0);
        // 2 1: longest 2 ends at 1, start -1, plus 0: the last point.
        assert_eq!(valley(&[2.0, 1.0, 3.0, 4.0]), 3);
        assert_eq!(valley(&[1.0, 2.0, 3.0]), 0);
        assert_eq!(valley(&[1.0]), 0);
        // 9 8 7 6 5 4 3 with a gap at 8.5: longest 7 ends at 7, start 0, plus 2, plus 1.
        assert_eq!(valley(&[9.0, 8.0, 8.5, 7.0, 6.0, 5.0, 4.0, 3.0]), 3);
    }

    proptest::proptest! {
        /// Bisection finds what comparing every pair finds, ties, infinities and NaN included.
        #[test]
        fn bisection_agrees_with_all_pairs(losses in proptest::collection::vec(value(), 1..60)) {
            proptest::prop_assert_eq!(valley(&losses), valley_by_pairs(&losses));
        }
    }

    /// Few different values, so that ties are common.
    fn value() -> impl proptest::strategy::Strategy<Value = f64> {
        use proptest::prelude::*;
        prop_oneof![
            12 => (0_u8..12).prop_map(f64::from),
            1 => Just(f64::NAN),
            1 => Just(f64::INFINITY),
            1 => Just(f64::NEG_INFINITY),
        ]
    }

    #[test]
    fn slides_by_hand() {
        // Slopes 0 0 -1 -2 -2 -1 0 with window 2: they differ at lefts 4 (by 2), 3 (by 1), 2 (by 1) and 1 (by 2); at 0
        // (by 1) too.
        let losses = [9.0, 9.0, 9.0, 7.0, 5.0, 3.0, 3.0];
        assert_eq!(gradient::central(&losses), [0.0, 0.0, -1.0, -2.0, -2.0, -1.0, 0.0]);
        assert_eq!(slide(&losses, 2, 0.5), 0);
        assert_eq!(slide(&losses, 2, 1.5), 4);
        assert_eq!(slide(&losses, 2, 3.0), 4);
    }

    #[test]
    fn the_last_descent_ends_at_the_least_loss() {
        let lrs = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0];
        // Slopes 0 0 -3 -4 -1.5 -0.5 … : the descent starts after step 1 and is steepest at 3.
        let losses = [9.0, 9.0, 9.0, 3.0, 1.0, 0.0, 0.0, 5.0];
        assert_eq!(gradient::central(&losses)[..5], [0.0, 0.0, -3.0, -4.0, -1.5]);
        assert_eq!(last_descent(&lrs, &losses, 1.0, 1.0), (3, false));
        // High is 32 / 4 = 8: the steepest point is not below it, and half of 8 is on the grid at 2.
        assert_eq!(last_descent(&lrs, &losses, 4.0, 0.5), (2, true));
        // A descent without a break, a least loss at the start, and a single point fall back.
        assert_eq!(last_descent(&lrs[..3], &[3.0, 2.0, 1.0], 1.0, 0.5), (1, true));
        assert_eq!(last_descent(&lrs[..3], &[1.0, 2.0, 3.0], 1.0, 0.5), (0, true));
        assert_eq!(last_descent(&lrs[..1], &[1.0], 10.0, 0.1), (0, true));
    }
}
