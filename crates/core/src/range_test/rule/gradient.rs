//! Differences of a list of losses. Lists that are too short for a difference give as many values as there are
//! differences.

use super::Per;

/// What gradients are taken with respect to: the position, the logarithm of the learning rate, or the rate.
pub(super) fn coordinates(per: Per, lrs: &[f64]) -> Vec<f64> {
    match per {
        Per::Step => (0..lrs.len()).map(|step| step as f64).collect(),
        Per::LnLr => lrs.iter().map(|lr| lr.ln()).collect(),
        Per::Lr => lrs.to_vec(),
    }
}

/// `numpy.gradient(y)`: `(y[i+1] - y[i-1]) / 2` inside, one-sided at the ends. Empty for fewer than 2 points.
pub(super) fn central(y: &[f64]) -> Vec<f64> {
    let last = match y.len() {
        0 | 1 => return Vec::new(),
        points => points - 1,
    };
    let mut slopes = Vec::with_capacity(y.len());
    slopes.push(y[1] - y[0]);
    slopes.extend(y.windows(3).map(|three| (three[2] - three[0]) / 2.0));
    slopes.push(y[last] - y[last - 1]);
    slopes
}

/// `torch.gradient(y, spacing=[x])` and `numpy.gradient(y, x)`: inside the slope of the parabola through three points,
/// one-sided at the ends. Empty for fewer than 2 points. numpy's documentation derives the formula (Quarteroni, Sacco,
/// Saleri, *Numerical Mathematics*, 2007).
pub(super) fn central_uneven(y: &[f64], x: &[f64]) -> Vec<f64> {
    let edges = forward(y, x);
    let (Some(first), Some(last)) = (edges.first(), edges.last()) else {
        return Vec::new();
    };
    let mut slopes = Vec::with_capacity(y.len());
    slopes.push(*first);
    slopes.extend(y.windows(3).zip(x.windows(3)).map(|(y, x)| {
        let (before, after) = (x[1] - x[0], x[2] - x[1]);
        let weights = [
            -after / (before * (before + after)),
            (after - before) / (before * after),
            before / (after * (before + after)),
        ];
        weights[0] * y[0] + weights[1] * y[1] + weights[2] * y[2]
    }));
    slopes.push(*last);
    slopes
}

/// `(y[i+1] - y[i]) / (x[i+1] - x[i])`, one value fewer than points.
pub(super) fn forward(y: &[f64], x: &[f64]) -> Vec<f64> {
    let pairs = y.windows(2).zip(x.windows(2));
    pairs.map(|(y, x)| (y[1] - y[0]) / (x[1] - x[0])).collect()
}

/// `(y[i] - y[i-window]) / (x[i] - x[i-window])`, and 0 for the first `window` points. As many values as points.
pub(super) fn backward(y: &[f64], x: &[f64], window: usize) -> Vec<f64> {
    let zeros = std::iter::repeat_n(0.0, window.min(y.len()));
    let later = y.iter().zip(x).skip(window).zip(y.iter().zip(x));
    zeros
        .chain(later.map(|((y, x), (earlier_y, earlier_x))| (y - earlier_y) / (x - earlier_x)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gradients_of_a_parabola() {
        // y = x² at 0, 1, 2, 3: 2x inside, the secants at the ends.
        assert_eq!(central(&[0.0, 1.0, 4.0, 9.0]), [1.0, 2.0, 4.0, 5.0]);
        // The second-order formula is exact for a parabola on any grid: 2x inside.
        assert_eq!(
            central_uneven(&[0.0, 1.0, 9.0, 25.0], &[0.0, 1.0, 3.0, 5.0]),
            [1.0, 2.0, 6.0, 8.0]
        );
        assert_eq!(forward(&[0.0, 1.0, 9.0], &[0.0, 1.0, 3.0]), [1.0, 4.0]);
        assert_eq!(
            backward(&[0.0, 1.0, 4.0, 9.0], &[0.0, 1.0, 2.0, 3.0], 2),
            [0.0, 0.0, 2.0, 4.0]
        );
    }

    #[test]
    fn short_lists_have_few_differences() {
        for points in [&[][..], &[1.0]] {
            assert!(central(points).is_empty());
            assert!(central_uneven(points, points).is_empty());
            assert!(forward(points, points).is_empty());
            assert_eq!(backward(points, points, 3).len(), points.len());
        }
        assert_eq!(central(&[1.0, 3.0]), [2.0, 2.0]);
        assert_eq!(central_uneven(&[1.0, 3.0], &[0.0, 4.0]), [0.5, 0.5]);
    }

    #[test]
    fn coordinates_are_steps_logarithms_or_rates() {
        let lrs = [1.0, 10.0];
        assert_eq!(coordinates(Per::Step, &lrs), [0.0, 1.0]);
        assert_eq!(coordinates(Per::LnLr, &lrs), [0.0, 10_f64.ln()]);
        assert_eq!(coordinates(Per::Lr, &lrs), lrs);
    }
}
