//! One training in finished strings.

use crate::format;
use crate::section::partial;
use seedband_core::summary::{ConfigSummary, TrainingSummary};
use seedband_core::train::{Side, StartWeights};

/// The trainings that belong to no grid of learning rates, in the study's order.
pub(crate) fn shown(config: &ConfigSummary) -> Vec<&TrainingSummary> {
    let in_a_grid = |name: &String| config.lr_grids.iter().any(|grid| grid.trainings.contains(name));
    let alone = config.trainings.iter().filter(|training| !in_a_grid(&training.name));
    alone.collect()
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

/// The same, and that its weights are others if they are.
pub(crate) fn source_and_weights(training: &TrainingSummary) -> String {
    let source = source(training);
    match training.weights {
        StartWeights::Same => source,
        StartWeights::Other => format!("{source}, other weights"),
    }
}

/// How a network is trained, for example `one cycle, 4 epochs`.
pub(crate) fn schedule(policy: &str, epochs: Option<u32>, steps: Option<u32>) -> String {
    match (epochs, steps) {
        (Some(epochs), _) => format!("{policy}, {}", format::count(epochs, "epoch")),
        (None, Some(steps)) => format!("{policy}, {}", format::count(steps, "step")),
        (None, None) => policy.to_owned(),
    }
}

/// How its learning rate moves, and for how long.
pub(crate) fn schedule_of(training: &TrainingSummary) -> String {
    schedule(&training.policy, training.epochs, training.steps)
}

/// Seeds without a learning rate by reason: `2 seeds: seed 7 has no max LR`; none where all have one.
pub(crate) fn without(training: &TrainingSummary) -> Option<String> {
    let reasons = training.without.iter();
    let reasons: Vec<String> = reasons
        .map(|(reason, seeds)| format!("{}: {reason}", format::count(*seeds, "seed")))
        .collect();
    (!reasons.is_empty()).then(|| reasons.join("; "))
}

/// Its highest learning rate over the seeds.
pub(crate) fn lr(training: &TrainingSummary) -> String {
    format::or_dash(training.lr, |lr| format::estimate(lr, format::lr))
}

/// Seeds with a curve, of all.
pub(crate) fn seeds(training: &TrainingSummary) -> String {
    let counts = training.counts;
    if counts.is_partial() {
        partial::cell(counts)
    } else {
        format!("{} of {}", counts.finished, counts.wanted)
    }
}

/// Seeds that diverged, and their share.
pub(crate) fn diverged(training: &TrainingSummary) -> String {
    let finished = Some(training.counts.finished).filter(|finished| *finished > 0);
    format::or_dash(finished, |finished| {
        let diverged = training.counts.diverged;
        let share = f64::from(diverged) / f64::from(finished);
        format!("{diverged} ({})", format::percent(share))
    })
}

/// The least validation loss of the seeds.
pub(crate) fn best_loss(training: &TrainingSummary) -> String {
    format::or_dash(training.best_loss, |loss| format::quantiles(loss, format::loss))
}

/// The last accuracy of the seeds, each as `shown`.
pub(crate) fn accuracy(training: &TrainingSummary, shown: fn(f64) -> String) -> String {
    format::or_dash(training.last_accuracy, |accuracy| format::quantiles(accuracy, shown))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;

    #[test]
    fn values_are_what_is_known() {
        let config = example::trained("a", 20);
        let (fixed, none) = (&config.trainings[1], &config.trainings[2]);
        assert_eq!(
            [
                source_and_weights(fixed),
                schedule_of(fixed),
                lr(fixed),
                seeds(fixed),
                diverged(fixed),
                best_loss(fixed),
                accuracy(fixed, format::accuracy_exact)
            ],
            [
                "learning rate 0.1, other weights",
                "one cycle, 4 epochs",
                "0.041 (0.020 – 0.080)",
                "5 of 5",
                "2 (40 %)",
                "1.60 (1.55 – ∞)",
                "0.300 (0.200 – 0.400)"
            ]
        );
        assert_eq!(without(fixed), None);
        assert_eq!(
            [seeds(none), diverged(none), lr(none), best_loss(none)],
            ["0 of 20", "–", "–", "–"]
        );
        assert_eq!(without(none).unwrap(), "20 seeds: no range holds for enough seeds");
    }
}
