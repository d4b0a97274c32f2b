//! Locally weighted regression: smoothing that looks both ways.

use lowess::prelude::Lowess;

/// Robust locally weighted linear regression of losses over the step number, as many values as `losses`.
///
/// Cleveland, *Robust Locally Weighted Regression and Smoothing Scatterplots* (1979): tricube weights over the nearest
/// `fraction` of the points (rounded down, at least two), then `iterations` times again with bisquare weights from the
/// median absolute residual, without shortcuts between points. Equal to `statsmodels.nonparametric.lowess(delta=0)` of
/// statsmodels 0.15.0 up to rounding for a `fraction` below 1. Only the losses before the first one that is not finite
/// are smoothed; that one and all after it, and losses too few to fit, pass as they are.
pub(super) fn lowess(losses: &[f64], fraction: f64, iterations: usize) -> Vec<f64> {
    let finite = losses.iter().position(|loss| !loss.is_finite()).unwrap_or(losses.len());
    let (fitted, rest) = losses.split_at(finite);
    let steps: Vec<f64> = (0..finite).map(|step| step as f64).collect();
    let model = Lowess::new()
        .fraction(fraction)
        .iterations(iterations)
        .delta(0.0)
        .scaling_method("mar")
        .boundary_policy("noboundary")
        .build();
    // With settings that were validated the only failure left is a single point.
    let smoothed = model.and_then(|model| model.fit(&steps, fitted));
    let mut all = smoothed.map_or_else(|_| fitted.to_vec(), |fit| fit.y);
    all.extend_from_slice(rest);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOSSES: [f64; 16] = [
        2.5, 2.4, 2.6, 2.3, 2.0, 2.1, 1.5, 1.2, 1.3, 0.9, 0.8, 1.0, 0.7, 0.9, 1.6, 3.0,
    ];

    /// Stored output of statsmodels 0.15.0, `lowess(y, x, frac=…, it=…, delta=0)`; sums of a few terms, so equal to
    /// about 1e-14.
    #[test]
    fn values_are_those_of_statsmodels() {
        let once = [
            2.464_068_318_304_429_6,
            2.485_893_155_258_765,
            2.456_844_741_235_392_4,
            2.3,
            2.114_524_207_011_686_3,
            1.899_582_637_729_549_3,
            1.585_893_155_258_764_7,
            1.314_524_207_011_686_7,
            1.156_844_741_235_392_6,
            0.985_893_155_258_764_6,
            0.885_893_155_258_764_8,
            0.856_844_741_235_392_3,
            0.843_155_258_764_607_7,
            1.043_155_258_764_607_8,
            1.800_417_362_270_449_1,
            2.916_159_409_377_001_6,
        ];
        let robust = [
            2.564_660_823_639_824_3,
            2.465_691_491_750_605,
            2.358_075_713_872_931_4,
            2.249_893_171_776_085,
            2.068_708_959_092_661_7,
            1.832_158_848_549_451_3,
            1.605_507_345_137_741_3,
            1.380_897_894_355_712_2,
            1.173_886_243_970_397_6,
            1.038_257_857_985_829_7,
            0.940_923_457_529_331_8,
            0.930_911_775_939_144_8,
            1.044_532_750_658_242_2,
            1.221_440_179_448_723,
            1.405_110_175_155_005_2,
            1.612_599_910_480_441,
        ];
        for (fraction, iterations, expected) in [(0.3, 0, once), (0.5, 2, robust)] {
            for (value, expected) in lowess(&LOSSES, fraction, iterations).into_iter().zip(expected) {
                assert!((value - expected).abs() < 1e-13, "{value} is not {expected}");
            }
        }
    }

    #[test]
    fn a_straight_line_stays() {
        let line: Vec<f64> = (0..30).map(|step| 3.0 - 0.25 * f64::from(step)).collect();
        for (value, expected) in lowess(&line, 0.4, 3).into_iter().zip(&line) {
            assert!((value - expected).abs() < 1e-12, "{value} is not {expected}");
        }
    }

    #[test]
    fn what_cannot_be_fitted_passes() {
        assert!(lowess(&[], 0.2, 3).is_empty());
        assert_eq!(lowess(&[2.0], 0.2, 3), [2.0]);
        let cut = lowess(&[2.0, 1.0, f64::INFINITY, 1.0, f64::NAN], 0.9, 3);
        assert_eq!(cut[..4], [2.0, 1.0, f64::INFINITY, 1.0]);
        assert!(cut[4].is_nan());
    }
}
