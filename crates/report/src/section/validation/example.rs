//! A made-up config with a validation.

use crate::example;
use seedband_core::summary::{Band, ConfigSummary, Jitter, Quantiles, SeedLosses, ValidationSummary};

/// A config whose validation loss was measured after every third of its 100 steps and the last: the smoothed loss, and
/// 1 more at every other of them.
pub(crate) fn validated(name: &str, n: u32) -> ConfigSummary {
    let mut config = example::config(name, n, 0.3, 5.0);
    let steps: Vec<u32> = (0..100).filter(|step| step % 3 == 2 || *step == 99).collect();
    let measured = |losses: &[f64]| -> Vec<f64> {
        let at = |(index, step): (usize, &u32)| losses.get(*step as usize).map(|loss| loss + (index % 2) as f64);
        steps.iter().enumerate().map_while(at).collect()
    };
    let seeds = config.seeds.iter().map(|seed| SeedLosses {
        seed: seed.seed,
        raw: seed
            .smoothed
            .iter()
            .zip(0..)
            .map(|(loss, step)| loss + 0.3 * f64::from(step % 4))
            .collect(),
        validation: measured(&seed.smoothed),
    });
    let band = &config.smoothed;
    let multiple = |median, lower, upper| Quantiles { median, lower, upper };
    config.validation = Some(ValidationSummary {
        loss: Band {
            n: band.n,
            ended: steps.iter().map(|step| band.ended[*step as usize]).collect(),
            median: measured(&band.median),
            lower: measured(&band.lower),
            upper: measured(&band.upper),
        },
        seeds: seeds.collect(),
        jitter: Some(Jitter {
            n,
            raw: multiple(14.0, 9.1, 21.0),
            validation: multiple(0.4, 0.2, f64::INFINITY),
        }),
        steps,
    });
    config
}
