//! What suggestions cost beside the best learning rate of a grid, as rows and in words. Figure, page, Markdown and terminal show the same.

use crate::format;
use crate::section::{trainings, verdict};
use seedband_core::summary::{Calibration, Regret};
use std::fmt::Write as _;

/// One way to choose a learning rate, as a row of finished strings.
pub(crate) struct RegretView {
    pub(crate) name: String,
    pub(crate) suggestion: String,
    pub(crate) regret: String,
    /// Seeds with a regret, of all.
    pub(crate) seeds: String,
    /// Seeds whose suggestion lies below the grid, and above it.
    pub(crate) below: u32,
    pub(crate) above: u32,
    /// Seeds without a suggestion.
    pub(crate) without: u32,
}

/// The rows of the table, in the study's order; none without a seed.
pub(crate) fn views(calibration: &Calibration) -> Vec<RegretView> {
    if calibration.seeds.is_empty() {
        return Vec::new();
    }
    calibration.regrets.iter().map(view).collect()
}

fn view(regret: &Regret) -> RegretView {
    let dash = || "–".to_owned();
    RegretView {
        name: regret.rule.clone(),
        suggestion: regret
            .suggestion
            .map_or_else(dash, |found| verdict::estimate(found, format::lr_exact)),
        regret: regret
            .regret
            .map_or_else(dash, |found| verdict::quantiles(found, format::loss)),
        seeds: format!("{} of {}", regret.n, seeds(regret)),
        below: regret.below,
        above: regret.above,
        without: regret.without,
    }
}

fn seeds(regret: &Regret) -> u32 {
    regret.n + regret.below + regret.above + regret.without
}

/// Whether more than half of the seeds have a regret. The regret of the few others says nothing of the choice: it is that of the seeds where
/// the choice happened to be reasonable.
pub(crate) fn counts(regret: &Regret) -> bool {
    2 * regret.n > seeds(regret)
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
pub(crate) fn manner(calibration: &Calibration) -> String {
    trainings::manner(&calibration.policy, calibration.epochs, calibration.steps)
}

/// The best learning rate of the grid, and the choices of least and of most regret among those that count.
pub(crate) fn finding(calibration: &Calibration) -> String {
    let (Some(best), n @ 1..) = (calibration.best_lr, calibration.seeds.len() as u32) else {
        return "No seed has a loss at every learning rate of the grid.".to_owned();
    };
    let mut text = format!(
        "{}: over {} the best of {} learning rates from {} to {} is {} in the median.",
        format::capitalised(&manner(calibration)),
        format::count(n, "seed"),
        calibration.lrs.len(),
        format::lr(calibration.lrs.first().copied().unwrap_or(f64::NAN)),
        format::lr(calibration.lrs.last().copied().unwrap_or(f64::NAN)),
        verdict::estimate(best, format::lr),
    );
    let mut ranked: Vec<(f64, &Regret)> = calibration
        .regrets
        .iter()
        .filter(|regret| counts(regret))
        .filter_map(|regret| regret.regret.map(|found| (found.median, regret)))
        .collect();
    // Stable: of equals the first stays first.
    ranked.sort_by(|a, b| a.0.total_cmp(&b.0));
    let said = |regret: &Regret| {
        let found = regret.regret.map(|found| verdict::quantiles(found, format::loss));
        format!(
            "{} nats over {}",
            found.unwrap_or_default(),
            format::count(regret.n, "seed")
        )
    };
    let with = |wanted: f64| {
        let equal = ranked.iter().filter(|(median, _)| median.total_cmp(&wanted).is_eq());
        list(&equal.map(|(_, regret)| regret.rule.as_str()).collect::<Vec<_>>())
    };
    if let Some(((least, first), (most, last))) = ranked.first().zip(ranked.last()) {
        let _ = write!(
            text,
            " The least median regret is that of {}, {}",
            with(*least),
            said(first)
        );
        if most > least {
            let _ = write!(text, "; the largest that of {}, {}", with(*most), said(last));
        }
        text.push('.');
    }
    let outside = calibration.regrets.iter().filter(|regret| !counts(regret)).count() as u32;
    if outside > 0 {
        let choices = format::count(outside, "choice");
        let have = if outside == 1 { "has" } else { "have" };
        let _ = write!(
            text,
            " {choices} {have} no regret for half of the seeds or more: nothing is suggested, or it lies outside the grid."
        );
    }
    text
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
        let mut grid = example::calibrated("a").calibrations.remove(0);
        assert_eq!(
            finding(&grid),
            "One cycle, 4 epochs: over 3 seeds the best of 3 learning rates from 0.010 to 1.0 is 0.10 (0.10 – 0.10) in the median. The least median regret is that \
             of own max LR, 0.0200 (0 – 0.300) nats over 3 seeds; the largest that of steep, 0.400 (0.100 – ∞) nats over 2 seeds. 2 choices \
             have no regret for half of the seeds or more: nothing is suggested, or it lies outside the grid."
        );
        // Equals are named together, and then there is no largest.
        grid.regrets.truncate(1);
        grid.regrets.push(grid.regrets[0].clone());
        grid.regrets[1].rule = "other".into();
        let text = finding(&grid);
        assert!(
            text.ends_with("that of own max LR and other, 0.0200 (0 – 0.300) nats over 3 seeds."),
            "{text}"
        );
        // Half of the seeds are not most of them.
        (grid.regrets[1].n, grid.regrets[1].above) = (2, 2);
        assert!(!finding(&grid).contains("and other"));
    }

    #[test]
    fn a_grid_without_seeds_has_no_rows() {
        let mut grid = example::calibrated("a").calibrations.remove(0);
        grid.seeds.clear();
        grid.best_lr = None;
        assert_eq!(finding(&grid), "No seed has a loss at every learning rate of the grid.");
        assert!(views(&grid).is_empty());
    }

    #[test]
    fn rows_say_how_many_seeds_lie_outside() {
        let grid = example::calibrated("a").calibrations.remove(0);
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
        let far = &views(&grid)[2];
        assert_eq!(
            (
                &*far.suggestion,
                &*far.regret,
                &*far.seeds,
                far.below,
                far.above,
                far.without
            ),
            ("50.0 (0.100 – 90.0)", "0 (0 – 0)", "1 of 3", 0, 2, 0)
        );
    }
}
