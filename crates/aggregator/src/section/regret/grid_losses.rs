//! The loss of a seed at any learning rate of a grid, and at the rate that is best by the other seeds.

use crate::stats::{Sample, Scale};
use seedband_core::summary::LrGridSeed;
use std::collections::HashMap;

/// How far apart two learning rates are that count as one, in decades: what is lost when a number is written and read
/// again, many times over.
const SAME_DECADES: f64 = 1e-9;

/// What is known of the seeds of a grid.
pub(crate) struct GridLosses<'a> {
    /// The learning rates, ascending.
    pub(crate) lrs: &'a [f64],
    pub(crate) seeds: &'a [LrGridSeed],
    /// Further trainings that differ from those of the grid in nothing but their rate, by seed: rate and least
    /// validation loss.
    pub(crate) others: &'a HashMap<u64, Vec<(f64, f64)>>,
}

/// A loss at a learning rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum At {
    Below,
    Above,
    /// Of a training at this rate.
    Trained(f64),
    /// Between two rates of the grid.
    Between(f64),
}

impl GridLosses<'_> {
    /// The loss of a seed at `lr`: that of a training at this rate or else, between two learning rates of the grid, on
    /// the straight line over log10 of the learning rate; infinite where one of the two is.
    pub(super) fn at(&self, seed: &LrGridSeed, lr: f64) -> At {
        let is_same = |known: f64| (lr / known).log10().abs() < SAME_DECADES;
        if let Some(place) = self.lrs.iter().position(|known| is_same(*known)) {
            return At::Trained(seed.best_loss[place]);
        }
        let own = self.others.get(&seed.seed).into_iter().flatten();
        if let Some((_, loss)) = own.copied().find(|(known, _)| is_same(*known)) {
            return At::Trained(loss);
        }
        let above = self.lrs.partition_point(|known| *known < lr);
        if above == 0 {
            return At::Below;
        }
        if above == self.lrs.len() {
            return At::Above;
        }
        let (left, right) = (seed.best_loss[above - 1], seed.best_loss[above]);
        if !(left.is_finite() && right.is_finite()) {
            return At::Between(f64::INFINITY);
        }
        let share = (lr / self.lrs[above - 1]).log10() / (self.lrs[above] / self.lrs[above - 1]).log10();
        At::Between(left + share * (right - left))
    }

    /// For each seed its loss at the rate that is best by all other seeds; of a single seed its own least loss.
    ///
    /// The least of a seed's own losses would be too small by its noise: cross-validation of the choice (Stone,
    /// *Cross-Validatory Choice and Assessment of Statistical Predictions*, J. R. Stat. Soc. B 36, 1974).
    pub(super) fn at_the_best_of_the_others(&self) -> Vec<f64> {
        let chosen = |own: usize| {
            let others = || {
                self.seeds
                    .iter()
                    .enumerate()
                    .filter(move |(place, _)| *place != own || self.seeds.len() == 1)
            };
            let median = |rate: usize| {
                let losses = others().map(|(_, seed)| seed.best_loss[rate]).collect();
                Sample::new(losses).median(Scale::Raw)
            };
            least((0..self.lrs.len()).map(median))
        };
        let loss = |(place, seed): (usize, &LrGridSeed)| {
            // Where half of the others blew up at every rate, the seed's own least loss.
            let rate = chosen(place).or_else(|| least(seed.best_loss.iter().copied()));
            rate.map_or(f64::INFINITY, |rate| seed.best_loss[rate])
        };
        self.seeds.iter().enumerate().map(loss).collect()
    }
}

/// The place of the least finite value, the first of equals.
pub(crate) fn least(values: impl Iterator<Item = f64>) -> Option<usize> {
    let finite = values.enumerate().filter(|(_, value)| value.is_finite());
    finite.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(place, _)| place)
}

#[cfg(test)]
mod tests {
    use super::*;

    const INFINITY: f64 = f64::INFINITY;

    fn seeds(losses: &[[f64; 3]]) -> Vec<LrGridSeed> {
        let seed = |(losses, seed): (&[f64; 3], u64)| LrGridSeed {
            seed,
            best_loss: losses.to_vec(),
        };
        losses.iter().zip(0..).map(seed).collect()
    }

    /// Rates 0.01, 0.1, 1 with losses 3, 1, 5: half a decade above 0.1 lies halfway to 5.
    #[test]
    fn losses_between_rates_lie_on_a_line_over_the_logarithm() {
        let seeds = seeds(&[[3.0, 1.0, 5.0], [3.0, 1.0, INFINITY]]);
        let others = HashMap::from([(0, vec![(0.3, 0.75)])]);
        let grid = GridLosses {
            lrs: &[0.01, 0.1, 1.0],
            seeds: &seeds,
            others: &others,
        };
        assert_eq!(grid.at(&seeds[0], 0.1), At::Trained(1.0));
        assert_eq!(grid.at(&seeds[0], 0.1 * (1.0 + 1e-12)), At::Trained(1.0));
        assert_eq!(
            grid.at(&seeds[0], 0.3),
            At::Trained(0.75),
            "a training says more than a line"
        );
        assert_eq!(grid.at(&seeds[0], 0.009), At::Below);
        assert_eq!(grid.at(&seeds[0], 1.1), At::Above);
        for (lr, expected) in [(10_f64.powf(-0.5), 3.0), (10_f64.powf(-1.75), 2.5)] {
            match grid.at(&seeds[0], lr) {
                // A handful of roundings of numbers near 1.
                At::Between(loss) => assert!((loss - expected).abs() < 1e-12, "{loss}"),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(
            grid.at(&seeds[1], 0.3),
            At::Between(INFINITY),
            "that training was of another seed"
        );
        assert_eq!(grid.at(&seeds[1], 1.0), At::Trained(INFINITY));
    }

    /// By the others: of seed 0 the medians are 3, 3.5, 4: its first loss. Of seed 1: 2.5, 3, 2.5, of
    /// equals the first. Of seed 2: 1.5, 2.5, 4.5, though its own least is the third.
    #[test]
    fn the_rate_is_chosen_without_the_seed_that_measures_it() {
        let seeds = seeds(&[[1.0, 2.0, 3.0], [2.0, 3.0, 6.0], [4.0, 4.0, 2.0]]);
        let others = HashMap::new();
        let of = |seeds| GridLosses {
            lrs: &[0.01, 0.1, 1.0],
            seeds,
            others: &others,
        };
        assert_eq!(of(&seeds).at_the_best_of_the_others(), [1.0, 2.0, 4.0]);
        assert_eq!(of(&seeds[2..]).at_the_best_of_the_others(), [2.0], "alone");
    }
}
