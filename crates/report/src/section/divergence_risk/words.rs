//! How many seeds had diverged by which learning rate, in words.

use crate::format;
use seedband_core::range_test::Divergence;
use seedband_core::summary::{ConfigSummary, DivergenceRisk, RiskStep, Summary};

/// The largest learning rate at which few enough new seeds diverge, with how sure that is; none without a curve.
pub(crate) fn finding(summary: &Summary, config: &ConfigSummary) -> Option<String> {
    let risk = config.risk.as_ref()?;
    let first = risk.steps.first()?;
    let Some(largest) = &risk.largest else {
        return Some(no_largest(risk, first));
    };
    let edge = if risk.until.is_some_and(|until| largest.lr >= until) {
        ", the largest whose effect was seen"
    } else {
        ""
    };
    Some(format!(
        "Up to a learning rate of {}{edge}, {} of {} had diverged{}; of new seeds no more than {} are expected to, \
         and with {} confidence no more than {}.",
        format::lr_exact(largest.lr),
        largest.diverged,
        format::count(risk.n, "seed"),
        censored(risk),
        format::percent(largest.expected),
        format::percent(summary.confidence),
        format::percent(largest.upper),
    ))
}

/// `, 3 curves seen only up to their early end`; empty without.
fn censored(risk: &DivergenceRisk) -> String {
    match risk.censored {
        0 => String::new(),
        1 => " (1 curve ended early and counts as diverged after its end)".to_owned(),
        curves => format!(" ({curves} curves ended early and count as diverged after their end)"),
    }
}

/// Why no learning rate can be named.
fn no_largest(risk: &DivergenceRisk, first: &RiskStep) -> String {
    let accepted = format::percent(risk.accepted);
    // The least diverging rate of n seeds is passed by one new seed in n + 1.
    let needed = (1.0 / risk.accepted).ceil() - 1.0;
    if f64::from(risk.n) >= needed {
        return format!(
            "No learning rate was tried at which at most {accepted} of new seeds would be expected to diverge: {} of \
             {} had diverged at the least, {}.",
            first.diverged,
            format::count(risk.n, "seed"),
            format::lr_exact(first.lr)
        );
    }
    let enough = if needed.is_finite() {
        format!(": that takes {needed:.0} seeds or more")
    } else {
        String::new()
    };
    format!(
        "{} {} too few to name a learning rate at which at most {accepted} of new seeds are expected to diverge{enough}.",
        format::count(risk.n, "seed"),
        if risk.n == 1 { "is" } else { "are" },
    )
}

/// What counts as diverged in this study: `by the update before the first loss that …`.
pub(crate) fn definition(summary: &Summary) -> String {
    let mut definitions = summary.configs.iter().map(|config| &config.divergence);
    let first = definitions.next().cloned().unwrap_or_default();
    if definitions.all(|other| *other == first) {
        format!(
            "by the update before the first loss that {}, or was infinite or NaN",
            rule(&first)
        )
    } else {
        "by the update before the first loss that was infinite or NaN, or fired the rule of the config's own \
         `[divergence]`"
            .to_owned()
    }
}

fn rule(divergence: &Divergence) -> String {
    let explicit = divergence.explicit();
    match (explicit.factor, explicit.beta) {
        (Some(factor), Some(beta)) if beta > 0.0 => {
            format!("made the loss, smoothed by {beta}, larger than {factor} times its least so far")
        }
        (Some(factor), _) => format!("was above {factor} times the least so far"),
        (None, _) => {
            "had risen for good (by more than four standard deviations of its noise and a quarter of its descent, with no lower \
             losses than ever before to follow)"
                .to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;
    use seedband_core::summary::LargestLr;

    #[test]
    fn the_largest_rate_in_a_sentence() {
        let mut summary = example::summary(vec![example::config("a", 20, 0.3, 5.0)]);
        let said = |summary: &Summary| finding(summary, &summary.configs[0]).unwrap();
        let risk = |summary: &mut Summary, change: &dyn Fn(&mut DivergenceRisk)| {
            change(summary.configs[0].risk.as_mut().unwrap());
        };
        let largest = LargestLr {
            lr: 0.351,
            diverged: 1,
            expected: 2.0 / 21.0,
            upper: 0.2161,
        };
        risk(&mut summary, &|risk| risk.largest = Some(largest));
        assert_eq!(
            said(&summary),
            "Up to a learning rate of 0.351, 1 of 20 seeds had diverged; of new seeds no more than 9.5 % are expected \
             to, and with 95 % confidence no more than 21.6 %."
        );
        risk(&mut summary, &|risk| {
            risk.censored = 3;
            risk.until = Some(0.351);
        });
        assert!(said(&summary).starts_with(
            "Up to a learning rate of 0.351, the largest whose effect was seen, 1 of 20 seeds had diverged (3 curves \
             ended early and count as diverged after their end); of new"
        ));
        risk(&mut summary, &|risk| risk.largest = None);
        assert_eq!(
            said(&summary),
            "No learning rate was tried at which at most 10 % of new seeds would be expected to diverge: 0 of 20 seeds \
             had diverged at the least, 1.00e-7."
        );
        risk(&mut summary, &|risk| risk.n = 8);
        assert_eq!(
            said(&summary),
            "8 seeds are too few to name a learning rate at which at most 10 % of new seeds are expected to diverge: that \
             takes 9 seeds or more."
        );
        risk(&mut summary, &|risk| (risk.n, risk.accepted) = (1, 0.0));
        assert_eq!(
            said(&summary),
            "1 seed is too few to name a learning rate at which at most 0 % of new seeds are expected to diverge."
        );
        summary.configs[0].risk = None;
        assert_eq!(finding(&summary, &summary.configs[0]), None);
    }

    #[test]
    fn the_definition_is_that_of_the_study() {
        let mut summary = example::reference();
        assert!(definition(&summary).contains("had risen for good (by more than four standard deviations"));
        let own = Divergence {
            factor: Some(3.0),
            beta: None,
        };
        summary.configs[0].divergence = own.clone();
        assert!(definition(&summary).contains("the config's own `[divergence]`"));
        summary.configs[1].divergence = own;
        assert!(definition(&summary).contains("the loss, smoothed by 0.98, larger than 3 times its least so far, or"));
        for config in &mut summary.configs {
            config.divergence.beta = Some(0.0);
        }
        assert!(definition(&summary).contains("that was above 3 times"));
    }
}
