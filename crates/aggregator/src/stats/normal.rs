//! The normal distribution.

/// How many standard deviations either way hold a normal variable with this probability: 1.96 for 95 %.
pub(super) fn two_sided(confidence: f64) -> f64 {
    let (mut low, mut high) = (0.0, 40.0);
    // As far as two neighbouring floats.
    for _ in 0..64 {
        let middle = f64::midpoint(low, high);
        if libm::erfc(middle / std::f64::consts::SQRT_2) > 1.0 - confidence {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

/// The probability that a chi-squared variable with one degree of freedom, the square of a normal one, is larger.
pub(super) fn chi_squared_tail(value: f64) -> f64 {
    libm::erfc((value / 2.0).sqrt())
}
