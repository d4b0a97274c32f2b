//! What suggestions cost beside the best learning rate of a grid, in words.

use crate::format;
use crate::section::trainings;
use seedband_core::summary::{Interval, LrGridSummary, Regret};
use std::fmt::Write as _;

/// All seeds, with a regret or without.
pub(crate) fn seeds(regret: &Regret) -> u32 {
    [regret.n, regret.below, regret.above, regret.without]
        .into_iter()
        .fold(0, u32::saturating_add)
}

/// Whether more than half of the seeds have a regret. The regret of the few others says nothing of the choice: it is
/// that of the seeds where the choice happened to be reasonable.
pub(crate) fn is_for_most(regret: &Regret) -> bool {
    u64::from(regret.n) * 2 > u64::from(seeds(regret))
}

/// How many seeds a regret stands for, and what became of the others: `4 of 6 seeds, 2 above the grid`.
pub(crate) fn note(regret: &Regret) -> String {
    let all = format::count(seeds(regret), "seed");
    let mut note = if regret.n == seeds(regret) {
        all
    } else {
        format!("{} of {all}", regret.n)
    };
    for (count, what) in [
        (regret.below, "below"),
        (regret.above, "above"),
        (regret.without, "none"),
    ] {
        if count > 0 {
            let _ = write!(note, ", {count} {what}");
        }
    }
    note
}

/// How the grid was trained, for example `one cycle, 4 epochs`.
pub(crate) fn schedule(grid: &LrGridSummary) -> String {
    trainings::schedule(&grid.policy, grid.epochs, grid.steps)
}

/// The best learning rate of the grid, and the choices of least and of most regret among those that are for most seeds.
pub(crate) fn finding(grid: &LrGridSummary) -> String {
    let (Some(best), n @ 1..) = (grid.best_lr, grid.seeds.len() as u32) else {
        return "No seed has a loss at every learning rate of the grid.".to_owned();
    };
    format!(
        "{}: over {} the best of {} learning rates from {} to {} is {} in the median.{}{}",
        format::capitalised(&schedule(grid)),
        format::count(n, "seed"),
        grid.lrs.len(),
        format::lr(grid.lrs.first().copied().unwrap_or(f64::NAN)),
        format::lr(grid.lrs.last().copied().unwrap_or(f64::NAN)),
        format::estimate(best, format::lr),
        outer_choices(grid),
        choices_left_out(grid)
    )
}

/// The choices of least and of most median regret; empty without one.
fn outer_choices(grid: &LrGridSummary) -> String {
    let mut ranked: Vec<(f64, &Regret)> = grid
        .regrets
        .iter()
        .filter(|regret| is_for_most(regret))
        .filter_map(|regret| regret.regret.map(|found| (found.median, regret)))
        .collect();
    // Stable: of equals the first stays first.
    ranked.sort_by(|a, b| a.0.total_cmp(&b.0));
    let with_regret = |wanted: f64| {
        let equal = ranked.iter().filter(|(median, _)| median.total_cmp(&wanted).is_eq());
        list(&equal.map(|(_, regret)| regret.rule.as_str()).collect::<Vec<_>>())
    };
    let Some(((least, first), (largest, worst))) = ranked.first().zip(ranked.last()) else {
        return String::new();
    };
    let worst = if largest > least {
        format!("; the largest that of {}, {}", with_regret(*largest), nats(worst))
    } else {
        String::new()
    };
    let least = with_regret(*least);
    format!(" The least median regret is that of {least}, {}{worst}.", nats(first))
}

/// `0.0200 (0 – 0.300) nats over 3 seeds`, with the interval of the median where there is one.
fn nats(regret: &Regret) -> String {
    let found = regret.regret.map(|found| format::quantiles(found, format::loss));
    let seeds = format::count(regret.n, "seed");
    let interval = regret
        .interval
        .map_or_else(String::new, |interval| format!(" (median: {})", limits(interval)));
    format!(
        "{} nats over {seeds}{interval}, {}",
        found.unwrap_or_default(),
        basis(regret)
    )
}

/// `95.9 %: -0.0100 to 0.0300`.
pub(crate) fn limits(interval: Interval) -> String {
    format!(
        "{}: {} to {}",
        format::percent(interval.confidence),
        format::loss(interval.lower),
        format::loss(interval.upper)
    )
}

/// Where the losses at the suggestions come from: `trained at that rate`, or in how many seeds they are interpolated.
pub(crate) fn basis(regret: &Regret) -> String {
    match regret.n.saturating_sub(regret.measured) {
        0 => "trained at that rate".to_owned(),
        all if all == regret.n => "interpolated between rates of the grid".to_owned(),
        some => format!("in {some} of them interpolated between rates of the grid"),
    }
}

/// How many choices have a regret for too few seeds; empty where all have one for most.
fn choices_left_out(grid: &LrGridSummary) -> String {
    let left_out = grid.regrets.iter().filter(|regret| !is_for_most(regret)).count() as u32;
    if left_out == 0 {
        return String::new();
    }
    let have = if left_out == 1 { "has" } else { "have" };
    format!(
        " {} {have} no regret for half of the seeds or more: nothing is suggested, or it lies outside the grid.",
        format::count(left_out, "choice")
    )
}

fn list(names: &[&str]) -> String {
    match names {
        [before @ .., last] if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        _ => names.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;

    #[test]
    fn only_choices_with_a_regret_for_most_seeds_are_compared() {
        let mut grid = example::with_lr_grid("a").lr_grids.remove(0);
        assert_eq!(
            finding(&grid),
            "One cycle, 4 epochs: over 3 seeds the best of 3 learning rates from 0.010 to 1.0 is 0.10 (0.10 – 0.10) in \
             the median. The least median regret is that of own max LR, 0.0200 (0 – 0.300) nats over 3 seeds, \
             interpolated between rates of the grid; the largest that of steep, 0.400 (0.100 – ∞) nats over 2 seeds, \
             interpolated between rates of the grid. 2 choices have no regret for half of the seeds or more: nothing is \
             suggested, or it lies outside the grid."
        );
        // Equals are named together, and then there is no largest.
        grid.regrets.truncate(1);
        grid.regrets.push(grid.regrets[0].clone());
        grid.regrets[1].rule = "other".into();
        let text = finding(&grid);
        assert!(
            text.contains("that of own max LR and other, 0.0200 (0 – 0.300) nats over 3 seeds, interpolated"),
            "{text}"
        );
        // Half of the seeds are not most of them.
        (grid.regrets[1].n, grid.regrets[1].above) = (2, 2);
        assert!(!finding(&grid).contains("and other"));
    }

    #[test]
    fn a_grid_without_seeds_says_so() {
        let mut grid = example::with_lr_grid("a").lr_grids.remove(0);
        grid.seeds.clear();
        grid.best_lr = None;
        assert_eq!(finding(&grid), "No seed has a loss at every learning rate of the grid.");
    }

    #[test]
    fn notes_say_how_many_seeds_lie_outside() {
        let grid = example::with_lr_grid("a").lr_grids.remove(0);
        let notes: Vec<String> = grid.regrets.iter().map(note).collect();
        assert_eq!(
            notes,
            [
                "3 seeds",
                "2 of 3 seeds, 1 below",
                "1 of 3 seeds, 2 above",
                "0 of 3 seeds, 3 none"
            ]
        );
    }
}
