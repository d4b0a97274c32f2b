//! Results that are not all there yet. Whatever shows them says how many there are of how many; seeds that failed are
//! not waited for, and are named elsewhere.

use seedband_core::summary::{ConfigSummary, Counts, LrGridSummary, Summary, TrainingSummary};

/// Seeds with a curve, for a cell: `20`, `18 of 20` where two failed, `partial: 4 of 20` where others are to come.
pub(crate) fn cell(counts: Counts) -> String {
    let Counts { finished, wanted, .. } = counts;
    match (counts.is_partial(), counts.all_run()) {
        (true, _) => format!("partial: {finished} of {wanted}"),
        (false, false) => format!("{finished} of {wanted}"),
        (false, true) => finished.to_string(),
    }
}

/// `text` about range tests of one config, with how many seeds are behind it where some are to come.
pub(crate) fn of_config(config: &ConfigSummary, text: String) -> String {
    with(text, config.counts, "seeds")
}

/// The same for what all configs say together.
pub(crate) fn of_study(summary: &Summary, text: String) -> String {
    with(
        text,
        sum(summary.configs.iter().map(|config| config.counts)),
        "range tests",
    )
}

/// The same for the trainings of one config.
pub(crate) fn of_trainings(config: &ConfigSummary, text: String) -> String {
    with(text, trainings(&config.trainings), "trainings")
}

/// The same for one grid of learning rates.
pub(crate) fn of_grid(config: &ConfigSummary, grid: &LrGridSummary, text: String) -> String {
    let own = config
        .trainings
        .iter()
        .filter(|training| grid.trainings.contains(&training.name));
    with(text, trainings(own), "trainings")
}

/// Trainings by outcome, without those that no learning rate was found for.
pub(crate) fn trainings<'a>(trainings: impl IntoIterator<Item = &'a TrainingSummary>) -> Counts {
    let counts = sum(trainings.into_iter().map(|training| training.counts));
    let outcomes = [counts.finished, counts.failed, counts.missing];
    Counts {
        wanted: outcomes.into_iter().fold(0, u32::saturating_add),
        ..counts
    }
}

fn sum(counts: impl Iterator<Item = Counts>) -> Counts {
    counts.fold(Counts::default(), |sum, counts| Counts {
        wanted: sum.wanted.saturating_add(counts.wanted),
        finished: sum.finished.saturating_add(counts.finished),
        diverged: sum.diverged.saturating_add(counts.diverged),
        failed: sum.failed.saturating_add(counts.failed),
        missing: sum.missing.saturating_add(counts.missing),
        repeats: sum.repeats.saturating_add(counts.repeats),
    })
}

fn with(text: String, counts: Counts, things: &str) -> String {
    if counts.is_partial() {
        format!("{text} Partial: {} of {} {things}.", counts.finished, counts.wanted)
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;

    fn counts(finished: u32, failed: u32, missing: u32) -> Counts {
        Counts {
            wanted: finished + failed + missing,
            finished,
            failed,
            missing,
            ..Counts::default()
        }
    }

    #[test]
    fn seeds_that_failed_are_not_waited_for() {
        let shown = [(20, 0, 0), (18, 2, 0), (4, 0, 16), (4, 1, 15)].map(|(a, b, c)| cell(counts(a, b, c)));
        assert_eq!(shown, ["20", "18 of 20", "partial: 4 of 20", "partial: 4 of 20"]);
    }

    #[test]
    fn captions_say_how_many_of_how_many() {
        let mut config = example::with_lr_grid("a");
        let say = |config: &ConfigSummary| {
            let summary = example::summary(vec![config.clone(), example::config("b", 3, 0.3, 5.0)]);
            [
                of_config(config, "x.".into()),
                of_study(&summary, "x.".into()),
                of_trainings(config, "x.".into()),
                of_grid(config, &config.lr_grids[0], "x.".into()),
            ]
        };
        assert_eq!(say(&config), ["x."; 4]);
        config.counts = counts(3, 1, 2);
        let all = trainings(&config.trainings);
        let in_grid = config
            .trainings
            .iter()
            .position(|training| config.lr_grids[0].trainings.contains(&training.name))
            .unwrap();
        config.trainings[in_grid].counts.wanted += 2;
        config.trainings[in_grid].counts.missing += 2;
        let [one, study, trained, grid] = say(&config);
        assert_eq!(one, "x. Partial: 3 of 6 seeds.");
        assert_eq!(study, "x. Partial: 6 of 9 range tests.");
        assert_eq!(
            trained,
            format!("x. Partial: {} of {} trainings.", all.finished, all.wanted + 2)
        );
        assert!(grid.starts_with("x. Partial: ") && grid != trained, "{grid}");
    }
}
