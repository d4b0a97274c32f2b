//! What the aggregator would make of seeds.

use seedband_core::range_test::Answer;
use seedband_core::summary::{
    AnswerKind, Band, ConfigAnswer, Decade, DivergenceRisk, Estimate, EstimateBounds, HeldOut, Interval, LargestLr,
    RiskStep, SeedSummary, SharedRange, Spread, Suggestion,
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
        if share < 0.1 {
            largest = Some(LargestLr {
                lr,
                diverged,
                expected: 0.09,
                upper: 0.3,
            });
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
            last: None,
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
            bounds: EstimateBounds::default(),
        }),
    }
}

/// The middle of what most seeds share, left out one by one as if the others chose the same.
pub(crate) fn answer(seeds: &[SeedSummary]) -> Option<ConfigAnswer> {
    let ranges: Vec<(f64, f64)> = seeds.iter().filter_map(SeedSummary::range).collect();
    let n = seeds.len() as u32;
    let holds = |lr: f64| ranges.iter().filter(|(min, max)| *min <= lr && lr <= *max).count() as u32;
    let ends = || ranges.iter().flat_map(|(min, max)| [*min, *max]);
    let most = ends().map(holds).max();
    let shared: Vec<f64> = ends().filter(|lr| Some(holds(*lr)) == most).collect();
    let min = shared.iter().copied().min_by(f64::total_cmp);
    let max = shared.iter().copied().max_by(f64::total_cmp);
    let range = min.zip(max).zip(most).map(|((min_lr, max_lr), most)| SharedRange {
        min_lr,
        max_lr,
        range_support: most,
        range_held_out: None,
    });
    let support = most.unwrap_or(0);
    let share = f64::from(support) / f64::from(n.max(1));
    let suggestion = Suggestion {
        lr: range.map(|range| (range.min_lr * range.max_lr).sqrt()),
        support,
        seeds: n,
        held_out: (n > 1).then(|| HeldOut {
            held: support,
            left_out: n,
            expected: share,
            interval: Interval {
                lower: (share - 0.15).max(0.0),
                upper: (share + 0.15).min(1.0),
                confidence: 0.95,
            },
        }),
        range,
        tolerance: None,
    };
    (n > 0).then_some(ConfigAnswer {
        kind: AnswerKind::Use,
        suggestion,
        crossed: seeds.iter().filter(|seed| seed.is_crossed()).count() as u32,
        measured: None,
        next: None,
        more_seeds: None,
    })
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
