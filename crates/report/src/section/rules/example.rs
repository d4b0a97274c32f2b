//! A made-up config with named rules.

use crate::example;
use crate::example::statistics::spread;
use seedband_core::range_test::{Answer, Reason};
use seedband_core::summary::{ConfigSummary, Disagreement, Distance, RuleAnswer, RuleSummary};

/// A config with four rules: three around 1e-4, 1e-2.5 and 0.1 that scatter by 0.8, 0.4 and 2.4 decades, and one that
/// never has an answer. The `high` one is cut on the first two seeds and takes its second choice on the third.
pub(crate) fn ruled(name: &str, n: u32) -> ConfigSummary {
    let mut config = example::config(name, n, 0.3, 5.0);
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
            suggestion: None,
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
