//! What it costs to take a suggestion: the loss at the suggested learning rate beside the least of a grid.

use crate::stats::{Groups, estimate, quantiles, usable};
use polars::prelude::{DataFrameJoinOps, PolarsResult, df};
use seedband_core::range_test::Answer;
use seedband_core::settings::Statistics;
use seedband_core::summary::{ConfigAnswer, ConfigSummary, LrGridSeed, Regret};
use std::collections::HashMap;

/// How far apart two learning rates are that count as one, relative: what is lost when a number is written and read
/// again, many times over.
const SAME: f64 = 1e-9;

/// One for each way to choose a learning rate, over the seeds of a grid with these learning rates.
pub(crate) fn regrets(
    summary: &ConfigSummary,
    lrs: &[f64],
    seeds: &[LrGridSeed],
    statistics: &Statistics,
) -> PolarsResult<Vec<Regret>> {
    regrets_of(&choices(summary), lrs, seeds, statistics)
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

fn regrets_of(
    choices: &[Choice],
    lrs: &[f64],
    seeds: &[LrGridSeed],
    statistics: &Statistics,
) -> PolarsResult<Vec<Regret>> {
    let rows = || {
        choices
            .iter()
            .zip(0_u32..)
            .flat_map(|(choice, place)| choice.lrs.iter().map(move |row| (place, row)))
    };
    let suggestions = df!(
        "choice" => rows().map(|(choice, _)| choice).collect::<Vec<u32>>(),
        "seed" => rows().map(|(_, (seed, _))| *seed).collect::<Vec<u64>>(),
        "lr" => rows().map(|(_, (_, lr))| *lr).collect::<Vec<f64>>(),
    )?;
    let places = df!(
        "seed" => seeds.iter().map(|seed| seed.seed).collect::<Vec<u64>>(),
        "place" => (0..seeds.len() as u32).collect::<Vec<u32>>(),
    )?;
    let suggestions = suggestions.inner_join(&places, ["seed"], ["seed"])?;
    let groups = Groups::new(&suggestions, ["choice"])?;
    let (suggested, place) = (groups.floats("lr")?, suggestions.column("place")?.u32()?);
    let by_choice: HashMap<u32, usize> = groups.key(0)?.u32()?.iter().flatten().zip(0..).collect();
    let of_choice = |(choice, number): (&Choice, u32)| {
        let suggestions: Vec<(f64, &LrGridSeed)> = match by_choice.get(&number) {
            Some(&group) => {
                let of_row = |row| seeds.get(place.get(row)? as usize);
                let own = suggested.of(group).into_iter().zip(groups.rows(group).map(of_row));
                own.filter_map(|(lr, seed)| Some((lr, seed?))).collect()
            }
            None => Vec::new(),
        };
        regret(&choice.name, &suggestions, lrs, seeds.len(), statistics)
    };
    Ok(choices.iter().zip(0..).map(of_choice).collect())
}

/// `suggestions` are those of the seeds that have one, of `all`.
fn regret(rule: &str, suggestions: &[(f64, &LrGridSeed)], lrs: &[f64], all: usize, statistics: &Statistics) -> Regret {
    let (mut below, mut above) = (0, 0);
    let mut regrets = Vec::new();
    for (lr, seed) in suggestions {
        match loss_at(*lr, lrs, &seed.best_loss) {
            At::Below => below += 1,
            At::Above => above += 1,
            At::Loss(loss) => {
                let least = seed.best_loss.iter().copied().fold(f64::INFINITY, f64::min);
                // Where training blew up at every rate, no choice is worse than another.
                regrets.push(if least.is_finite() { loss - least } else { 0.0 });
            }
        }
    }
    let suggested: Vec<f64> = suggestions.iter().map(|(lr, _)| *lr).collect();
    Regret {
        rule: rule.to_owned(),
        n: regrets.len() as u32,
        below,
        above,
        without: (all - suggestions.len()) as u32,
        suggestion: (!suggested.is_empty()).then(|| estimate(suggested, statistics)),
        regret: quantiles(regrets.into_iter(), statistics),
    }
}

/// A loss between the learning rates of a grid.
#[derive(Debug, PartialEq)]
enum At {
    Below,
    Loss(f64),
    Above,
}

/// The loss at `lr`, between two learning rates on the straight line over log10 of the learning rate; infinite where
/// one of the two is.
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

    /// Two seeds over rates 0.01, 0.1, 1. Seed 0: 3, 1, 5, suggestion 1: regret 4. Seed 1: 2, 4, infinite, suggestion
    /// 0.1: regret 2. Seed 2 suggests 10, which is above. Seed 3 suggests nothing.
    #[test]
    fn regrets_by_hand() {
        let statistics = Statistics::default();
        let seeds: Vec<LrGridSeed> = [[3.0, 1.0, 5.0], [2.0, 4.0, f64::INFINITY], [1.0; 3], [1.0; 3]]
            .into_iter()
            .zip(0..)
            .map(|(best_loss, seed)| LrGridSeed {
                seed,
                best_loss: best_loss.to_vec(),
            })
            .collect();
        let choice = Choice {
            name: "rule".into(),
            lrs: vec![(0, 1.0), (1, 0.1), (2, 10.0)],
        };
        let found = regrets_of(&[choice], &[0.01, 0.1, 1.0], &seeds, &statistics)
            .unwrap()
            .remove(0);
        assert_eq!((found.n, found.below, found.above, found.without), (2, 0, 1, 1));
        let quantiles = found.regret.unwrap();
        assert!((quantiles.median - 3.0).abs() < 1e-12 && (quantiles.lower - 2.2).abs() < 1e-12);
        assert!((found.suggestion.unwrap().median - 1.0).abs() < 1e-12);
    }

    /// Where every rate blew up, none is to be regretted.
    #[test]
    fn a_seed_that_always_blows_up_has_no_regret() {
        let seeds = [LrGridSeed {
            seed: 0,
            best_loss: vec![f64::INFINITY; 3],
        }];
        let choice = Choice {
            name: "rule".into(),
            lrs: vec![(0, 0.1)],
        };
        let found = regrets_of(&[choice], &[0.01, 0.1, 1.0], &seeds, &Statistics::default());
        let found = found.unwrap().remove(0);
        assert_eq!(found.regret.map(|quantiles| quantiles.median.to_bits()), Some(0));
    }
}
