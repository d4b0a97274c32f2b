//! An exact confidence interval of a share.

/// Halvings of the interval from 0 to 1 that leave less than a rounding.
const HALVINGS: usize = 64;

/// The interval of Clopper and Pearson (Biometrika 26, 1934) of a share of which `count` of `n` were seen: it covers
/// the true share with at least `confidence`, whatever the share is. From 0 to 1 without any observation.
///
/// The lower limit is the share at which `count` or more have a probability of (1 - confidence) / 2, the upper one that
/// at which `count` or fewer have it.
pub(crate) fn clopper_pearson(count: u32, n: u32, confidence: f64) -> (f64, f64) {
    let tail = (1.0 - confidence) / 2.0;
    let weights = Binomial::new(n);
    let lower = if count == 0 {
        0.0
    } else {
        // 1 - P(at most count - 1) grows with the share.
        crossing(|share| weights.sum(count..n + 1, share) < tail)
    };
    let upper = if count >= n {
        1.0
    } else {
        crossing(|share| weights.sum(0..count + 1, share) > tail)
    };
    (lower, upper)
}

/// The share up to which `below` holds.
fn crossing(below: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if below(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

/// Logarithms of the binomial coefficients of `n`.
struct Binomial {
    n: u32,
    coefficients: Vec<f64>,
}

impl Binomial {
    fn new(n: u32) -> Self {
        let next = |logarithm: &mut f64, k: u32| {
            let this = *logarithm;
            *logarithm += (f64::from(n - k) / f64::from(k + 1)).ln();
            Some(this)
        };
        Self {
            n,
            coefficients: (0..n).scan(0.0, next).chain(std::iter::once(0.0)).collect(),
        }
    }

    /// The probability of these counts.
    fn sum(&self, counts: std::ops::Range<u32>, share: f64) -> f64 {
        let (yes, no) = (share.ln(), (-share).ln_1p());
        let term = |count: u32| {
            let coefficient = self.coefficients.get(count as usize).copied().unwrap_or(0.0);
            (coefficient + f64::from(count) * yes + f64::from(self.n - count) * no).exp()
        };
        counts.map(term).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// None of 20 diverged: the upper limit is where 20 of 20 hold with a probability of 2.5 %. One of two: 1 - p^2 and
    /// 1 - (1 - p)^2 have it.
    #[test]
    fn by_hand() {
        let close = |(low, high): (f64, f64), expected: (f64, f64)| {
            // A few roundings of logarithms of size one.
            assert!((low - expected.0).abs() < 1e-14, "{low} {expected:?}");
            assert!((high - expected.1).abs() < 1e-14, "{high} {expected:?}");
        };
        close(clopper_pearson(0, 20, 0.95), (0.0, 1.0 - 0.025_f64.powf(1.0 / 20.0)));
        close(clopper_pearson(20, 20, 0.95), (0.025_f64.powf(1.0 / 20.0), 1.0));
        close(clopper_pearson(1, 2, 0.95), (1.0 - 0.975_f64.sqrt(), 0.975_f64.sqrt()));
        close(clopper_pearson(1, 1, 0.8), (0.1, 1.0));
        close(clopper_pearson(0, 0, 0.95), (0.0, 1.0));
    }

    /// With many trials the interval is that of the normal distribution: 1/2 -+ 1.96 / (2 sqrt(n)).
    #[test]
    fn many_trials_do_not_underflow() {
        let (low, high) = clopper_pearson(10_000, 20_000, 0.95);
        let half = 1.96 / (2.0 * 20_000_f64.sqrt());
        assert!(
            (low - (0.5 - half)).abs() < 1e-4 && (high - (0.5 + half)).abs() < 1e-4,
            "{low} {high}"
        );
    }
}
