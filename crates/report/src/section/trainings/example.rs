//! Made-up trainings.

use crate::example;
use seedband_core::summary::{Band, ConfigSummary, Counts, Estimate, EstimateBounds, Quantiles, TrainingSummary};
use seedband_core::train::{Side, StartWeights};

/// A training of `n` seeds over 4 epochs of 5 steps: the loss falls from 2 by 0.05 a step, the accuracy rises to
/// `accuracy` with quantiles 0.1 below and above. The upper quantile of the loss is infinite from the step 10 on where
/// `diverged` seeds did.
pub(crate) fn training(name: &str, source: &str, [n, diverged]: [u32; 2], accuracy: f64) -> TrainingSummary {
    let at: Vec<u32> = (0..20).collect();
    let validated = vec![4, 9, 14, 19];
    let band = |median: Vec<f64>, half: f64| Band {
        n,
        ended: vec![0; median.len()],
        lower: median.iter().map(|value| value - half).collect(),
        upper: median.iter().map(|value| value + half).collect(),
        median,
    };
    let quantiles = |median: f64, half: f64| Quantiles {
        median,
        lower: median - half,
        upper: median + half,
    };
    let mut loss = band(at.iter().map(|step| 2.0 - 0.05 * f64::from(*step)).collect(), 0.1);
    if diverged > 0 {
        loss.upper[10..].fill(f64::INFINITY);
    }
    TrainingSummary {
        name: name.into(),
        side: None,
        source: source.into(),
        policy: "one cycle".into(),
        epochs: Some(4),
        steps: None,
        weights: StartWeights::Same,
        counts: Counts {
            wanted: n,
            finished: n,
            diverged,
            failed: 0,
            missing: 0,
            repeats: 0,
        },
        without: Vec::new(),
        lr: Some(Estimate {
            median: 0.0412,
            lower: 0.02,
            upper: 0.08,
            decades: 0.602,
            interval: None,
            bounds: EstimateBounds::default(),
        }),
        loss,
        validation_loss: band(vec![1.9, 1.7, 1.6, 1.65], 0.05),
        accuracy: band([0.4, 0.6, 0.8, 1.0].map(|share| share * accuracy).to_vec(), 0.1),
        best_loss: Some(Quantiles {
            upper: if diverged > 0 { f64::INFINITY } else { 1.65 },
            ..quantiles(1.6, 0.05)
        }),
        last_accuracy: Some(quantiles(accuracy, 0.1)),
        seeds: Vec::new(),
        at,
        validated,
    }
}

/// The same without a curve of any seed: `n` have no learning rate.
pub(crate) fn untrained(name: &str, source: &str, n: u32) -> TrainingSummary {
    let none = Band {
        n: 0,
        ended: Vec::new(),
        median: Vec::new(),
        lower: Vec::new(),
        upper: Vec::new(),
    };
    TrainingSummary {
        counts: Counts {
            wanted: n,
            ..Counts::default()
        },
        without: vec![("no range holds for enough seeds".into(), n)],
        lr: None,
        at: Vec::new(),
        loss: none.clone(),
        validated: Vec::new(),
        validation_loss: none.clone(),
        accuracy: none,
        best_loss: None,
        last_accuracy: None,
        ..training(name, source, [0, 0], 0.5)
    }
}

/// A config with three trainings: of all seeds, none of which diverged; from other weights at a number, where 2 of 5
/// diverged; and one without a learning rate.
pub(crate) fn trained(name: &str, n: u32) -> ConfigSummary {
    let mut config = example::config(name, n, 0.3, 5.0);
    config.trainings = vec![
        training("own", "own max LR", [n, 0], 0.5),
        TrainingSummary {
            weights: StartWeights::Other,
            ..training("fixed", "0.1", [5, 2], 0.3)
        },
        untrained("consensus", "consensus max LR", n),
    ];
    config
}

/// A config with two trainings of five pairs of seeds, each on both sides.
pub(crate) fn paired(name: &str) -> ConfigSummary {
    let mut config = example::config(name, 12, 0.9, 5.0);
    let on = |side, training| TrainingSummary {
        side: Some(side),
        ..training
    };
    config.trainings = vec![
        on(Side::Lower, training("swap", "partner's max LR", [5, 3], 0.31)),
        on(Side::Higher, training("swap", "partner's max LR", [5, 0], 0.47)),
        on(Side::Lower, training("keep", "own max LR", [5, 0], 0.52)),
        on(Side::Higher, training("keep", "own max LR", [5, 1], 0.5)),
    ];
    config
}
