use super::Warning;
use super::find::seeds_for_limit;
use crate::example;
use seedband_core::range_test::Answer;
use seedband_core::summary::{AnswerKind, Bound, ConfigSummary, Interval};

#[test]
fn seeds_needed_for_a_finite_limit() {
    // 0.9^28 = 0.0523 and 0.9^29 = 0.0471; 0.75^10 = 0.0563 and 0.75^11 = 0.0422.
    assert_eq!(seeds_for_limit(0.9, 0.95), Some(29));
    assert_eq!(seeds_for_limit(0.75, 0.95), Some(11));
    assert_eq!(seeds_for_limit(1.0, 0.95), None);
    assert_eq!(seeds_for_limit(0.9, f64::NAN), None);
}

#[test]
fn the_study_is_told_about_its_limit() {
    let mut summary = example::summary(vec![
        example::config("a", 40, 0.1, 5.0),
        example::config("b", 20, 0.1, 5.0),
    ]);
    assert_eq!(
        Warning::of_study(&summary)[0].to_string(),
        "With 20 seeds the 90 % quantile has no finite upper limit at 95 % confidence: the band's edge is an estimate \
         without a bound. Run 29 seeds or more where the outer quantiles matter."
    );
    summary.configs.pop();
    assert_eq!(Warning::of_study(&summary), []);
    summary.configs.clear();
    assert_eq!(Warning::of_study(&summary), []);
}

type Change = fn(&mut ConfigSummary);

/// The warnings of a config that was beyond reproach before `change`.
fn after(change: Change) -> Vec<String> {
    let mut config = example::config("a", 20, 0.02, 5.0);
    config.counts.diverged = 20;
    for spread in [&mut config.min_lr, &mut config.max_lr] {
        if let Some(estimate) = &mut spread.estimate {
            estimate.decades = 0.5;
        }
    }
    change(&mut config);
    let warnings = Warning::of_config(&example::summary(vec![]), &config);
    warnings.iter().map(ToString::to_string).collect()
}

/// One change to a config that is beyond reproach, and the warnings it brings.
#[test]
fn each_fault_has_its_warning() {
    let cases: [(Change, &[&str]); 10] = [
        (|_| {}, &[]),
        (
            |config| {
                config.smoothed.n = 6;
                if let Some(estimate) = &mut config.max_lr.estimate {
                    estimate.interval = Some(Interval {
                        lower: 0.01,
                        upper: 0.2,
                        confidence: 0.969,
                    });
                }
            },
            &[
                "Only 6 seeds: the median max LR is known to lie between 0.010 and 0.20 (96.9 % confidence), no \
                 better. Run 20 seeds or more.",
            ],
        ),
        (
            |config| {
                config.smoothed.n = 1;
                config.max_lr.estimate = None;
            },
            &["Only 1 seed: the medians have no interval of 95 % confidence. Run 20 seeds or more."],
        ),
        (
            |config| config.min_lr.without = vec![("too few points are left after trimming".into(), 2)],
            &[
                "The min LR could not be read off 2 of 20 curves: 2 because too few points are left after trimming. \
               Start the schedule lower or give it more steps.",
            ],
        ),
        (
            |config| config.max_lr.fallbacks = 3,
            &["The max LR of 3 of 20 seeds is the rule's second choice. Look at those curves before you rely on it."],
        ),
        (
            |config| {
                config.seeds[3].min_lr = Answer::Found {
                    lr: 2.0 * config.seeds[3].max_lr.lr().unwrap(),
                    index: 0,
                    fallback: false,
                };
            },
            &[
                "In 1 of 20 seeds the min LR lies above the max LR, so that the range is empty. Look at those curves \
                 before you rely on either of them.",
            ],
        ),
        (
            |config| {
                for seed in &mut config.seeds[..3] {
                    seed.max_lr_bound = Some(Bound::AtLeast);
                }
            },
            &[
                "The schedule cut off the max LR of 3 of 20 seeds: it is only known to be larger. Raise the schedule's \
                 `end` to know it.",
            ],
        ),
        (
            |config| {
                // The answer itself says why.
                config.answer.as_mut().unwrap().kind = AnswerKind::RaiseEnd;
                config.seeds[0].max_lr_bound = Some(Bound::AtLeast);
            },
            &[],
        ),
        (
            |config| {
                if let Some(estimate) = &mut config.max_lr.estimate {
                    estimate.interval = Some(Interval {
                        lower: estimate.median,
                        upper: 1.05 * estimate.median,
                        confidence: 0.95,
                    });
                }
            },
            &[
                "The interval of the median max LR is narrower than a step of the schedule, a factor of 1.23: no rate in \
                 between was tried. Give the schedule more steps to know it better.",
            ],
        ),
        (
            |config| {
                if let Some(estimate) = &mut config.max_lr.estimate {
                    (estimate.decades, estimate.lower) = (1.36, 0.07);
                }
            },
            &[
                "The max LR spreads over 1.4 decades between its 10–90 % quantiles: one run alone says little. Stay \
               below 0.070, its lower quantile.",
            ],
        ),
    ];
    for (change, expected) in cases {
        assert_eq!(after(change), expected);
    }
}

/// Seeds to come make what there is partial; seeds that failed are named for themselves.
#[test]
fn seeds_to_come_and_seeds_that_failed_are_told_apart() {
    let cases: [(Change, &[&str]); 4] = [
        (
            |config| (config.counts.wanted, config.counts.failed, config.counts.missing) = (25, 2, 3),
            &[
                "Partial: 20 of 25 seeds have a curve, 2 failed, 3 not yet run. The seeds that are there first need \
                 not be typical: trials that diverge end early, so they can be over-represented. Ask `seedband status` \
                 what failed, then use `seedband run` to finish.",
            ],
        ),
        (
            |config| (config.counts.wanted, config.counts.missing) = (25, 5),
            &[
                "Partial: 20 of 25 seeds have a curve, 0 failed, 5 not yet run. The seeds that are there first need \
                 not be typical: trials that diverge end early, so they can be over-represented. Use `seedband run` to \
                 finish, or look again when it has ended.",
            ],
        ),
        (
            |config| (config.counts.wanted, config.counts.failed) = (25, 5),
            &[
                "20 of 25 seeds have a curve, 5 failed and are left out. Ask `seedband status` why, then use `seedband \
                 run` again.",
            ],
        ),
        (
            |config| {
                config.trainings = example::trained("a", 20).trainings;
                (config.trainings[0].counts.wanted, config.trainings[0].counts.missing) = (25, 5);
            },
            &[
                "Partial: 25 of 30 trainings have a curve, 0 failed, 5 not yet run. The trainings that are there first \
                 need not be typical: trials that diverge end early, so they can be over-represented. Use `seedband \
                 run` to finish, or look again when it has ended.",
            ],
        ),
    ];
    for (change, expected) in cases {
        assert_eq!(after(change), expected);
    }
}
