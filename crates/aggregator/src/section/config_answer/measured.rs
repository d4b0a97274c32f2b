//! What a grid of trainings says more than a range test.

use super::super::suggestion::support;
use crate::input::ConfigInput;
use crate::stats::SeedRange;
use seedband_core::summary::{AnswerKind, ConfigSummary, LrGridSummary, Measured, SeedSummary, Suggestion};

/// Puts the best rate of the config's first grid in the place of the range tests' suggestion; leaves the answer as it is
/// where no grid has a seed, or every training of it blew up.
pub(super) fn add_measured(summary: &mut ConfigSummary, config: &ConfigInput) {
    let Some((grid, best)) = summary.lr_grids.iter().find_map(|grid| Some((grid, best(grid)?))) else {
        return;
    };
    let Some(answer) = summary.answer.as_mut() else {
        return;
    };
    let lr = grid.lrs[best];
    let beside = |place: Option<usize>| place.and_then(|place| grid.lrs.get(place)).copied();
    let neighbours = [beside(best.checked_sub(1)), beside(Some(best + 1))];
    let is_best = |losses: &[f64]| losses.iter().all(|loss| losses[best] <= *loss);
    let ranges: Vec<SeedRange> = summary.seeds.iter().map(SeedSummary::range).collect();
    answer.measured = Some(Measured {
        policy: grid.policy.clone(),
        suggested: answer.suggestion.lr,
        rates: grid.lrs.len() as u32,
        n: grid.seeds.len() as u32,
        best_of: grid.seeds.iter().filter(|seed| is_best(&seed.best_loss)).count() as u32,
        neighbours,
    });
    answer.kind = AnswerKind::UseMeasured;
    answer.more_seeds = None;
    answer.next = wider(grid, neighbours).filter(|_| config.recipe.trainer.recorded().is_none());
    answer.suggestion = Suggestion {
        lr: Some(lr),
        support: support(&ranges, Some(lr)),
        held_out: None,
        tolerance: None,
        ..answer.suggestion
    };
}

/// The place of the rate with the least median loss, the lowest of equals.
fn best(grid: &LrGridSummary) -> Option<usize> {
    let medians = grid.best_loss.median.iter().enumerate().filter(|(_, loss)| loss.is_finite());
    let best = medians.min_by(|a, b| a.1.total_cmp(b.1)).map(|(place, _)| place)?;
    (!grid.seeds.is_empty() && best < grid.lrs.len()).then_some(best)
}

/// The grid with two rates more on the side where its best rate is the last, as far apart as the two before.
fn wider(grid: &LrGridSummary, neighbours: [Option<f64>; 2]) -> Option<String> {
    let mut lrs = grid.lrs.clone();
    match (neighbours, grid.lrs.as_slice()) {
        ([None, _], [first, second, ..]) => {
            let ratio = first / second;
            lrs.splice(0..0, [first * ratio * ratio, first * ratio]);
        }
        ([_, None], [.., before, last]) => {
            let ratio = last / before;
            lrs.extend([last * ratio, last * ratio * ratio]);
        }
        _ => return None,
    }
    let rates: Vec<String> = lrs.iter().map(|lr| format!("{lr:?}")).collect();
    Some(format!("train.lr = [{}]", rates.join(", ")))
}
