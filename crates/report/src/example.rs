//! A made-up study for tests: curves with a plateau, a descent and a blow-up, some of which diverge early.

use seedband_core::files::curve::End;
use seedband_core::range_test::{Answer, Divergence, Reason};
use seedband_core::settings::{EarlyEnd, LrSpace};
use seedband_core::summary::{
    Band, CalibratedSeed, Calibration, ConfigSummary, Consensus, Counts, Decade, Disagreement, Distance, Estimate,
    Exponent, Interval, Jitter, Quantiles, Regret, RiskStep, RiskSummary, RuleAnswer, RuleNames, RuleSummary, Scaling,
    ScalingSummary, SeedLosses, SeedSummary, Spread, Summary, TrainingSummary, VERSION, ValidationSummary,
};
use seedband_core::train::{Side, StartWeights};

/// Learning rates from 1e-7 to 100.
pub(crate) fn lrs(steps: usize) -> Vec<f64> {
    (0..steps)
        .map(|step| 10f64.powf(-7.0 + 9.0 * step as f64 / (steps - 1) as f64))
        .collect()
}

/// A study of the given configs.
pub(crate) fn summary(configs: Vec<ConfigSummary>) -> Summary {
    Summary {
        version: VERSION,
        study: "reference".into(),
        title: "How reliable is the learning rate range test?".into(),
        description: "Twenty seeds a config; only the initial weights change from seed to seed.".into(),
        quantiles: [0.1, 0.9],
        early_end: EarlyEnd::DivergedIsInfinite,
        lr_space: LrSpace::Log10,
        confidence: 0.95,
        precision: 0.5,
        configs,
        scalings: Vec::new(),
    }
}

/// Two configs: one whose seeds scatter a lot, one whose seeds agree.
pub(crate) fn reference() -> Summary {
    summary(vec![
        config("other weights each run", 20, 0.45, 7.9),
        config("same weights", 20, 0.12, 6.55),
    ])
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

/// A config with four rules: three around 1e-4, 1e-2.5 and 0.1 that scatter by 0.8, 0.4 and 2.4 decades, and one that never has an answer. The
/// `high` one is cut on the first two seeds and takes its second choice on the third.
pub(crate) fn ruled(name: &str, n: u32) -> ConfigSummary {
    let mut config = self::config(name, n, 0.3, 5.0);
    let rule = |name: &str, rank: Option<u32>, answer: &dyn Fn(f64) -> Answer| {
        // From -1 to 1 over the seeds, so that the outer quantiles are at 0.8.
        let place = |seed: u32| 2.0 * f64::from(seed) / f64::from(n.max(2) - 1) - 1.0;
        let answers: Vec<RuleAnswer> = (0..n)
            .map(|seed| RuleAnswer {
                seed: u64::from(seed),
                answer: answer(place(seed)),
                stop_step: None,
                cut: name == "high" && seed < 2,
            })
            .collect();
        RuleSummary {
            name: name.into(),
            spread: spread(&answers.iter().map(|of| of.answer).collect::<Vec<_>>()),
            rank,
            answers,
        }
    };
    let around = |middle: f64, half: f64| {
        move |place: f64| Answer::Found {
            lr: 10f64.powf(middle + half * place),
            index: 0,
            fallback: false,
        }
    };
    let never = |_: f64| Answer::None {
        reason: Reason::TooFewPoints,
    };
    config.named_rules = vec![
        rule("low", Some(2), &around(-4.0, 0.5)),
        rule("high", Some(3), &around(-1.0, 1.5)),
        rule("middle", Some(1), &around(-2.5, 0.25)),
        rule("never", None, &never),
    ];
    config.named_rules[1].spread.fallbacks = 1;
    let distance = Distance {
        median: -3.0,
        lower: -3.8,
        upper: -2.2,
    };
    config.disagreements = vec![
        Disagreement {
            first: "low".into(),
            second: "high".into(),
            n,
            distance: Some(distance),
        },
        Disagreement {
            first: "low".into(),
            second: "never".into(),
            n: 0,
            distance: None,
        },
    ];
    config
}

/// Two arms: in one weights and order vary, in the other the order alone.
pub(crate) fn arms() -> Summary {
    let arm = |name: &str, scatter, weights: &str| {
        let mut config = config(name, 20, scatter, 5.0);
        config.labels = vec![("streams.weights".into(), weights.into())];
        config.varies = vec!["order".into()];
        config.varies.extend((weights == "vary").then(|| "weights".to_owned()));
        config
    };
    summary(vec![arm("all", 0.3, "vary"), arm("order|alone", 0.1, "0")])
}

/// Three batch sizes of twenty seeds; the max LR grows with the power 0.6.
pub(crate) fn sweep() -> Summary {
    let of = |size: &str| {
        let mut config = config(&format!("batch-size={size}"), 20, 0.3, 5.0);
        config.labels = vec![("training.batch-size".into(), size.into())];
        config
    };
    let mut summary = summary(["32", "128", "512"].map(of).into());
    let exponent = |median, interval| Exponent {
        median,
        lower: median - 0.5,
        upper: median + 0.5,
        interval,
        middle: 0.05,
    };
    let interval = Interval {
        lower: 0.4,
        upper: 0.9,
        confidence: 0.9586,
    };
    summary.scalings = vec![ScalingSummary {
        configs: summary.configs.iter().map(|config| config.name.clone()).collect(),
        batch_sizes: vec![32, 128, 512],
        shared: vec![("optimizer.momentum".into(), "0.9".into())],
        steps_differ: false,
        min_lr: Scaling {
            n: 20,
            exponent: Some(exponent(-0.1, None)),
        },
        max_lr: Scaling {
            n: 20,
            exponent: Some(exponent(0.6, Some(interval))),
        },
    }];
    summary
}

/// A config whose validation loss was measured after every third of its 100 steps and the last: the smoothed loss, and 1 more at every other
/// of them.
pub(crate) fn validated(name: &str, n: u32) -> ConfigSummary {
    let mut config = self::config(name, n, 0.3, 5.0);
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

/// A training of `n` seeds over 4 epochs of 5 steps: the loss falls from 2 by 0.05 a step, the accuracy rises to `accuracy` with quantiles 0.1
/// below and above. The upper quantile of the loss is infinite from the step 10 on where `diverged` seeds did.
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
        },
        without: Vec::new(),
        lr: Some(Estimate {
            median: 0.0412,
            lower: 0.02,
            upper: 0.08,
            decades: 0.602,
            interval: None,
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

/// A config with three trainings: of all seeds, none of which diverged; from other weights at a number, where 2 of 5 diverged; and one without
/// a learning rate.
pub(crate) fn trained(name: &str, n: u32) -> ConfigSummary {
    let mut config = self::config(name, n, 0.3, 5.0);
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
    let mut config = self::config(name, 12, 0.9, 5.0);
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

/// A config of three seeds trained at 0.01, 0.1 and 1, and by their own max LR. Two blew up at 1. Of the four choices one is good, one worse;
/// one is good for a single seed and outside the grid for the others; one suggests nothing.
pub(crate) fn calibrated(name: &str) -> ConfigSummary {
    let mut config = self::config(name, 3, 0.3, 5.0);
    let names = ["0.01", "0.1", "1"].map(|lr| format!("grid,lr={lr}"));
    config.trainings = vec![training("own", "own max LR", [3, 0], 0.5)];
    let grid = names.iter().map(|name| training(name, &name[8..], [3, 0], 0.4));
    config.trainings.extend(grid);
    let infinite = f64::INFINITY;
    let losses = [[1.0, 0.5, infinite], [1.2, 0.6, 2.0], [1.1, 0.4, infinite]];
    let suggestion = |lower: f64, median: f64, upper: f64| Estimate {
        median,
        lower,
        upper,
        decades: (upper / lower).log10(),
        interval: None,
    };
    let quantiles = |lower, median, upper| Quantiles { median, lower, upper };
    let regret = |rule: &str, [n, below, above, without]: [u32; 4], suggestion, regret| Regret {
        rule: rule.into(),
        n,
        below,
        above,
        without,
        suggestion,
        regret,
    };
    config.calibrations = vec![Calibration {
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
            .map(|(losses, seed)| CalibratedSeed {
                seed,
                best_loss: losses.to_vec(),
            })
            .collect(),
        best_lr: Some(suggestion(0.1, 0.1, 0.1)),
        regrets: vec![
            regret(
                "own max LR",
                [3, 0, 0, 0],
                Some(suggestion(0.05, 0.1, 0.2)),
                Some(quantiles(0.0, 0.02, 0.3)),
            ),
            regret(
                "steep",
                [2, 1, 0, 0],
                Some(suggestion(0.005, 0.03, 0.5)),
                Some(quantiles(0.1, 0.4, infinite)),
            ),
            regret(
                "far",
                [1, 0, 2, 0],
                Some(suggestion(0.1, 50.0, 90.0)),
                Some(quantiles(0.0, 0.0, 0.0)),
            ),
            regret("never", [0, 0, 0, 3], None, None),
        ],
    }];
    config
}

/// The summary of given seeds, as the aggregator would make it.
pub(crate) fn from_seeds(name: &str, lrs: Vec<f64>, seeds: Vec<SeedSummary>) -> ConfigSummary {
    let n = seeds.len() as u32;
    let band = band(&lrs, &seeds);
    let (lows, highs) = (
        seeds.iter().map(|seed| seed.min_lr).collect::<Vec<_>>(),
        seeds.iter().map(|seed| seed.max_lr).collect::<Vec<_>>(),
    );
    let diverged = seeds.iter().filter(|seed| seed.stop_step.is_some()).count() as u32;
    ConfigSummary {
        trainings: Vec::new(),
        calibrations: Vec::new(),
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
        },
        raw: band.clone(),
        validation: None,
        smoothed: band,
        divergence: Divergence::default(),
        risk: Some(risk(&lrs, &seeds)),
        min_lr: spread(&lows),
        max_lr: spread(&highs),
        consensus: consensus(&seeds),
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
    }
}

/// Shares of the seeds, each a tenth and a half uncertain; with a tenth accepted.
fn risk(lrs: &[f64], seeds: &[SeedSummary]) -> RiskSummary {
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
    RiskSummary {
        n,
        cut: 0,
        until: lrs.last().copied().filter(|_| n > 0),
        steps,
        accepted: 0.1,
        largest,
    }
}

fn decades(lrs: &[f64], seeds: &[SeedSummary]) -> Vec<Decade> {
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

fn band(lrs: &[f64], seeds: &[SeedSummary]) -> Band {
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

fn spread(answers: &[Answer]) -> Spread {
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

fn consensus(seeds: &[SeedSummary]) -> Consensus {
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

/// `SplitMix64` (Steele, Lea and Flood 2014): the example has to be the same everywhere.
struct Random(u64);

impl Random {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) as f64 / 2f64.powi(64)
    }

    /// About normal: the sum of twelve uniform numbers, less six.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}
