//! A made-up config whose script logged two metrics.

use crate::example;
use seedband_core::summary::{Band, ConfigSummary, MetricSummary};

/// A config whose script logged an accuracy every tenth of its 100 steps and the norm of the gradient at each; from the
/// half of its seeds nothing came after step 80.
pub(crate) fn logged(name: &str, n: u32) -> ConfigSummary {
    let mut config = example::config(name, n, 0.3, 5.0);
    let accuracy = |step: u32| f64::from(step) / 200.0;
    let norm = |step: u32| 10_f64.powf(f64::from(step) / 20.0 - 2.0);
    config.metrics = vec![
        metric("accuracy", (0..100).step_by(10).collect(), n, accuracy),
        metric("grad norm", (0..100).collect(), n, norm),
    ];
    config
}

fn metric(name: &str, steps: Vec<u32>, n: u32, value: impl Fn(u32) -> f64) -> MetricSummary {
    let has_ended = |seed: u32, step: u32| seed % 2 == 1 && step > 80;
    let at = |seed: u32, step: u32| {
        let logged = value(step) * (1.0 + 0.02 * f64::from(seed));
        if has_ended(seed, step) { f64::NAN } else { logged }
    };
    let seeds = (0..n).map(|seed| (u64::from(seed), steps.iter().map(|step| at(seed, *step)).collect()));
    let of = |factor: f64| steps.iter().map(|step| factor * value(*step)).collect();
    MetricSummary {
        name: name.to_owned(),
        band: Band {
            n,
            ended: steps.iter().map(|step| if *step > 80 { n / 2 } else { 0 }).collect(),
            median: of(1.0 + 0.01 * f64::from(n)),
            lower: of(1.0),
            upper: of(1.0 + 0.02 * f64::from(n)),
        },
        seeds: seeds.collect(),
        steps,
    }
}
