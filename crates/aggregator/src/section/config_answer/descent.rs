//! Whether the loss falls at all.

/// Steps of a running median.
const LEAST_WINDOW: usize = 5;
/// Standard errors of a running median by which the loss has to fall: the least of many of them lies far below the first
/// by chance alone. With 4, four in a hundred flat curves of normal noise would descend; with 5, one.
const STANDARD_ERRORS: f64 = 5.0;
/// Standard error of the median of normal values in units of that of their mean, sqrt(pi / 2).
const OF_MEDIAN: f64 = 1.253_314_137_315_500_3;
/// Standard deviation of normal values in units of their median absolute deviation, 1 / Phi^-1(3/4).
const OF_MAD: f64 = 1.482_602_218_505_602;

/// Whether the losses, the median over seeds at each step, fall from their start by more than their noise.
///
/// The running median over a tenth of the steps (five at least) is compared at its start and where it is least. The
/// noise of a step is 1.4826 times the median absolute difference of neighbours, divided by the square root of 2, so
/// that a slow trend is no noise. Losses that are not finite are left out, with all after them. False for fewer than
/// five losses.
pub(super) fn descends(losses: &[f64]) -> bool {
    let finite = losses.iter().position(|loss| !loss.is_finite()).unwrap_or(losses.len());
    let losses = &losses[..finite];
    let window = (losses.len() / 10).max(LEAST_WINDOW);
    if losses.len() < window {
        return false;
    }
    let medians = running_medians(losses, window);
    let differences = losses.windows(2).map(|pair| (pair[1] - pair[0]).abs());
    let noise = OF_MAD * median(differences.collect()) / std::f64::consts::SQRT_2;
    let error = OF_MEDIAN * noise / (window as f64).sqrt();
    let least = medians.iter().copied().fold(f64::INFINITY, f64::min);
    medians
        .first()
        .is_some_and(|first| first - least > STANDARD_ERRORS * error)
}

/// The median of each `window` values in a row. The values of a window are kept in order, so that a step costs no more
/// than moving some of them.
fn running_medians(values: &[f64], window: usize) -> Vec<f64> {
    let mut sorted = values[..window].to_vec();
    sorted.sort_by(f64::total_cmp);
    let mut medians = vec![middle(&sorted)];
    for (gone, come) in values.iter().zip(&values[window..]) {
        let place = |sorted: &[f64], value: &f64| sorted.partition_point(|other| other.total_cmp(value).is_lt());
        sorted.remove(place(&sorted, gone));
        sorted.insert(place(&sorted, come), *come);
        medians.push(middle(&sorted));
    }
    medians
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    middle(&values)
}

/// The median of values in ascending order.
fn middle(values: &[f64]) -> f64 {
    let middle = values.len() / 2;
    match values {
        [] => f64::NAN,
        values if values.len() % 2 == 1 => values[middle],
        values => f64::midpoint(values[middle - 1], values[middle]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::ChaCha8Rng;
    use rand_core::{Rng, SeedableRng};

    /// Standard normal, by the method of Box and Muller.
    fn normal(random: &mut ChaCha8Rng) -> f64 {
        let mut even = || (f64::from(random.next_u32()) + 0.5) / (f64::from(u32::MAX) + 1.0);
        (-2.0 * even().ln()).sqrt() * (std::f64::consts::TAU * even()).cos()
    }

    #[test]
    fn noise_is_no_descent() {
        let mut random = ChaCha8Rng::seed_from_u64(1);
        for steps in [10, 20, 100, 400] {
            let found = (0..1000).filter(|_| {
                let losses: Vec<f64> = (0..steps).map(|_| 2.3 + 0.2 * normal(&mut random)).collect();
                descends(&losses)
            });
            let found = found.count();
            assert!(found <= 20, "{found} of 1000 flat curves of {steps} steps descend");
        }
        assert!(!descends(&[2.0; 50]) && !descends(&[]) && !descends(&[3.0, 2.0, 1.0]));
    }

    #[test]
    fn running_medians_are_medians() {
        let values = [3.0, 1.0, 2.0, 2.0, -1.0, 9.0, 0.0];
        for window in 1..=values.len() {
            let each: Vec<f64> = values.windows(window).map(|values| median(values.to_vec())).collect();
            assert_eq!(running_medians(&values, window), each);
        }
    }

    #[test]
    fn a_rise_is_no_descent_and_a_small_fall_is_one() {
        let curve = |slope: f64| {
            (0..100)
                .map(move |step| 2.3 + slope * f64::from(step))
                .collect::<Vec<_>>()
        };
        assert!(descends(&curve(-1e-6)), "there is no noise");
        assert!(!descends(&curve(1e-3)));
        let mut random = ChaCha8Rng::seed_from_u64(2);
        let noisy: Vec<f64> = curve(-0.01)
            .iter()
            .map(|loss| loss + 0.1 * normal(&mut random))
            .collect();
        assert!(descends(&noisy));
        let mut blown = noisy;
        blown.extend([f64::INFINITY, f64::NAN]);
        assert!(descends(&blown));
    }
}
