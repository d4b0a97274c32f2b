//! Mean and standard deviation of each channel.

use crate::Values;

/// So many squares of bytes have a sum of 32 bits, which a processor adds several at once.
const MOST_SQUARES: usize = 1 << 16;

/// Mean and population standard deviation of each channel, or feature.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Moments {
    /// Means.
    pub mean: Vec<f64>,
    /// Standard deviations; 0 where a channel has one value throughout.
    pub deviation: Vec<f64>,
}

/// The moments of `values` in the order `[n, channels, plane]`; bytes in units of 0 to 1.
///
/// Nothing here depends on the number of threads, and for bytes not on the order of examples either.
pub(crate) fn moments(values: &Values, channels: usize, plane: usize) -> Moments {
    let channels_and_plane = (channels.max(1), plane.max(1));
    match values {
        Values::Bytes(values) => of_bytes(values, channels_and_plane),
        Values::Floats(values) => of_floats(values, channels_and_plane),
    }
}

/// Sums are whole numbers and exact.
fn of_bytes(values: &[u8], (channels, plane): (usize, usize)) -> Moments {
    let mut sums = vec![(0_u64, 0_u64); channels];
    for (index, plane) in values.chunks_exact(plane).enumerate() {
        let (sum, squares) = &mut sums[index % channels];
        for pixels in plane.chunks(MOST_SQUARES) {
            *sum += u64::from(pixels.iter().map(|pixel| u32::from(*pixel)).sum::<u32>());
            *squares += u64::from(pixels.iter().map(|pixel| u32::from(*pixel).pow(2)).sum::<u32>());
        }
    }
    let n = (values.len() / channels) as u128;
    let of_channel = |(sum, squares): (u64, u64)| {
        // n^2 variance = n sum(x^2) - sum(x)^2, exact in 128 bits.
        let scaled = n * u128::from(squares) - u128::from(sum).pow(2);
        (sum as f64 / n as f64 / 255.0, (scaled as f64).sqrt() / n as f64 / 255.0)
    };
    let (mean, deviation) = sums.into_iter().map(of_channel).unzip();
    Moments { mean, deviation }
}

/// In two passes: the deviation is that from the mean of the first.
fn of_floats(values: &[f32], (channels, plane): (usize, usize)) -> Moments {
    let n = (values.len() / channels) as f64;
    let averages = |term: &dyn Fn(usize, f64) -> f64| -> Vec<f64> {
        let mut sums = vec![0.0; channels];
        for (index, plane) in values.chunks_exact(plane).enumerate() {
            let channel = index % channels;
            sums[channel] += plane.iter().map(|value| term(channel, f64::from(*value))).sum::<f64>();
        }
        sums.into_iter().map(|sum| sum / n).collect()
    };
    // A channel of one value has exactly that mean and no deviation, which rounding would hide.
    let first = |channel: usize| values.get(channel * plane).copied().map_or(0.0, f64::from);
    let mut mean = averages(&|channel, value| value - first(channel));
    mean.iter_mut()
        .enumerate()
        .for_each(|(channel, mean)| *mean += first(channel));
    let squares = averages(&|channel, value| (value - mean[channel]).powi(2));
    Moments {
        deviation: squares.into_iter().map(f64::sqrt).collect(),
        mean,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two examples of three channels of 1x2 pixels: red 0, 255 and 255, 0; green 51 throughout; blue 0, 0 and 0, 255.
    const BYTES: [u8; 12] = [0, 255, 51, 51, 0, 0, 255, 0, 51, 51, 0, 255];

    #[test]
    fn sums_of_large_planes_do_not_overflow() {
        let plane = 3 * MOST_SQUARES / 2;
        let Moments { mean, deviation } = moments(&Values::Bytes(vec![255; 2 * plane]), 2, plane);
        assert_eq!((mean, deviation), (vec![1.0; 2], vec![0.0; 2]));
    }

    #[test]
    fn moments_are_those_of_the_population() {
        let Moments { mean, deviation } = moments(&Values::Bytes(BYTES.to_vec()), 3, 2);
        assert_eq!(mean, [0.5, 0.2, 0.25]);
        // Blue is 1 with probability 1/4: variance 3/16.
        let expected = [0.5, 0.0, (3.0_f64 / 16.0).sqrt()];
        // Two divisions and a root, each rounded once.
        let near = |(value, expected): (&f64, f64)| (value - expected).abs() < 1e-15;
        assert!(deviation.iter().zip(expected).all(near), "{deviation:?}");
    }

    #[test]
    fn features_have_moments_of_their_own() {
        // Three examples of two features: 1, 2, 3 and 0.1 throughout.
        let values = Values::Floats(vec![1.0, 0.1, 2.0, 0.1, 3.0, 0.1]);
        let Moments { mean, deviation } = moments(&values, 2, 1);
        assert_eq!(mean, [2.0, f64::from(0.1_f32)]);
        assert_eq!(deviation, [(2.0_f64 / 3.0).sqrt(), 0.0]);
    }
}
