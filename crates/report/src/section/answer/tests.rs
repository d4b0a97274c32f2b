use super::words::{lr_cell, range_cell, statement, support_cell};
use crate::example;
use seedband_core::summary::{
    AnswerKind, Bound, ConfigAnswer, ConfigSummary, HeldOut, Interval, Measured, MoreSeeds, SharedRange, Suggestion,
};

fn held_out(held: u32, left_out: u32) -> HeldOut {
    HeldOut {
        held,
        left_out,
        expected: f64::from(held) / f64::from(left_out),
        interval: Interval {
            lower: 0.7343,
            upper: 0.9291,
            confidence: 0.95,
        },
    }
}

/// 60 seeds, 53 of which support 0.05.
fn config(change: fn(&mut ConfigAnswer)) -> ConfigSummary {
    let mut config = example::config("a", 20, 0.3, 5.0);
    let mut answer = ConfigAnswer {
        kind: AnswerKind::Use,
        suggestion: Suggestion {
            lr: Some(0.05),
            support: 53,
            seeds: 60,
            held_out: Some(held_out(51, 60)),
            range: Some(SharedRange {
                min_lr: 0.02,
                max_lr: 0.0712,
                range_support: 54,
                range_held_out: Some(held_out(49, 60)),
            }),
            tolerance: None,
        },
        crossed: 0,
        measured: None,
        next: None,
        more_seeds: None,
    };
    change(&mut answer);
    config.answer = Some(answer);
    config
}

const TRUST: &str = "It lies in the range of 53 of 60 seeds; chosen from the other seeds it lay in the left-out seed's \
                     range 51 of 60 times (95 %: 73 to 93 %). The interval 0.020 to 0.071 lies whole in the ranges of 54 \
                     of 60 seeds; chosen from the others, such a range fitted the left-out seed 49 of 60 times.";

#[test]
fn each_kind_leads_with_what_was_found() {
    assert_eq!(statement(&config(|_| {})), format!("Use LR 0.050. {TRUST}"));
    let more = config(|answer| {
        answer.kind = AnswerKind::MoreSeeds;
        answer.next = Some("seeds = \"0..70\"".into());
        answer.more_seeds = Some(MoreSeeds {
            likely: Some(10),
            least: 4,
        });
    });
    assert_eq!(
        statement(&more),
        format!(
            "Too few seeds to tell whether LR 0.050 is good for most. {TRUST} About 10 more would tell if the share stays \
             the same, 4 at the least: `seeds = \"0..70\"`."
        )
    );
    let disagree = config(|answer| {
        answer.kind = AnswerKind::Disagree;
        answer.next = Some("train = { lr = [0.1] }".into());
    });
    assert!(
        statement(&disagree)
            .starts_with("The seeds disagree: no learning rate is good for most of them. The best is LR")
    );
    assert!(statement(&disagree).ends_with(" Trainings can tell what range tests cannot: `train = { lr = [0.1] }`."));
    let crossed = config(|answer| {
        answer.kind = AnswerKind::RulesCross;
        answer.crossed = 31;
    });
    assert_eq!(
        statement(&crossed),
        "The two rules do not make a range: in 31 of 60 seeds the min LR (steepest descent) lies above the max LR (least \
         loss). So far LR 0.050 lies in the range of 53 of 60 seeds."
    );
    let flat = config(|answer| answer.kind = AnswerKind::NoDescent);
    assert_eq!(
        statement(&flat),
        "The loss does not fall by more than its noise between 1.0e-7 and 100; 17 of 20 seeds diverged, at learning rates \
         from 0.35 to 81."
    );
    let mut cut = config(|answer| {
        answer.kind = AnswerKind::RaiseEnd;
        answer.next = Some("schedule.end = 100.0".into());
    });
    cut.seeds[..12]
        .iter_mut()
        .for_each(|seed| seed.max_lr_bound = Some(Bound::AtLeast));
    assert_eq!(
        statement(&cut),
        "The schedule ends too early: in 12 of 20 seeds the max LR is only known to be larger, since what decides it \
         lies at the last rates tried. The largest is 100. So far LR 0.050 lies in the range of 53 of 60 seeds. Next: \
         `schedule.end = 100.0`."
    );
}

#[test]
fn a_single_suggestion_has_a_factor_and_no_range() {
    let single = config(|answer| answer.suggestion.tolerance = Some(3.162));
    assert_eq!(
        statement(&single),
        "Use LR 0.050. It lies within a factor of 3.2 of the suggestion of 53 of 60 seeds; chosen from the other seeds it \
         lay that near the left-out seed's 51 of 60 times (95 %: 73 to 93 %)."
    );
}

#[test]
fn a_grid_of_trainings_leads() {
    let mut measured = config(|answer| {
        answer.kind = AnswerKind::UseMeasured;
        answer.suggestion.lr = Some(0.1);
        answer.suggestion.held_out = None;
        answer.measured = Some(Measured {
            policy: "constant".into(),
            suggested: Some(0.05),
            rates: 6,
            n: 8,
            best_of: 5,
            neighbours: [Some(0.03), None],
        });
    });
    assert_eq!(
        statement(&measured),
        "Use LR 0.10: of 6 rates trained on 8 seeds, it has the least median validation loss (and the least of 5 of \
         them). It lies in the range of 53 of 60 seeds. It is the largest of these rates: larger ones may be better. The \
         range tests suggest 0.050, which lies outside of these rates."
    );
    measured.counts.missing = 3;
    assert!(statement(&measured).starts_with("Partial, 20 of 20 seeds. Use LR 0.10: "));
}

#[test]
fn what_the_suggestion_costs_says_where_the_losses_come_from() {
    let mut measured = config(|answer| {
        answer.kind = AnswerKind::UseMeasured;
        answer.measured = Some(Measured {
            policy: "one cycle".into(),
            suggested: Some(0.05),
            rates: 3,
            n: 3,
            best_of: 2,
            neighbours: [Some(0.01), Some(1.0)],
        });
    });
    measured.lr_grids = example::with_lr_grid("a").lr_grids;
    let regret = &mut measured.lr_grids[0].regrets[0];
    regret.rule = "suggested LR".into();
    regret.interval = Some(Interval {
        lower: -0.01,
        upper: 0.3,
        confidence: 0.969,
    });
    let text = statement(&measured);
    assert!(
        text.ends_with(
            "The range tests suggest 0.050, which costs 0.0200 nats of validation loss, not told apart from none, beside \
             the rate that is best by the other seeds (median over 3 seeds, 96.9 %: -0.0100 to 0.300 nats more; \
             interpolated between rates of the grid)."
        ),
        "{text}"
    );
    let regret = &mut measured.lr_grids[0].regrets[0];
    regret.measured = 3;
    regret.interval = None;
    regret.regret.as_mut().unwrap().median = -0.02;
    let text = statement(&measured);
    assert!(
        text.contains("which gains 0.0200 nats") && text.ends_with("(median over 3 seeds; trained at that rate)."),
        "{text}"
    );
}

#[test]
fn seeds_without_a_range_and_configs_without_a_curve() {
    let none = config(|answer| {
        answer.kind = AnswerKind::Disagree;
        answer.suggestion = Suggestion {
            seeds: 20,
            ..Suggestion::default()
        };
    });
    assert_eq!(statement(&none), "None of 20 seeds gave a range.");
    assert_eq!(
        [lr_cell(&none), support_cell(&none), range_cell(&none)],
        ["–", "0 of 20", "–"]
    );
    let mut empty = none;
    empty.answer = None;
    assert_eq!(statement(&empty), "No seed has a curve.");
    let mut same = config(|answer| answer.kind = AnswerKind::MoreSeeds);
    (same.counts.wanted, same.counts.repeats) = (1, 19);
    assert!(statement(&same).contains("All random streams are fixed, so that the 20 seeds asked for are 1 trial."));
}

#[test]
fn cells() {
    let found = config(|_| {});
    assert_eq!(
        [lr_cell(&found), support_cell(&found), range_cell(&found)],
        ["0.050", "53 of 60", "0.020 – 0.071 (54)"]
    );
}
