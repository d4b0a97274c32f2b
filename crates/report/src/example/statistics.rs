//! What the aggregator would make of seeds.

use seedband_core::range_test::Answer;
use seedband_core::summary::{
    Band, Consensus, Decade, DivergenceRisk, Estimate, Interval, RiskStep, SeedSummary, Spread,
};

/// Shares of the seeds, each a tenth and a half uncertain; with a tenth accepted.
pub(crate) fn risk(lrs: &[f64], seeds: &[SeedSummary]) -> DivergenceRisk {
    let n = seeds.len() as u32;
    let mut steps: Vec<RiskStep> = Vec::new();
    let mut largest = None;
    for (step, &lr) in (0..).zip(lrs).take(if n > 0 { lrs.len() } else { 0 }) {
        let by = |last: u32| {
            let diverged = |seed: &&SeedSummary| seed.diverged_step.is_some_and(|at| at < last);
            seeds.iter().filter(diverged).count() as u32
        };
        let (before, diverged) = (by(step), by(step + 1));
        let share = f64::from(diverged) / f64::from(n);
        let row = RiskStep {
            lr,
            diverged,
            at_risk: n - before,
            share,
            lower: (share - 0.15).max(0.0),
            upper: (share + 0.15).min(1.0),
        };
        if step == 0 || diverged > before {
            steps.push(row);
        }
        if share <= 0.1 {
            largest = Some(row);
        }
    }
    DivergenceRisk {
        n,
        censored: 0,
        until: lrs.last().copied().filter(|_| n > 0),
        steps,
        accepted: 0.1,
        largest,
    }
}

pub(crate) fn decades(lrs: &[f64], seeds: &[SeedSummary]) -> Vec<Decade> {
    let mut exponents: Vec<i32> = seeds.iter().filter_map(|seed| seed.decade).collect();
    exponents.sort_unstable();
    exponents.dedup();
    let group = |exponent: i32| {
        let group: Vec<SeedSummary> = seeds
            .iter()
            .filter(|seed| seed.decade == Some(exponent))
            .cloned()
            .collect();
        Decade {
            exponent,
            seeds: group.len() as u32,
            median: band(lrs, &group).median,
            min_lr: spread(&group.iter().map(|seed| seed.min_lr).collect::<Vec<_>>()),
            max_lr: spread(&group.iter().map(|seed| seed.max_lr).collect::<Vec<_>>()),
        }
    };
    exponents.into_iter().map(group).collect()
}

pub(crate) fn band(lrs: &[f64], seeds: &[SeedSummary]) -> Band {
    let column = |step: usize| {
        let mut column: Vec<f64> = seeds
            .iter()
            .map(|seed| seed.smoothed.get(step).copied().unwrap_or(f64::INFINITY))
            .collect();
        column.sort_by(f64::total_cmp);
        column
    };
    let at = |share: f64| (0..lrs.len()).map(|step| quantile(&column(step), share)).collect();
    let ended = (0..lrs.len())
        .map(|step| seeds.iter().filter(|seed| seed.smoothed.len() <= step).count() as u32)
        .collect();
    Band {
        n: seeds.len() as u32,
        ended,
        median: at(0.5),
        lower: at(0.1),
        upper: at(0.9),
    }
}

pub(crate) fn spread(answers: &[Answer]) -> Spread {
    let mut logs: Vec<f64> = answers.iter().filter_map(Answer::lr).map(f64::log10).collect();
    logs.sort_by(f64::total_cmp);
    let value = |share: f64| 10f64.powf(quantile(&logs, share));
    let without = answers.len() - logs.len();
    Spread {
        n: logs.len() as u32,
        without: if without > 0 {
            vec![("too few points are left after trimming".into(), without as u32)]
        } else {
            vec![]
        },
        fallbacks: 0,
        estimate: (!logs.is_empty()).then(|| Estimate {
            median: value(0.5),
            lower: value(0.1),
            upper: value(0.9),
            decades: quantile(&logs, 0.9) - quantile(&logs, 0.1),
            interval: (logs.len() >= 20).then(|| Interval {
                lower: 10f64.powf(logs[5]),
                upper: 10f64.powf(logs[14]),
                confidence: 0.9586,
            }),
        }),
    }
}

pub(crate) fn consensus(seeds: &[SeedSummary]) -> Consensus {
    let ranges: Vec<(f64, f64)> = seeds
        .iter()
        .filter_map(|seed| Some((seed.min_lr.lr()?, seed.max_lr.lr()?)))
        .collect();
    let agree = |lr: f64| ranges.iter().filter(|(min, max)| *min <= lr && lr <= *max).count() as u32;
    let n = ranges.len() as u32;
    let needed = (0.9 * f64::from(n)).ceil() as u32;
    let ends = ranges.iter().flat_map(|(min, max)| [*min, *max]);
    let enough: Vec<f64> = ends.clone().filter(|&lr| n > 0 && agree(lr) >= needed).collect();
    Consensus {
        share: 0.9,
        n,
        min_lr: enough.iter().copied().min_by(f64::total_cmp),
        max_lr: enough.iter().copied().max_by(f64::total_cmp),
        most: ends.map(agree).max().unwrap_or(0),
    }
}

/// Hyndman-Fan type 7 of sorted values, over extended reals.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    if sorted.is_empty() {
        return f64::NAN;
    }
    let place = share * (sorted.len() - 1) as f64;
    let (below, above) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    if below.total_cmp(&above).is_eq() {
        below
    } else {
        below + (above - below) * place.fract()
    }
}
