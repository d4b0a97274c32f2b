//! Trainings after the range test, in words.

use super::values::{accuracy, best_loss, name, shown, source, without};
use crate::format;
use seedband_core::summary::{ConfigSummary, Summary, TrainingSummary};
use seedband_core::train::Side;
use std::fmt::Write as _;

/// A sentence with more trainings than this is no sentence; the table has them all.
const MOST_NAMED: usize = 6;

/// What the trainings came to: pairs of seeds by side, the others one after another. None without a training to show.
pub(crate) fn finding(config: &ConfigSummary) -> Option<String> {
    let shown = shown(config);
    let (alone, paired): (Vec<&TrainingSummary>, Vec<_>) = shown.iter().partition(|training| training.side.is_none());
    let parts: Vec<String> = [pairs(&paired), several(&alone)].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// The trainings for which seeds have no learning rate, and why.
pub(crate) fn without_lr(config: &ConfigSummary) -> Vec<String> {
    let sentence = |training: &TrainingSummary| {
        let reasons = without(training)?;
        Some(format!("{} has no learning rate for {reasons}.", name(training)))
    };
    shown(config).into_iter().filter_map(sentence).collect()
}

/// The line below the title of the figure, which shows the first `drawn` of `all` trainings with a curve.
pub(crate) fn subtitle(summary: &Summary, drawn: usize, all: usize) -> String {
    let quantiles = format::percent_range(summary.quantiles);
    let subtitle = format!(
        "training after the range test; line: median over the seeds, band: {quantiles}, until it leaves the plot"
    );
    if drawn < all {
        format!("first {drawn} of {all}: {subtitle}")
    } else {
        subtitle
    }
}

/// What a line of the figure is: the training, its learning rate, and how many seeds of it there are.
pub(crate) fn legend(training: &TrainingSummary) -> String {
    format!(
        "{}: {} ({}, {} diverged)",
        name(training),
        source(training),
        format::count(training.counts.finished, "seed"),
        training.counts.diverged
    )
}

fn several(trainings: &[&TrainingSummary]) -> Option<String> {
    if trainings.is_empty() {
        return None;
    }
    let mut parts: Vec<String> = trainings
        .iter()
        .take(MOST_NAMED)
        .map(|training| outcome(training))
        .collect();
    let more = trainings.len().saturating_sub(MOST_NAMED);
    if more > 0 {
        parts.push(format!("and {more} more in the table"));
    }
    Some(format!("After training: {}.", parts.join("; ")))
}

/// The A-against-B sentence: what came of each seed of a pair with each learning rate.
fn pairs(trainings: &[&TrainingSummary]) -> Option<String> {
    let most = trainings.iter().map(|training| training.counts.wanted).max()?;
    let mut text = match most {
        1 => "In 1 pair of seeds the two ranges share no learning rate.".to_owned(),
        pairs => format!("In {pairs} pairs of seeds, no seed in two of them, the two ranges share no learning rate."),
    };
    for (side, whose) in [(Side::Lower, "lower"), (Side::Higher, "higher")] {
        let outcomes: Vec<String> = trainings
            .iter()
            .filter(|training| training.side == Some(side))
            .map(|training| outcome(training))
            .collect();
        if !outcomes.is_empty() {
            let _ = write!(text, " Seeds with the {whose} range: {}.", outcomes.join("; "));
        }
    }
    Some(text)
}

/// One training in words: `own (own max LR) 1 of 6 diverged, accuracy 0.512 (0.401 – 0.533)`.
fn outcome(training: &TrainingSummary) -> String {
    let counts = training.counts;
    let (name, source) = (&training.name, source(training));
    if counts.finished == 0 {
        return match counts.wanted {
            0 => format!("{name} ({source}) no seed to train"),
            _ => format!("{name} ({source}) no seed has a curve"),
        };
    }
    let came_to = if training.last_accuracy.is_some() {
        format!("accuracy {}", accuracy(training, format::accuracy_exact))
    } else {
        format!("best validation loss {}", best_loss(training))
    };
    let (diverged, finished) = (counts.diverged, counts.finished);
    format!("{name} ({source}) {diverged} of {finished} diverged, {came_to}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;

    #[test]
    fn trainings_in_a_sentence() {
        let config = example::trained("a", 20);
        assert_eq!(
            finding(&config).unwrap(),
            "After training: own (own max LR) 0 of 20 diverged, accuracy 0.500 (0.400 – 0.600); fixed (learning rate \
             0.1) 2 of 5 diverged, accuracy 0.300 (0.200 – 0.400); consensus (consensus max LR) no seed has a curve."
        );
        assert_eq!(finding(&example::config("a", 20, 0.3, 5.0)), None);
    }

    #[test]
    fn pairs_are_told_side_by_side() {
        assert_eq!(
            finding(&example::paired("a")).unwrap(),
            "In 5 pairs of seeds, no seed in two of them, the two ranges share no learning rate. Seeds with the lower \
             range: swap (partner's max LR) 3 of 5 diverged, accuracy 0.310 (0.210 – 0.410); keep (own max LR) 0 of 5 \
             diverged, accuracy 0.520 (0.420 – 0.620). Seeds with the higher range: swap (partner's max LR) 0 of 5 \
             diverged, accuracy 0.470 (0.370 – 0.570); keep (own max LR) 1 of 5 diverged, accuracy 0.500 (0.400 – \
             0.600)."
        );
    }

    #[test]
    fn a_long_list_is_cut_in_the_sentence_and_not_in_the_table() {
        let mut config = example::trained("a", 20);
        config.trainings = (0..9)
            .map(|index| example::training(&format!("t{index}"), "own max LR", [3, 0], 0.5))
            .collect();
        let text = finding(&config).unwrap();
        assert!(text.contains("t5 (own") && !text.contains("t6"), "{text}");
        assert!(text.ends_with("; and 3 more in the table."), "{text}");
        assert_eq!(shown(&config).len(), 9);
    }
}
