//! A straight line through one seed's learning rates over batch sizes.

/// Both as log10.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// By least squares.
    pub(super) slope: f64,
    /// The mean of the logarithms of the learning rates.
    pub(super) middle: f64,
    /// The slope between every two neighbouring sizes.
    pub(super) local: Vec<f64>,
}

/// The line through `logs` over `sizes`, of which there are as many and no two equal.
pub(super) fn line(sizes: &[f64], logs: &[f64]) -> Line {
    let n = sizes.len() as f64;
    let (size, log) = (sizes.iter().sum::<f64>() / n, logs.iter().sum::<f64>() / n);
    let (mut product, mut square) = (0.0, 0.0);
    for (x, y) in sizes.iter().zip(logs) {
        product += (x - size) * (y - log);
        square += (x - size).powi(2);
    }
    let pairs = sizes.windows(2).zip(logs.windows(2));
    Line {
        slope: product / square,
        middle: log,
        local: pairs.map(|(x, y)| (y[1] - y[0]) / (x[1] - x[0])).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sizes that are not evenly spread: 1, 10, 1000 with logarithms 0, 1, 3 about 4/3, and of the rates 0, 0, 1 about
    /// 1/3. Least squares give (4/9 + 1/9 + 10/9) / (16/9 + 1/9 + 25/9) = 15/42.
    #[test]
    fn uneven_sizes_are_weighted_by_their_distance() {
        let Line { slope, middle, local } = line(&[0.0, 1.0, 3.0], &[0.0, 0.0, 1.0]);
        assert!(
            (slope - 15.0 / 42.0).abs() < 1e-15 && (middle - 1.0 / 3.0).abs() < 1e-15,
            "{slope} {middle}"
        );
        assert!(local[0].abs() < 1e-15 && (local[1] - 0.5).abs() < 1e-15, "{local:?}");
    }
}
