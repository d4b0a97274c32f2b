//! The smoothed curve of every seed, which stands beside a summary and not in it.

/// The smoothed losses of each seed that has a curve, up to and including the step that fired the stop rule; in nats.
///
/// Figures show them. They stand in no `summary.json`: the table `curves` has them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SmoothedCurves {
    /// By config in the order of [`Summary::configs`](super::Summary::configs), then by seed in the order of
    /// [`ConfigSummary::seeds`](super::ConfigSummary::seeds), then by step from 0.
    pub configs: Vec<Vec<Vec<f64>>>,
}

impl SmoothedCurves {
    /// The curves of the config at a place in the study; none for a place without.
    pub fn of_config(&self, place: usize) -> &[Vec<f64>] {
        self.configs.get(place).map_or(&[], Vec::as_slice)
    }
}
