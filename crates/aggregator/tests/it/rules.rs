//! Named rules on a study on disk, with every number worked out by hand.

use crate::support::{config, curve, input, no_smoothing, recipe, summarized, tabled, write_curve};
use seedband_aggregator::StudyInput;
use seedband_core::files::curve::End;
use seedband_core::files::fsio;
use seedband_core::range_test::{Analysis, NamedRule, NonFinite, Range, Rule, RuleKind, Stop};
use seedband_core::summary::Summary;
use seedband_core::trial::Trial;
use std::path::Path;

/// The least loss itself, up to the last two points, up to the first NaN.
fn trimmed() -> Rule {
    Rule {
        skip_start: Some(0),
        skip_end: Some(2),
        divide_by: Some(1.0),
        non_finite: Some(NonFinite::CutAtNan),
        ..Rule::new(RuleKind::LeastLoss)
    }
}

fn lets_nan_pass() -> Stop {
    Stop {
        nan_fires: Some(false),
        ..Stop::default()
    }
}

/// `least`: the least loss before a stop at four times the best; `tenth`: a tenth of the same without a stop that
/// fires; `trimmed`: two points before the end, and NaN stops nothing.
fn rules() -> Vec<NamedRule> {
    let rule = |name: &str, stop: Stop, suggestion: Rule| NamedRule {
        name: name.into(),
        smoothing: no_smoothing(),
        stop,
        suggestion,
    };
    let all = |divisor| Rule {
        skip_start: Some(0),
        skip_end: Some(0),
        divide_by: Some(divisor),
        non_finite: Some(NonFinite::Drop),
        ..Rule::new(RuleKind::LeastLoss)
    };
    let late = Stop {
        factor: Some(100.0),
        nan_fires: Some(false),
        ..Stop::default()
    };
    vec![
        rule("least", Stop::default(), all(1.0)),
        rule("tenth", late, all(10.0)),
        rule("trimmed", lets_nan_pass(), trimmed()),
    ]
}

/// Seed 0 runs to its end; in seed 1 the loss is least early, and least of all after a rise to five times that; 2 meets
/// a NaN; 3 was halted.
fn study(root: &Path, stop: Stop) -> StudyInput {
    let range = Range {
        min: trimmed(),
        max: trimmed(),
    };
    let mut config = config("a", recipe(), 0);
    config.seeds = vec![3, 2, 1, 0];
    config.analysis = Analysis {
        smoothing: no_smoothing(),
        stop,
        range,
        rules: rules(),
        ..Analysis::default()
    };
    let input = input(root, vec![config]);
    let curve = |seed, losses: &[f64], end| {
        write_curve(&input, &Trial::new("a", seed, &recipe()), &curve(losses, end));
    };
    curve(0, &[3.0, 2.5, 1.0, 1.5, 3.0, 3.5], End::Completed);
    curve(1, &[3.0, 1.0, 2.0, 5.0, 0.5, 0.7], End::Completed);
    curve(2, &[3.0, 2.5, 1.0, f64::NAN], End::NonFinite);
    curve(3, &[3.0, 2.5, 2.0, 1.5], End::StoppedEarly);
    input
}

fn summary(root: &Path, stop: Stop) -> Summary {
    summarized(&study(root, stop))
}

#[test]
fn each_rule_reads_each_curve_by_its_own_stop() {
    let root = tempfile::tempdir().unwrap();
    let summary = summary(root.path(), Stop::default());
    let config = &summary.configs[0];
    let answers = |place: usize| -> Vec<(u64, Option<usize>, Option<u32>, bool)> {
        let index = |lr: f64| {
            let near = |other: &f64| (other / lr - 1.0).abs() < 1e-9;
            config.lrs.iter().position(near).unwrap()
        };
        config.named_rules[place]
            .answers
            .iter()
            .map(|of| (of.seed, of.answer.lr().map(index), of.stop_step, of.cut))
            .collect()
    };
    assert_eq!(
        answers(0),
        [
            (0, Some(2), None, false),
            (1, Some(1), Some(3), false),
            (2, Some(2), Some(3), false),
            (3, Some(3), None, true)
        ]
    );
    // A tenth of the rate is one step back. Seed 1 is read past its rise.
    assert_eq!(
        answers(1),
        [
            (0, Some(1), None, false),
            (1, Some(3), None, false),
            (2, Some(1), None, false),
            (3, Some(2), None, true)
        ]
    );
    // Seed 2 would have gone on with NaN to the sixth step, so trimming two points leaves the first four of which three
    // are finite.
    assert_eq!(
        answers(2),
        [
            (0, Some(2), None, false),
            (1, Some(1), Some(3), false),
            (2, Some(2), None, false),
            (3, Some(1), None, true)
        ]
    );
    assert_eq!(config.named_rules[0].cut(), 1);
}

#[test]
fn scatter_and_disagreement_by_hand() {
    let root = tempfile::tempdir().unwrap();
    let summary = summary(root.path(), Stop::default());
    let config = &summary.configs[0];
    // In decades from the first rate: 1, 2, 2, 3; then 1, 1, 2, 3; then 1, 1, 2, 2. Quantiles of four lie 0.3 of the
    // way from the first to the second and 0.7 from the third to the fourth.
    for (rule, (median, decades, rank)) in
        config
            .named_rules
            .iter()
            .zip([(2.0, 2.7 - 1.3, 2), (1.5, 2.7 - 1.0, 3), (1.5, 2.0 - 1.0, 1)])
    {
        let estimate = rule.spread.estimate.unwrap();
        // The grid itself is rounded.
        assert!((estimate.median.log10() + 4.0 - median).abs() < 1e-12, "{rule:?}");
        assert!((estimate.decades - decades).abs() < 1e-12, "{rule:?}");
        assert_eq!((rule.spread.n, rule.rank), (4, Some(rank)));
    }
    // Seed by seed: 1, -2, 1, 1; then 0, 0, 0, 2; then -1, 2, -1, 1.
    for (pair, (names, median, lower, upper)) in config.disagreements.iter().zip([
        (["least", "tenth"], 1.0, -2.0 + 0.3 * 3.0, 1.0),
        (["least", "trimmed"], 0.0, 0.0, 0.7 * 2.0),
        (["tenth", "trimmed"], 0.0, -1.0, 1.0 + 0.7),
    ]) {
        assert_eq!(([&*pair.first, &*pair.second], pair.n), (names, 4));
        let distance = pair.distance.unwrap();
        for (value, expected) in [
            (distance.median, median),
            (distance.lower, lower),
            (distance.upper, upper),
        ] {
            assert!((value - expected).abs() < 1e-12, "{pair:?}");
        }
    }
    assert_eq!(config.disagreements.len(), 3);
}

#[test]
fn a_range_and_a_rule_agree_on_a_curve_that_blew_up() {
    let root = tempfile::tempdir().unwrap();
    let summary = summary(root.path(), lets_nan_pass());
    let config = &summary.configs[0];
    for (seed, rule) in config.seeds.iter().zip(&config.named_rules[2].answers) {
        assert_eq!((seed.seed, seed.max_lr), (rule.seed, rule.answer));
    }
    // What was not trained is on no curve.
    assert_eq!(config.seeds[2].smoothed.len(), 4);
}

#[test]
fn the_table_has_a_row_a_rule_and_seed() {
    let root = tempfile::tempdir().unwrap();
    let input = study(root.path(), Stop::default());
    let summary = tabled(&input);
    let csv = fsio::read(&input.dir.aggregate().join("rules.csv")).unwrap();
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines[0], "config,seed,rule,lr,index,fallback,reason,stop_step,cut");
    assert_eq!(lines.len(), 1 + 3 * 4);
    let lr = summary.configs[0].lrs[1];
    assert_eq!(lines[2], format!("a,1,least,{lr},1,false,,3,false"));
    assert!(
        lines[4].starts_with("a,3,least,") && lines[4].ends_with(",3,false,,,true"),
        "{}",
        lines[4]
    );
    let again: Summary = fsio::read_json(&input.dir.summary()).unwrap();
    assert_eq!(again.configs[0].named_rules, summary.configs[0].named_rules);
    assert_eq!(again.configs[0].disagreements, summary.configs[0].disagreements);
}

/// A summary as it was before there were rules.
#[test]
fn older_summaries_still_read() {
    let root = tempfile::tempdir().unwrap();
    let mut input = study(root.path(), Stop::default());
    input.configs[0].analysis.rules.clear();
    let summary = summarized(&input);
    let text = serde_json::to_string(&summary).unwrap();
    assert!(!text.contains("named-rules") && !text.contains("disagreements"));
    let again: Summary = serde_json::from_str(&text).unwrap();
    assert!(again.configs[0].named_rules.is_empty());
}
