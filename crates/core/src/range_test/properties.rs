//! Nothing here panics, whatever the settings and losses.

use super::*;
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

/// Any float, with those that break arithmetic more often than chance would have them.
fn float() -> impl Strategy<Value = f64> {
    prop_oneof![
        6 => -10.0..10.0,
        2 => any::<f64>(),
        1 => Just(f64::NAN),
        1 => Just(f64::INFINITY),
        1 => Just(f64::NEG_INFINITY),
        1 => Just(0.0),
        1 => Just(f64::MAX),
    ]
}

fn points() -> impl Strategy<Value = usize> {
    prop_oneof![8 => 0_usize..30, 1 => Just(usize::MAX), 1 => Just(10_000_000)]
}

fn pick<T: Copy + std::fmt::Debug + 'static>(values: &'static [T]) -> impl Strategy<Value = T> {
    proptest::sample::select(values)
}

fn schedule() -> impl Strategy<Value = Schedule> {
    let spacings = &[
        Spacing::Exclusive,
        Spacing::Inclusive,
        Spacing::SkipSecond,
        Spacing::Accumulated,
    ];
    let kinds = pick(&[Growth::Exponential, Growth::Linear]);
    let start = prop_oneof![3 => 1e-9..1.0, 1 => float()];
    let end = prop_oneof![3 => 1.0..1e3, 1 => float()];
    let steps = prop_oneof![3 => 2_usize..60, 1 => points()];
    (kinds, start, end, steps, pick(spacings), 0_usize..3).prop_map(|(kind, start, end, steps, spacing, lag)| {
        Schedule {
            kind,
            start,
            end,
            steps,
            spacing,
            lag,
            lrs: Vec::new(),
        }
    })
}

fn smoothing() -> impl Strategy<Value = Smoothing> {
    (
        pick(&[SmoothingKind::Ema, SmoothingKind::Lowess, SmoothingKind::None]),
        of(prop_oneof![float(), 0.0..1.0]),
        of(pick(&[Start::Zero, Start::First])),
        of(any::<u32>()),
        of(pick(&[Form::Plain, Form::Lerp])),
        of(prop_oneof![float(), 0.0..1.0]),
        of(0_usize..6),
    )
        .prop_map(|(kind, beta, start, ahead, form, fraction, iterations)| Smoothing {
            kind,
            beta,
            start,
            ahead,
            form,
            fraction,
            iterations,
        })
}

fn stop() -> impl Strategy<Value = Stop> {
    (
        prop_oneof![9 => Just(StopKind::Factor), 1 => Just(StopKind::Never)],
        of(prop_oneof![3 => 1.1..10.0, 1 => float()]),
        of(pick(&[Signal::Smoothed, Signal::Raw])),
        of(pick(&[BestUpdate::Before, BestUpdate::After])),
        of(pick(&[BestFrom::Infinity, BestFrom::FirstLoss, BestFrom::Value])),
        of(float()),
        of(points()),
        of(any::<bool>()),
    )
        .prop_map(
            |(kind, factor, signal, best_update, best_from, best_value, first_step, nan_fires)| Stop {
                kind,
                factor,
                signal,
                best_update,
                best_from,
                best_value,
                first_step,
                nan_fires,
            },
        )
}

const KINDS: [RuleKind; 5] = [
    RuleKind::LeastLoss,
    RuleKind::Steepest,
    RuleKind::Valley,
    RuleKind::Slide,
    RuleKind::LastDescent,
];

/// Rules with any options, most of which do not validate; see [`valid`].
fn rule() -> impl Strategy<Value = Rule> {
    let trimming = (
        of(pick(&[Signal::Smoothed, Signal::Raw])),
        of(points()),
        of(float()),
        of(points()),
        of(pick(&[WhenShort::NoAnswer, WhenShort::AllPoints])),
        of(pick(&[NonFinite::Keep, NonFinite::CutAtNan, NonFinite::Drop])),
    );
    let choice = (
        of(points()),
        of(float()),
        of(any::<bool>()),
        of(pick(&[Difference::Central, Difference::Forward, Difference::Backward])),
        of(pick(&[Per::Step, Per::LnLr, Per::Lr])),
        of(points()),
        of(float()),
        of(float()),
    );
    (pick(&KINDS), trimming, choice).prop_map(|(rule, trimming, choice)| Rule {
        rule,
        signal: trimming.0,
        skip_start: trimming.1,
        skip_start_share: trimming.2,
        skip_end: trimming.3,
        when_short: trimming.4,
        non_finite: trimming.5,
        min_points: choice.0,
        divide_by: choice.1,
        snap: choice.2,
        difference: choice.3,
        per: choice.4,
        window: choice.5,
        threshold: choice.6,
        ceiling: choice.7,
    })
}

/// The rule without the options that keep it from validating.
fn valid(mut rule: Rule) -> Rule {
    while let Err(invalid) = rule.validate() {
        match invalid.key.as_str() {
            "skip-start" => rule.skip_start = None,
            "skip-start-share" => rule.skip_start_share = None,
            "skip-end" => rule.skip_end = None,
            "min-points" => rule.min_points = None,
            "divide-by" => rule.divide_by = None,
            "snap" => rule.snap = None,
            "difference" => rule.difference = None,
            "per" => rule.per = None,
            "window" => rule.window = None,
            "threshold" => rule.threshold = None,
            "ceiling" => rule.ceiling = None,
            key => panic!("`{key}` is no option of a rule"),
        }
    }
    rule
}

/// Learning rates, raw losses and smoothed losses, of lengths that need not agree.
fn curve() -> impl Strategy<Value = (Vec<f64>, Vec<f64>, Vec<f64>, usize)> {
    let rates = prop_oneof![vec(float(), 0..40), vec(1e-7..10.0, 0..40)];
    (rates, vec(float(), 0..40), vec(float(), 0..40), points())
}

proptest! {
    #[test]
    fn schedules_that_validate_give_finite_rates(schedule in schedule()) {
        if schedule.validate().is_err() {
            return Ok(());
        }
        let (recorded, used) = (schedule.recorded(), schedule.used());
        prop_assert_eq!(recorded.len(), schedule.steps);
        prop_assert_eq!(used.len(), schedule.steps);
        // The exponent is rounded, so the last rate may exceed the end by a few units of the last place.
        let within = schedule.start..=schedule.end * (1.0 + 1e-9);
        prop_assert!(recorded.iter().chain(&used).all(|rate| within.contains(rate)), "{:?}", recorded);
    }

    #[test]
    fn smoothing_keeps_the_length(smoothing in smoothing(), losses in vec(float(), 0..40)) {
        prop_assert_eq!(smoothing.apply(&losses).len(), losses.len());
        if smoothing.validate().is_ok() {
            let text = toml::to_string(&smoothing).expect("it can be written");
            prop_assert_eq!(smoothing.explicit().validate(), Ok(()));
            prop_assert_eq!(toml::from_str::<Smoothing>(&text).expect("it can be read"), smoothing);
        }
    }

    #[test]
    fn a_stop_is_a_step_of_the_run(stop in stop(), raw in vec(float(), 0..40), smoothed in vec(float(), 0..40)) {
        let step = stop.first_stop(&raw, &smoothed);
        prop_assert!(step.is_none_or(|step| step < raw.len() && step < smoothed.len()));
        prop_assert_eq!(stop.explicit().first_stop(&raw, &smoothed), step);
        if stop.validate().is_ok() {
            let text = toml::to_string(&stop).expect("it can be written");
            prop_assert_eq!(stop.explicit().validate(), Ok(()));
            prop_assert_eq!(toml::from_str::<Stop>(&text).expect("it can be read"), stop);
        }
    }

    #[test]
    fn rules_answer_with_a_point_of_the_history(rule in rule(), curve in curve()) {
        let (lrs, raw, smoothed, planned_steps) = &curve;
        let view = CurveView { lrs, raw, smoothed, planned_steps: *planned_steps };
        // Even without validation: settings made in code reach this as well.
        let _ = rule.evaluate(&view);
        let rule = valid(rule);
        let answer = rule.evaluate(&view);
        if let Answer::Found { lr, index, .. } = answer {
            prop_assert!(lr.is_finite() && index < lrs.len());
            prop_assert!(rule.span(&view).contains(&index));
        }
        prop_assert_eq!(rule.explicit().validate(), Ok(()));
        prop_assert_eq!(rule.explicit().evaluate(&view), answer);
        let text = serde_json::to_string(&answer).expect("it can be written");
        prop_assert_eq!(serde_json::from_str::<Answer>(&text).expect("it can be read"), answer);
        let text = toml::to_string(&rule).expect("it can be written");
        prop_assert_eq!(toml::from_str::<Rule>(&text).expect("it can be read"), rule);
    }

    #[test]
    fn readings_keep_at_most_what_was_recorded(
        smoothing in smoothing(),
        stop in stop(),
        low in rule(),
        lrs in vec(float(), 0..40),
        losses in vec(float(), 0..40),
    ) {
        let range = Range { min: valid(low), ..Range::default() };
        let reading = read(&lrs, &losses, &smoothing, &stop, &range);
        let recorded = losses.len().min(lrs.len());
        prop_assert_eq!(reading.smoothed.len(), if smoothing.looks_ahead() { reading.kept } else { recorded });
        prop_assert!(reading.kept <= reading.smoothed.len());
        prop_assert_eq!(reading.history(&lrs, &losses).raw.len(), reading.kept);
    }
}
