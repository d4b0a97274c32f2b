//! A made-up grid of learning rates.

use crate::example::{self, training};
use seedband_core::summary::{Band, ConfigSummary, Estimate, EstimateBounds, LrGridSeed, LrGridSummary, Quantiles, Regret};

/// A config of three seeds trained at 0.01, 0.1 and 1, and by their own max LR. Two blew up at 1.
pub(crate) fn with_lr_grid(name: &str) -> ConfigSummary {
    let mut config = example::config(name, 3, 0.3, 5.0);
    let names = ["0.01", "0.1", "1"].map(|lr| format!("grid,lr={lr}"));
    config.trainings = vec![training("own", "own max LR", [3, 0], 0.5)];
    let grid = names.iter().map(|name| training(name, &name[8..], [3, 0], 0.4));
    config.trainings.extend(grid);
    let infinite = f64::INFINITY;
    let losses = [[1.0, 0.5, infinite], [1.2, 0.6, 2.0], [1.1, 0.4, infinite]];
    config.lr_grids = vec![LrGridSummary {
        policy: "one cycle".into(),
        epochs: Some(4),
        steps: None,
        lrs: vec![0.01, 0.1, 1.0],
        trainings: names.to_vec(),
        best_loss: Band {
            n: 3,
            ended: vec![0; 3],
            median: vec![1.1, 0.5, infinite],
            lower: vec![1.02, 0.42, infinite],
            upper: vec![1.18, 0.58, infinite],
        },
        seeds: losses
            .iter()
            .zip(0..)
            .map(|(losses, seed)| LrGridSeed {
                seed,
                best_loss: losses.to_vec(),
            })
            .collect(),
        best_lr: Some(suggestion([0.1; 3])),
        regrets: regrets(),
    }];
    config
}

fn suggestion([lower, median, upper]: [f64; 3]) -> Estimate {
    Estimate {
        median,
        lower,
        upper,
        decades: (upper / lower).log10(),
        interval: None,
        bounds: EstimateBounds::default(),
    }
}

/// Four choices: one is good, one worse; one is good for a single seed and outside the grid for the others; one
/// suggests nothing.
fn regrets() -> Vec<Regret> {
    let of =
        |rule: &str, [n, below, above, without]: [u32; 4], suggested: Option<[f64; 3]>, regret: Option<[f64; 3]>| {
            Regret {
                rule: rule.into(),
                n,
                below,
                above,
                without,
                suggestion: suggested.map(suggestion),
                regret: regret.map(|[lower, median, upper]| Quantiles { median, lower, upper }),
            }
        };
    let infinite = f64::INFINITY;
    vec![
        of(
            "own max LR",
            [3, 0, 0, 0],
            Some([0.05, 0.1, 0.2]),
            Some([0.0, 0.02, 0.3]),
        ),
        of(
            "steep",
            [2, 1, 0, 0],
            Some([0.005, 0.03, 0.5]),
            Some([0.1, 0.4, infinite]),
        ),
        of("far", [1, 0, 2, 0], Some([0.1, 50.0, 90.0]), Some([0.0, 0.0, 0.0])),
        of("never", [0, 0, 0, 3], None, None),
    ]
}
