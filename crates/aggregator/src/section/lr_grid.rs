//! Is a suggestion any good? Trainings at each learning rate of a grid, and the loss at what each rule suggests beside the least.

use crate::input::ConfigInput;
use crate::section::ranges::{estimate, usable};
use crate::stats::band::{Aligned, band};
use crate::stats::quantile::quantiles;
use seedband_core::range_test::Answer;
use seedband_core::settings::Statistics;
use seedband_core::summary::{CalibratedSeed, Calibration, ConfigSummary, Regret, TrainingSummary};
use seedband_core::train::{Rate, TrainSettings, Training};

/// With fewer learning rates there is no curve to read a loss off.
const LEAST_RATES: usize = 3;

/// How far apart two learning rates are that count as one, relative: what is lost when a number is written and read again, many times over.
const SAME: f64 = 1e-9;

/// One for each grid of three or more learning rates: trainings that differ in nothing but a rate given as a number.
pub(crate) fn lr_grids(config: &ConfigInput, summary: &ConfigSummary, statistics: &Statistics) -> Vec<Calibration> {
    let mut grids: Vec<(TrainSettings, Vec<(f64, &Training)>)> = Vec::new();
    for training in &config.trainings {
        let Rate::Fixed(lr) = training.settings.lr else {
            continue;
        };
        let others = TrainSettings {
            lr: Rate::Fixed(0.0),
            ..training.settings.clone()
        };
        match grids.iter_mut().find(|(known, _)| *known == others) {
            Some((_, grid)) => grid.push((lr, training)),
            None => grids.push((others, vec![(lr, training)])),
        }
    }
    let grids = grids.into_iter().filter_map(|(_, mut grid)| {
        grid.sort_by(|a, b| a.0.total_cmp(&b.0));
        grid.dedup_by(|a, b| a.0.to_bits() == b.0.to_bits());
        (grid.len() >= LEAST_RATES).then_some(grid)
    });
    grids.map(|grid| calibration(&grid, summary, statistics)).collect()
}

fn calibration(grid: &[(f64, &Training)], summary: &ConfigSummary, statistics: &Statistics) -> Calibration {
    let lrs: Vec<f64> = grid.iter().map(|(lr, _)| *lr).collect();
    let trained: Vec<Option<&TrainingSummary>> = grid
        .iter()
        .map(|(_, training)| summary.trainings.iter().find(|found| found.name == training.name))
        .collect();
    // A seed counts only with a curve at every learning rate: else seeds would be mixed up with rates.
    let seeds: Vec<CalibratedSeed> = summary
        .seeds
        .iter()
        .filter_map(|seed| {
            let at = |found: Option<&TrainingSummary>| {
                let mut seeds = found?.seeds.iter();
                seeds.find(|own| own.seed == seed.seed).map(|own| own.best_loss)
            };
            let best_loss: Option<Vec<f64>> = trained.iter().copied().map(at).collect();
            Some(CalibratedSeed {
                seed: seed.seed,
                best_loss: best_loss?,
            })
        })
        .collect();
    let aligned: Vec<Aligned> = seeds
        .iter()
        .map(|seed| Aligned::new(&seed.best_loss, statistics.early_end))
        .collect();
    let best: Vec<f64> = seeds.iter().filter_map(|seed| best_lr(&lrs, &seed.best_loss)).collect();
    let settings = &grid[0].1.settings;
    Calibration {
        policy: settings.policy.name().to_owned(),
        epochs: settings.epochs,
        steps: settings.steps,
        trainings: grid.iter().map(|(_, training)| training.name.clone()).collect(),
        best_loss: band(&aligned, lrs.len(), statistics),
        best_lr: (!best.is_empty()).then(|| estimate(best, statistics)),
        regrets: choices(summary)
            .iter()
            .map(|choice| regret(choice, &lrs, &seeds, statistics))
            .collect(),
        seeds,
        lrs,
    }
}

/// The learning rate of a seed's least finite loss, the first of equals.
fn best_lr(lrs: &[f64], losses: &[f64]) -> Option<f64> {
    let finite = losses.iter().zip(lrs).filter(|(loss, _)| loss.is_finite());
    finite.min_by(|a, b| a.0.total_cmp(b.0)).map(|(_, lr)| *lr)
}

/// A way to choose the learning rate of each seed.
struct Choice {
    name: String,
    /// Seed and learning rate; seeds without one are absent.
    lrs: Vec<(u64, f64)>,
}

/// Each seed by its own range test, by each rule; and all seeds by what the range tests say together.
fn choices(summary: &ConfigSummary) -> Vec<Choice> {
    let own = |name: &str, answers: Vec<(u64, Answer)>| Choice {
        name: name.to_owned(),
        lrs: answers
            .into_iter()
            .filter_map(|(seed, answer)| usable(&answer).map(|lr| (seed, lr)))
            .collect(),
    };
    let all = |name: &str, lr: Option<f64>| {
        lr.map(|lr| Choice {
            name: name.to_owned(),
            lrs: summary.seeds.iter().map(|seed| (seed.seed, lr)).collect(),
        })
    };
    let mut choices = vec![
        own(
            "own min LR",
            summary.seeds.iter().map(|seed| (seed.seed, seed.min_lr)).collect(),
        ),
        own(
            "own max LR",
            summary.seeds.iter().map(|seed| (seed.seed, seed.max_lr)).collect(),
        ),
    ];
    choices.extend(summary.named_rules.iter().map(|rule| {
        let answers = rule.answers.iter().map(|answer| (answer.seed, answer.answer)).collect();
        own(&rule.name, answers)
    }));
    let together = [
        all("median min LR", summary.min_lr.estimate.map(|estimate| estimate.median)),
        all("median max LR", summary.max_lr.estimate.map(|estimate| estimate.median)),
        all("consensus max LR", summary.consensus.max_lr),
    ];
    choices.extend(together.into_iter().flatten());
    choices
}

fn regret(choice: &Choice, lrs: &[f64], seeds: &[CalibratedSeed], statistics: &Statistics) -> Regret {
    let mut regret = Regret {
        rule: choice.name.clone(),
        n: 0,
        below: 0,
        above: 0,
        without: 0,
        suggestion: None,
        regret: None,
    };
    let (mut suggestions, mut regrets) = (Vec::new(), Vec::new());
    for seed in seeds {
        let Some((_, lr)) = choice.lrs.iter().find(|(own, _)| *own == seed.seed) else {
            regret.without += 1;
            continue;
        };
        suggestions.push(*lr);
        match loss_at(*lr, lrs, &seed.best_loss) {
            At::Below => regret.below += 1,
            At::Above => regret.above += 1,
            At::Loss(loss) => {
                let least = seed.best_loss.iter().copied().fold(f64::INFINITY, f64::min);
                // Where training blew up at every rate, no choice is worse than another.
                regrets.push(if least.is_finite() { loss - least } else { 0.0 });
            }
        }
    }
    regret.n = regrets.len() as u32;
    regret.suggestion = (!suggestions.is_empty()).then(|| estimate(suggestions, statistics));
    regret.regret = quantiles(regrets.into_iter(), statistics);
    regret
}

/// A loss between the learning rates of a grid.
#[derive(Debug, PartialEq)]
enum At {
    Below,
    Loss(f64),
    Above,
}

/// The loss at `lr`, between two learning rates on the straight line over log10 of the learning rate; infinite where one of the two is.
fn loss_at(lr: f64, lrs: &[f64], losses: &[f64]) -> At {
    if let Some(place) = lrs.iter().position(|known| (lr / known - 1.0).abs() < SAME) {
        return At::Loss(losses[place]);
    }
    let above = lrs.partition_point(|known| *known < lr);
    if above == 0 {
        return At::Below;
    }
    if above == lrs.len() {
        return At::Above;
    }
    let (left, right) = (losses[above - 1], losses[above]);
    if !(left.is_finite() && right.is_finite()) {
        return At::Loss(f64::INFINITY);
    }
    let share = (lr / lrs[above - 1]).log10() / (lrs[above] / lrs[above - 1]).log10();
    At::Loss(left + share * (right - left))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rates 0.01, 0.1, 1 with losses 3, 1, 5: half a decade above 0.1 lies halfway to 5.
    #[test]
    fn losses_between_rates_lie_on_a_line_over_the_logarithm() {
        let (lrs, losses) = ([0.01, 0.1, 1.0], [3.0, 1.0, 5.0]);
        assert_eq!(loss_at(0.1, &lrs, &losses), At::Loss(1.0));
        assert_eq!(loss_at(0.1 * (1.0 + 1e-12), &lrs, &losses), At::Loss(1.0));
        assert_eq!(loss_at(0.009, &lrs, &losses), At::Below);
        assert_eq!(loss_at(1.1, &lrs, &losses), At::Above);
        for (lr, expected) in [(10_f64.powf(-0.5), 3.0), (10_f64.powf(-1.75), 2.5)] {
            match loss_at(lr, &lrs, &losses) {
                // A handful of roundings of numbers near 1.
                At::Loss(loss) => assert!((loss - expected).abs() < 1e-12, "{loss}"),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(loss_at(0.5, &lrs, &[3.0, 1.0, f64::INFINITY]), At::Loss(f64::INFINITY));
        assert_eq!(loss_at(1.0, &lrs, &[3.0, 1.0, f64::INFINITY]), At::Loss(f64::INFINITY));
        assert_eq!(
            loss_at(0.05, &lrs, &[3.0, 1.0, f64::INFINITY]),
            loss_at(0.05, &lrs, &losses)
        );
    }

    /// Two seeds over rates 0.01, 0.1, 1. Seed 0: 3, 1, 5, suggestion 1: regret 4. Seed 1: 2, 4, infinite, suggestion 0.1: regret 2. Seed 2
    /// suggests 10, which is above. Seed 3 suggests nothing.
    #[test]
    fn regrets_by_hand() {
        let statistics = Statistics::default();
        let seeds: Vec<CalibratedSeed> = [[3.0, 1.0, 5.0], [2.0, 4.0, f64::INFINITY], [1.0; 3], [1.0; 3]]
            .into_iter()
            .zip(0..)
            .map(|(best_loss, seed)| CalibratedSeed {
                seed,
                best_loss: best_loss.to_vec(),
            })
            .collect();
        let choice = Choice {
            name: "rule".into(),
            lrs: vec![(0, 1.0), (1, 0.1), (2, 10.0)],
        };
        let found = regret(&choice, &[0.01, 0.1, 1.0], &seeds, &statistics);
        assert_eq!((found.n, found.below, found.above, found.without), (2, 0, 1, 1));
        let quantiles = found.regret.unwrap();
        assert!((quantiles.median - 3.0).abs() < 1e-12 && (quantiles.lower - 2.2).abs() < 1e-12);
        assert!((found.suggestion.unwrap().median - 1.0).abs() < 1e-12);
    }

    /// Where every rate blew up, none is to be regretted.
    #[test]
    fn a_seed_that_always_blows_up_has_no_regret() {
        let seeds = [CalibratedSeed {
            seed: 0,
            best_loss: vec![f64::INFINITY; 3],
        }];
        let choice = Choice {
            name: "rule".into(),
            lrs: vec![(0, 0.1)],
        };
        let found = regret(&choice, &[0.01, 0.1, 1.0], &seeds, &Statistics::default());
        assert_eq!(found.regret.map(|quantiles| quantiles.median.to_bits()), Some(0));
    }

    #[test]
    fn the_best_rate_of_a_seed() {
        let lrs = [0.01, 0.1, 1.0];
        assert_eq!(best_lr(&lrs, &[3.0, 1.0, 1.0]), Some(0.1));
        assert_eq!(best_lr(&lrs, &[f64::INFINITY; 3]), None);
    }
}
