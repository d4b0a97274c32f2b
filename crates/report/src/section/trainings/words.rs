//! Trainings after the range test, in order and in words. Figure, page, Markdown and terminal show the same.

use crate::format;
use crate::section::{partial, verdict};
use seedband_core::summary::{ConfigSummary, TrainingSummary};
use seedband_core::train::{Side, StartWeights};
use std::fmt::Write as _;

/// A sentence with more trainings than this is no sentence; the table has them all.
const MOST_NAMED: usize = 6;

/// One training as a row of finished strings.
pub(crate) struct TrainingView {
    pub(crate) name: String,
    /// Where its highest learning rate comes from, and that its weights are others if they are.
    pub(crate) source: String,
    /// How the learning rate moves, and for how long.
    pub(crate) schedule: String,
    pub(crate) lr: String,
    pub(crate) seeds: String,
    pub(crate) diverged: String,
    pub(crate) best_loss: String,
    /// To three decimals, and to two.
    pub(crate) last_accuracy: String,
    pub(crate) last_accuracy_short: String,
    /// Why seeds have no learning rate; absent where all have one.
    pub(crate) without: Option<String>,
}

/// The trainings that belong to no grid of learning rates, in the study's order; those of a grid are in its calibration.
pub(crate) fn shown(config: &ConfigSummary) -> Vec<&TrainingSummary> {
    let in_a_grid = |name: &String| config.calibrations.iter().any(|grid| grid.trainings.contains(name));
    let apart = config.trainings.iter().filter(|training| !in_a_grid(&training.name));
    apart.collect()
}

/// The rows of the table.
pub(crate) fn views(config: &ConfigSummary) -> Vec<TrainingView> {
    shown(config).into_iter().map(view).collect()
}

/// How a network is trained, for example `one cycle, 4 epochs`.
pub(crate) fn manner(policy: &str, epochs: Option<u32>, steps: Option<u32>) -> String {
    match (epochs, steps) {
        (Some(epochs), _) => format!("{policy}, {}", format::count(epochs, "epoch")),
        (None, Some(steps)) => format!("{policy}, {}", format::count(steps, "step")),
        (None, None) => policy.to_owned(),
    }
}

fn view(training: &TrainingSummary) -> TrainingView {
    let counts = training.counts;
    let others = match training.weights {
        StartWeights::Same => "",
        StartWeights::Other => ", other weights",
    };
    TrainingView {
        name: name(training),
        source: format!("{}{others}", source(training)),
        schedule: manner(&training.policy, training.epochs, training.steps),
        lr: training.lr.map_or_else(dash, |lr| verdict::estimate(lr, format::lr)),
        seeds: if counts.is_partial() {
            partial::cell(counts)
        } else {
            format!("{} of {}", counts.finished, counts.wanted)
        },
        diverged: match counts.finished {
            0 => dash(),
            all => format!(
                "{} ({})",
                counts.diverged,
                format::percent(f64::from(counts.diverged) / f64::from(all))
            ),
        },
        best_loss: training
            .best_loss
            .map_or_else(dash, |loss| verdict::quantiles(loss, format::loss)),
        last_accuracy: accuracy(training, format::accuracy_exact),
        last_accuracy_short: accuracy(training, format::accuracy),
        without: (!training.without.is_empty()).then(|| without(training)),
    }
}

fn dash() -> String {
    "–".to_owned()
}

fn accuracy(training: &TrainingSummary, shown: fn(f64) -> String) -> String {
    let last = training.last_accuracy;
    last.map_or_else(dash, |accuracy| verdict::quantiles(accuracy, shown))
}

/// Its name; that of the seeds of pairs with the side they are on.
pub(crate) fn name(training: &TrainingSummary) -> String {
    match training.side {
        None => training.name.clone(),
        Some(Side::Lower) => format!("{}, lower range", training.name),
        Some(Side::Higher) => format!("{}, higher range", training.name),
    }
}

/// Where the highest learning rate comes from; a number is named as one.
pub(crate) fn source(training: &TrainingSummary) -> String {
    match training.source.parse::<f64>() {
        Ok(_) => format!("learning rate {}", training.source),
        Err(_) => training.source.clone(),
    }
}

/// Seeds without a learning rate by reason: `2 seeds: no range holds`.
pub(crate) fn without(training: &TrainingSummary) -> String {
    let reasons = training.without.iter();
    let reasons = reasons.map(|(reason, seeds)| format!("{}: {reason}", format::count(*seeds, "seed")));
    reasons.collect::<Vec<_>>().join("; ")
}

/// What the trainings came to: pairs of seeds by side, the others one after another. None without a training to show.
pub(crate) fn finding(config: &ConfigSummary) -> Option<String> {
    let shown = shown(config);
    let (alone, paired): (Vec<&TrainingSummary>, Vec<_>) = shown.iter().partition(|training| training.side.is_none());
    let parts: Vec<String> = [pairs(&paired), several(&alone)].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" "))
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
    let accuracy = accuracy(training, format::accuracy_exact);
    let (diverged, finished) = (counts.diverged, counts.finished);
    format!("{name} ({source}) {diverged} of {finished} diverged, accuracy {accuracy}")
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
            "After training: own (own max LR) 0 of 20 diverged, accuracy 0.500 (0.400 – 0.600); fixed (learning rate 0.1) 2 of 5 diverged, \
             accuracy 0.300 (0.200 – 0.400); consensus (consensus max LR) no seed has a curve."
        );
        assert_eq!(finding(&example::config("a", 20, 0.3, 5.0)), None);
    }

    #[test]
    fn pairs_are_told_side_by_side() {
        assert_eq!(
            finding(&example::paired("a")).unwrap(),
            "In 5 pairs of seeds, no seed in two of them, the two ranges share no learning rate. Seeds with the lower range: swap (partner's \
             max LR) 3 of 5 diverged, accuracy 0.310 (0.210 – 0.410); keep (own max LR) 0 of 5 diverged, accuracy 0.520 (0.420 – 0.620). \
             Seeds with the higher range: swap (partner's max LR) 0 of 5 diverged, accuracy 0.470 (0.370 – 0.570); keep (own max LR) 1 of \
             5 diverged, accuracy 0.500 (0.400 – 0.600)."
        );
    }

    #[test]
    fn rows_have_what_is_known() {
        let views = views(&example::trained("a", 20));
        let fixed = &views[1];
        assert_eq!(
            [
                &*fixed.source,
                &fixed.schedule,
                &fixed.lr,
                &fixed.seeds,
                &fixed.diverged
            ],
            [
                "learning rate 0.1, other weights",
                "one cycle, 4 epochs",
                "0.041 (0.020 – 0.080)",
                "5 of 5",
                "2 (40 %)"
            ]
        );
        assert_eq!(
            [&*fixed.best_loss, &fixed.last_accuracy],
            ["1.60 (1.55 – ∞)", "0.300 (0.200 – 0.400)"]
        );
        assert_eq!(fixed.without, None);
        let none = &views[2];
        assert_eq!(
            [&*none.seeds, &none.diverged, &none.lr, &none.best_loss],
            ["0 of 20", "–", "–", "–"]
        );
        assert_eq!(
            none.without.as_deref(),
            Some("20 seeds: no range holds for enough seeds")
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
        assert_eq!(views(&config).len(), 9);
    }
}
