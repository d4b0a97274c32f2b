use super::*;

/// Rates 1, 2, 4, …, with these smoothed losses; the raw ones are the same backwards.
fn answer(rule: &Rule, smoothed: &[f64]) -> Answer {
    let lrs: Vec<f64> = (0..smoothed.len()).map(|step| 2_f64.powi(step as i32)).collect();
    let raw: Vec<f64> = smoothed.iter().rev().copied().collect();
    rule.evaluate(&CurveView {
        lrs: &lrs,
        raw: &raw,
        smoothed,
        planned_steps: smoothed.len(),
    })
}

fn untrimmed(rule: RuleKind) -> Rule {
    Rule {
        skip_start: Some(0),
        skip_end: Some(0),
        ..Rule::new(rule)
    }
}

fn found(lr: f64, index: usize) -> Answer {
    let fallback = false;
    Answer::Found { lr, index, fallback }
}

const TOO_FEW_POINTS: Answer = Answer::None {
    reason: Reason::TooFewPoints,
};

/// Falls most from step 1 to 2, and is least at step 4.
const LOSSES: [f64; 7] = [9.0, 8.0, 5.0, 5.0, 3.0, 5.0, 9.0];

#[test]
fn least_loss_divides_and_snaps() {
    let rule = untrimmed(RuleKind::LeastLoss);
    assert_eq!(answer(&rule, &LOSSES), found(1.6, 4));
    let snapping = Rule {
        divide_by: Some(5.0),
        snap: Some(true),
        ..rule
    };
    // 16 / 5 = 3.2, nearest to 4; the index moves along.
    assert_eq!(answer(&snapping, &LOSSES), found(4.0, 2));
}

#[test]
fn the_raw_loss_is_another_signal() {
    let rule = Rule {
        signal: Some(Signal::Raw),
        divide_by: Some(1.0),
        ..untrimmed(RuleKind::LeastLoss)
    };
    assert_eq!(answer(&rule, &LOSSES), found(4.0, 2));
}

#[test]
fn steepest_depends_on_difference_and_variable() {
    let rule = untrimmed(RuleKind::Steepest);
    // Central per step: -1, -2, -1.5, -1, 0, 3, 4.
    assert_eq!(answer(&rule, &LOSSES), found(2.0, 1));
    let with = |difference, per| Rule {
        difference: Some(difference),
        per: Some(per),
        ..rule.clone()
    };
    // Forward: -1, -3, 0, -2, …; per ln lr all are divided by ln 2.
    assert_eq!(answer(&with(Difference::Forward, Per::Step), &LOSSES), found(2.0, 1));
    assert_eq!(answer(&with(Difference::Forward, Per::LnLr), &LOSSES), found(2.0, 1));
    // Per rate the early gaps are the smallest: central -1 at the left end, then (-2/3 - 3/6) = -7/6, …
    assert_eq!(answer(&with(Difference::Central, Per::Lr), &LOSSES), found(2.0, 1));
    // Backward over 2: 0, 0, -2, -1.5, -1, 0, 3: the right end of the fall.
    let backward = Rule {
        window: Some(2),
        ..with(Difference::Backward, Per::Step)
    };
    assert_eq!(answer(&backward, &LOSSES), found(4.0, 2));
}

#[test]
fn backward_differences_are_taken_before_trimming() {
    let rule = Rule {
        difference: Some(Difference::Backward),
        skip_start: Some(2),
        ..untrimmed(RuleKind::Steepest)
    };
    // 0, -1, -3, 0, -2, …: step 2 falls from step 1, which is trimmed.
    assert_eq!(answer(&rule, &LOSSES), found(4.0, 2));
}

#[test]
fn trimming_counts_points_or_a_share_of_the_plan() {
    let rule = Rule {
        skip_start: Some(2),
        skip_end: Some(3),
        divide_by: Some(1.0),
        ..Rule::new(RuleKind::LeastLoss)
    };
    assert_eq!(answer(&rule, &LOSSES), found(4.0, 2));
    assert_eq!(answer(&rule, &LOSSES[..5]), TOO_FEW_POINTS);
    let short = Rule {
        when_short: Some(WhenShort::AllPoints),
        ..rule.clone()
    };
    assert_eq!(answer(&short, &LOSSES[..5]), found(16.0, 4));
    // 0.29 of 7 is 2.03 points; 100 planned steps would give 29, not 28.
    let share = Rule {
        skip_start: None,
        skip_start_share: Some(0.29),
        ..rule
    };
    assert_eq!(answer(&share, &LOSSES), found(4.0, 2));
    assert_eq!(share.skip_start_points(100), 29);
}

#[test]
fn an_empty_span_begins_where_trimming_ends() {
    let curve = CurveView {
        lrs: &[1.0; 3],
        raw: &[1.0; 3],
        smoothed: &[1.0; 3],
        planned_steps: 100,
    };
    assert_eq!(Rule::default().span(&curve), 10..10);
}

#[test]
fn losses_that_are_not_finite_stay_or_are_cut_or_dropped() {
    let losses = [9.0, 8.0, f64::NAN, 5.0, f64::INFINITY];
    let rule = |non_finite| Rule {
        non_finite: Some(non_finite),
        divide_by: Some(1.0),
        ..untrimmed(RuleKind::LeastLoss)
    };
    assert_eq!(answer(&rule(NonFinite::Keep), &losses), found(4.0, 2));
    assert_eq!(answer(&rule(NonFinite::CutAtNan), &losses), found(2.0, 1));
    assert_eq!(answer(&rule(NonFinite::Drop), &losses), found(8.0, 3));
    let nothing = Answer::None {
        reason: Reason::TooFewFinite,
    };
    assert_eq!(answer(&rule(NonFinite::Drop), &losses[4..]), nothing);
}

#[test]
fn each_rule_says_how_many_points_it_needs() {
    for (rule, needed) in [
        (untrimmed(RuleKind::LeastLoss), 1),
        (untrimmed(RuleKind::Steepest), 2),
        (untrimmed(RuleKind::Valley), 1),
        (untrimmed(RuleKind::Slide), 16),
        (untrimmed(RuleKind::LastDescent), 1),
    ] {
        let losses: Vec<f64> = (0..needed).map(|step| f64::from(20 - step)).collect();
        assert!(answer(&rule, &losses).lr().is_some(), "{rule:?}");
        assert_eq!(answer(&rule, &losses[1..]), TOO_FEW_POINTS, "{rule:?}");
    }
    let careful = Rule {
        min_points: Some(2),
        ..untrimmed(RuleKind::LeastLoss)
    };
    assert_eq!(answer(&careful, &[1.0]), TOO_FEW_POINTS);
}

#[test]
fn a_learning_rate_that_is_not_finite_is_no_answer() {
    let curve = CurveView {
        lrs: &[f64::NAN],
        raw: &[1.0],
        smoothed: &[1.0],
        planned_steps: 1,
    };
    let reason = Reason::LrNotFinite;
    assert_eq!(untrimmed(RuleKind::LeastLoss).evaluate(&curve), Answer::None { reason });
}

#[test]
fn options_of_other_rules_are_rejected() {
    let cases = [
        (RuleKind::LeastLoss, "per = \"lr\"", "per"),
        (RuleKind::Steepest, "threshold = 0.1", "threshold"),
        (RuleKind::Steepest, "window = 3", "window"),
        (RuleKind::Steepest, "difference = \"backward\"\nwindow = 0", "window"),
        (RuleKind::Valley, "window = 3", "window"),
        (RuleKind::Valley, "difference = \"forward\"", "difference"),
        (RuleKind::Slide, "ceiling = 0.1", "ceiling"),
        (RuleKind::Slide, "threshold = -1.0", "threshold"),
        (RuleKind::LastDescent, "snap = true", "snap"),
        (RuleKind::LastDescent, "ceiling = 1.5", "ceiling"),
        (RuleKind::LeastLoss, "divide-by = 0.0", "divide-by"),
        (RuleKind::LeastLoss, "divide-by = inf", "divide-by"),
        (
            RuleKind::LeastLoss,
            "skip-start = 1\nskip-start-share = 0.1",
            "skip-start-share",
        ),
        (RuleKind::LeastLoss, "skip-start-share = 1.0", "skip-start-share"),
        (RuleKind::LeastLoss, "skip-end = 10000001", "skip-end"),
        (RuleKind::LeastLoss, "min-points = 0", "min-points"),
    ];
    for (kind, options, key) in cases {
        let kind = serde_json::to_string(&kind).expect("it can be written");
        let rule: Rule = toml::from_str(&format!("rule = {kind}\n{options}")).expect("it can be read");
        assert_eq!(rule.validate().expect_err("it cannot be used").key, key, "{rule:?}");
    }
}

#[test]
fn writing_defaults_out_changes_no_answer() {
    let losses: Vec<f64> = (0..40).map(|step| f64::from((step - 25) * (step - 25))).collect();
    for kind in [
        RuleKind::LeastLoss,
        RuleKind::Steepest,
        RuleKind::Valley,
        RuleKind::Slide,
        RuleKind::LastDescent,
    ] {
        let rule = Rule::new(kind);
        assert_eq!(rule.explicit().validate(), Ok(()));
        assert_eq!(rule.explicit().explicit(), rule.explicit());
        assert_eq!(answer(&rule, &losses), answer(&rule.explicit(), &losses));
    }
}
