//! Made-up seeds, and a config of them.

use super::random::Random;
use super::statistics::{self, band, decades, risk, spread};
use seedband_core::files::curve::End;
use seedband_core::range_test::{Answer, Divergence, Reason};
use seedband_core::summary::{ConfigSummary, Counts, RuleNames, SeedSummary};

/// Learning rates from 1e-7 to 100.
pub(crate) fn lrs(steps: usize) -> Vec<f64> {
    (0..steps)
        .map(|step| 10f64.powf(-7.0 + 9.0 * step as f64 / (steps - 1) as f64))
        .collect()
}

/// A config of `n` seeds whose curves begin near `level` and differ by about `scatter` decades.
pub(crate) fn config(name: &str, n: u32, scatter: f64, level: f64) -> ConfigSummary {
    let lrs = lrs(100);
    let mut random = Random(name.bytes().map(u64::from).sum::<u64>() + 17);
    let seeds: Vec<SeedSummary> = (0..u64::from(n))
        .map(|seed| self::seed(seed, &lrs, scatter, level, &mut random))
        .collect();
    from_seeds(name, lrs, seeds)
}

/// The summary of given seeds, as the aggregator would make it.
pub(crate) fn from_seeds(name: &str, lrs: Vec<f64>, seeds: Vec<SeedSummary>) -> ConfigSummary {
    let n = seeds.len() as u32;
    let band = band(&lrs, &seeds);
    let min_lrs: Vec<Answer> = seeds.iter().map(|seed| seed.min_lr).collect();
    let max_lrs: Vec<Answer> = seeds.iter().map(|seed| seed.max_lr).collect();
    let diverged = seeds.iter().filter(|seed| seed.stop_step.is_some()).count() as u32;
    ConfigSummary {
        trainings: Vec::new(),
        lr_grids: Vec::new(),
        name: name.into(),
        labels: vec![("streams.order".into(), "0".into())],
        varies: Vec::new(),
        rules: RuleNames {
            min_lr: "steepest descent".into(),
            max_lr: "least loss".into(),
        },
        counts: Counts {
            wanted: n,
            finished: n,
            diverged,
            failed: 0,
            missing: 0,
            repeats: 0,
        },
        raw: band.clone(),
        validation: None,
        metrics: Vec::new(),
        smoothed: band,
        divergence: Divergence::default(),
        risk: Some(risk(&lrs, &seeds)),
        min_lr: spread(&min_lrs),
        max_lr: spread(&max_lrs),
        answer: statistics::answer(&seeds),
        decades: decades(&lrs, &seeds),
        seeds,
        lrs,
        pairing: None,
        named_rules: Vec::new(),
        disagreements: Vec::new(),
    }
}

fn seed(seed: u64, lrs: &[f64], scatter: f64, level: f64, random: &mut Random) -> SeedSummary {
    let start = level * (1.0 + 0.35 * scatter * random.normal());
    let descent = -2.2 + scatter * random.normal();
    let early = random.uniform() < 0.2;
    let rise = if early { -0.9 } else { 1.1 } + scatter * random.normal();
    let depth = start * (0.30 + 0.10 * random.uniform());
    let mut wobble = 0.0;
    let curve = lrs.iter().map(|lr| {
        wobble = 0.9 * wobble + 0.02 * random.normal();
        let x = lr.log10();
        start - depth / (1.0 + (-(x - descent) * 2.2).exp()) + ((x - rise) * 3.5).exp().min(1e6) + wobble
    });
    let mut smoothed: Vec<f64> = Vec::new();
    for loss in curve {
        smoothed.push(loss);
        if loss > 4.0 * smoothed.iter().copied().fold(f64::INFINITY, f64::min) {
            break;
        }
    }
    answer(seed, lrs, smoothed)
}

/// A seed with the given smoothed losses; its range is the steepest descent and the least loss divided by ten.
pub(crate) fn answer(seed: u64, lrs: &[f64], smoothed: Vec<f64>) -> SeedSummary {
    let least = (0..smoothed.len())
        .min_by(|&a, &b| smoothed[a].total_cmp(&smoothed[b]))
        .unwrap_or(0);
    let steepest =
        (1..=least).min_by(|&a, &b| (smoothed[a] - smoothed[a - 1]).total_cmp(&(smoothed[b] - smoothed[b - 1])));
    let stopped = smoothed.len() < lrs.len();
    let least_lr = lrs.get(least).copied().filter(|_| !smoothed.is_empty());
    let found = |lr: f64, index: usize| Answer::Found {
        lr,
        index,
        fallback: false,
    };
    SeedSummary {
        seed,
        trial: format!("{seed:016x}"),
        end: if stopped { End::StoppedEarly } else { End::Completed },
        stop_step: stopped.then(|| smoothed.len().saturating_sub(1) as u32),
        diverged_step: stopped.then(|| smoothed.len().saturating_sub(1) as u32),
        least_lr,
        decade: least_lr.filter(|lr| *lr > 0.0).map(|lr| lr.log10().floor() as i32),
        min_lr: steepest.map_or(
            Answer::None {
                reason: Reason::TooFewPoints,
            },
            |index| found(lrs[index] / 10.0, index),
        ),
        max_lr: if smoothed.is_empty() {
            Answer::None {
                reason: Reason::TooFewFinite,
            }
        } else {
            found(lrs[least] / 10.0, least)
        },
        smoothed,
        min_lr_bound: None,
        max_lr_bound: None,
    }
}
