//! What it costs to take a suggestion: the loss at the suggested learning rate beside that at the best of a grid.

mod grid_losses;

pub(crate) use grid_losses::{GridLosses, least};

use crate::stats::{Sample, estimate, median_interval, quantiles, usable};
use grid_losses::At;
use seedband_core::range_test::Answer;
use seedband_core::settings::Statistics;
use seedband_core::summary::{ConfigAnswer, ConfigSummary, LrGridSeed, Regret};

/// One for each way to choose a learning rate, over the seeds of a grid.
pub(crate) fn regrets(summary: &ConfigSummary, grid: &GridLosses<'_>, statistics: &Statistics) -> Vec<Regret> {
    let best = grid.at_the_best_of_the_others();
    let choices = choices(summary).into_iter();
    choices.map(|choice| regret(&choice, grid, &best, statistics)).collect()
}

/// A way to choose the learning rate of each seed.
struct Choice {
    name: String,
    /// Seed and learning rate; seeds without one are absent.
    lrs: Vec<(u64, f64)>,
}

impl Choice {
    fn lr_of(&self, seed: &LrGridSeed) -> Option<f64> {
        self.lrs
            .iter()
            .find(|(number, _)| *number == seed.seed)
            .map(|(_, lr)| *lr)
    }
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
    let answer = summary.answer.as_ref();
    let range = answer.and_then(|answer| answer.suggestion.range);
    let together = [
        all("median min LR", summary.min_lr.estimate.map(|estimate| estimate.median)),
        all("median max LR", summary.max_lr.estimate.map(|estimate| estimate.median)),
        all("suggested LR", answer.and_then(ConfigAnswer::suggested_lr)),
        all("consensus max LR", range.map(|range| range.max_lr)),
    ];
    choices.extend(together.into_iter().flatten());
    choices
}

/// The regret of one choice; `best` is for each seed of the grid its loss at the rate to compare with.
fn regret(choice: &Choice, grid: &GridLosses<'_>, best: &[f64], statistics: &Statistics) -> Regret {
    let (mut below, mut above, mut measured) = (0, 0, 0);
    let (mut regrets, mut suggested) = (Vec::new(), Vec::new());
    for (seed, best) in grid.seeds.iter().zip(best) {
        let Some(lr) = choice.lr_of(seed) else { continue };
        suggested.push(lr);
        let loss = match grid.at(seed, lr) {
            At::Below => {
                below += 1;
                continue;
            }
            At::Above => {
                above += 1;
                continue;
            }
            At::Trained(loss) => {
                measured += 1;
                loss
            }
            At::Between(loss) => loss,
        };
        // Where training blew up at both, neither choice is worse than the other.
        let both_blew_up = loss.is_infinite() && best.is_infinite();
        regrets.push(if both_blew_up { 0.0 } else { loss - best });
    }
    let sample = Sample::new(regrets);
    let regrets = sample.sorted();
    Regret {
        rule: choice.name.clone(),
        n: regrets.len() as u32,
        measured,
        below,
        above,
        without: (grid.seeds.len() - suggested.len()) as u32,
        suggestion: (!suggested.is_empty()).then(|| estimate(suggested, statistics)),
        regret: quantiles(regrets.iter().copied(), statistics),
        interval: median_interval(regrets, statistics),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    fn found(choice: &[(u64, f64)], losses: &[[f64; 3]], others: &HashMap<u64, Vec<(f64, f64)>>) -> Regret {
        let seed = |(best_loss, seed): (&[f64; 3], u64)| LrGridSeed {
            seed,
            best_loss: best_loss.to_vec(),
        };
        let seeds: Vec<LrGridSeed> = losses.iter().zip(0..).map(seed).collect();
        let grid = GridLosses {
            lrs: &[0.01, 0.1, 1.0],
            seeds: &seeds,
            others,
        };
        let choice = Choice {
            name: "rule".into(),
            lrs: choice.to_vec(),
        };
        regret(
            &choice,
            &grid,
            &grid.at_the_best_of_the_others(),
            &Statistics::default(),
        )
    }

    /// By the other seeds 0.1 is best, for each of the four. Seed 0 suggests 1: 5 - 1. Seed 1 suggests 0.1 itself: 0,
    /// though its own least loss is 2 lower. Seed 2 suggests 10, which is above. Seed 3 suggests nothing.
    #[test]
    fn regrets_by_hand() {
        let losses = [
            [3.0, 1.0, 5.0],
            [2.0, 4.0, f64::INFINITY],
            [2.0, 1.0, 3.0],
            [2.0, 1.0, 3.0],
        ];
        let regret = found(&[(0, 1.0), (1, 0.1), (2, 10.0)], &losses, &HashMap::new());
        assert_eq!(
            (regret.n, regret.measured, regret.below, regret.above, regret.without),
            (2, 2, 0, 1, 1)
        );
        let quantiles = regret.regret.unwrap();
        assert!((quantiles.median - 2.0).abs() < 1e-12 && (quantiles.lower - 0.4).abs() < 1e-12);
        assert_eq!(
            (regret.interval, regret.suggestion.unwrap().median.to_bits()),
            (None, 1.0_f64.to_bits())
        );
    }

    /// Six seeds with losses 2, 1, 3 suggest the middle between 0.1 and 1 on a logarithmic axis, where a line would say
    /// 2. Five of them were trained there, with losses 0.5, 0.6, … 0.9.
    #[test]
    fn a_training_at_the_suggestion_says_more_than_a_line() {
        let lr = 10_f64.powf(-0.5);
        let choice: Vec<(u64, f64)> = (0..6).map(|seed| (seed, lr)).collect();
        let trained = |seed: u32| (u64::from(seed), vec![(lr * (1.0 + 1e-12), 0.5 + 0.1 * f64::from(seed))]);
        let regret = found(&choice, &[[2.0, 1.0, 3.0]; 6], &(0..5).map(trained).collect());
        assert_eq!((regret.n, regret.measured), (6, 5));
        // -0.5, -0.4, -0.3, -0.2, -0.1 and, on the line, 1.
        assert!((regret.regret.unwrap().median + 0.25).abs() < 1e-12);
        let interval = regret.interval.unwrap();
        assert!((interval.lower + 0.5).abs() < 1e-12 && (interval.upper - 1.0).abs() < 1e-12);
        assert!((interval.confidence - 62.0 / 64.0).abs() < 1e-12);
    }

    /// Where every rate blew up, none is to be regretted.
    #[test]
    fn a_seed_that_always_blows_up_has_no_regret() {
        let regret = found(&[(0, 0.1)], &[[f64::INFINITY; 3]], &HashMap::new());
        assert_eq!(regret.regret.map(|quantiles| quantiles.median.to_bits()), Some(0));
    }
}
