//! Several rules on the same curves: how far each scatters over seeds, and how far they disagree.

use crate::read::ConfigCurves;
use crate::section::ranges::{spread, usable};
use crate::stats::quantile::{Sample, Scale};
use seedband_core::files::curve::End;
use seedband_core::range_test::NamedRule;
use seedband_core::settings::Statistics;
use seedband_core::summary::{Disagreement, Distance, RuleAnswer, RuleSummary};

/// The named rules of a config over its seeds, in their order.
pub(crate) fn named_rules(rules: &[NamedRule], curves: &ConfigCurves, statistics: &Statistics) -> Vec<RuleSummary> {
    let mut summaries: Vec<RuleSummary> = rules
        .iter()
        .enumerate()
        .map(|(place, rule)| {
            let answers = answers(place, curves);
            RuleSummary {
                name: rule.name.clone(),
                spread: spread(answers.iter().map(|answer| &answer.answer), statistics),
                rank: None,
                answers,
            }
        })
        .collect();
    rank(&mut summaries);
    summaries
}

/// What the rule at `place` makes of each curve, by seed.
fn answers(place: usize, curves: &ConfigCurves) -> Vec<RuleAnswer> {
    let mut answers: Vec<RuleAnswer> = curves
        .runs()
        .filter_map(|(trial, run)| {
            let reading = run.named.get(place)?;
            Some(RuleAnswer {
                seed: trial.seed,
                answer: reading.answer,
                stop_step: reading.stop_step.map(|step| step as u32),
                cut: run.end == End::StoppedEarly && reading.stop_step.is_none(),
            })
        })
        .collect();
    answers.sort_by_key(|answer| answer.seed);
    answers
}

/// Fills in each rule's place by scatter among those that have an answer for most seeds, and for two at least.
fn rank(rules: &mut [RuleSummary]) {
    let scatter = |rule: &RuleSummary| {
        let seeds = rule.spread.n as usize;
        let estimate = rule.spread.estimate.as_ref()?;
        (seeds >= 2 && 2 * seeds > rule.answers.len()).then_some(estimate.decades)
    };
    let scatters: Vec<Option<f64>> = rules.iter().map(scatter).collect();
    for (rule, own) in rules.iter_mut().zip(&scatters) {
        rule.rank = own.map(|own| 1 + scatters.iter().flatten().filter(|other| **other < own).count() as u32);
    }
}

/// Each pair of rules once: quantiles of log10(first / second) over the seeds for which both have an answer above 0.
///
/// Seeds are paired before quantiles are taken, so what luck does to both rules alike cancels. Every rule has an answer, or its absence, for the
/// same seeds in the same order.
pub(crate) fn disagreements(rules: &[RuleSummary], statistics: &Statistics) -> Vec<Disagreement> {
    let pairs = rules
        .iter()
        .enumerate()
        .flat_map(|(place, first)| rules[place + 1..].iter().map(move |second| (first, second)));
    pairs
        .map(|(first, second)| {
            let ratios: Vec<f64> = first
                .answers
                .iter()
                .zip(&second.answers)
                .filter_map(|(first, second)| usable(&first.answer).zip(usable(&second.answer)))
                .map(|(first, second)| first.log10() - second.log10())
                .collect();
            Disagreement {
                first: first.name.clone(),
                second: second.name.clone(),
                n: ratios.len() as u32,
                distance: (!ratios.is_empty()).then(|| distance(ratios, statistics)),
            }
        })
        .collect()
}

/// Quantiles of distances in decades: these are logarithms already, whatever space the learning rates' own quantiles are taken in.
fn distance(ratios: Vec<f64>, statistics: &Statistics) -> Distance {
    let sample = Sample::new(ratios);
    let [lower, upper] = statistics.quantiles.map(|q| sample.quantile(q, Scale::Raw));
    Distance {
        median: sample.median(Scale::Raw),
        lower,
        upper,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use seedband_core::range_test::{Answer, Reason};

    /// A rule whose answers for seeds 0, 1, … are these, `None` for none.
    fn rule(name: &str, lrs: &[Option<f64>]) -> RuleSummary {
        let answer = |lr: &Option<f64>| match *lr {
            Some(lr) => Answer::Found {
                lr,
                index: 0,
                fallback: false,
            },
            None => Answer::None {
                reason: Reason::TooFewPoints,
            },
        };
        let answers: Vec<RuleAnswer> = (0..)
            .zip(lrs)
            .map(|(seed, lr)| RuleAnswer {
                seed,
                answer: answer(lr),
                stop_step: None,
                cut: false,
            })
            .collect();
        RuleSummary {
            name: name.into(),
            spread: spread(answers.iter().map(|answer| &answer.answer), &Statistics::default()),
            rank: None,
            answers,
        }
    }

    fn ranks(mut rules: Vec<RuleSummary>) -> Vec<Option<u32>> {
        rank(&mut rules);
        rules.into_iter().map(|rule| rule.rank).collect()
    }

    #[test]
    fn the_place_goes_by_scatter() {
        let wide = rule("wide", &[Some(1e-4), Some(1e-2), Some(1.0)]);
        let narrow = rule("narrow", &[Some(1e-3), Some(2e-3), Some(1e-3)]);
        let fixed = rule("fixed", &[Some(0.1), Some(0.1), Some(0.1)]);
        assert_eq!(
            ranks(vec![wide.clone(), fixed.clone(), narrow, fixed]),
            [Some(4), Some(1), Some(3), Some(1)]
        );
        // One answer of three, none at all, and one of one scatter by no decade and say nothing.
        let (one, none) = (rule("one", &[None, Some(0.1), None]), rule("none", &[None, None, None]));
        assert_eq!(ranks(vec![one, none, wide]), [None, None, Some(1)]);
        assert_eq!(ranks(vec![rule("alone", &[Some(0.1)])]), [None]);
    }

    /// Ratios of 10, 100 and 1000 where both have an answer: 1, 2 and 3 decades, of which the 10 % quantile is 1.2 and the 90 % one 2.8.
    #[test]
    fn rules_are_compared_seed_by_seed() {
        let rules = [
            rule("a", &[Some(1e-2), Some(1e-4), None, Some(10.0), Some(1.0)]),
            rule("b", &[Some(1e-3), Some(1e-6), Some(1.0), Some(1e-2), Some(0.0)]),
            rule("c", &[None, None, Some(1.0), None, None]),
        ];
        let pairs = disagreements(&rules, &Statistics::default());
        let names: Vec<(&str, &str, u32)> = pairs.iter().map(|pair| (&*pair.first, &*pair.second, pair.n)).collect();
        assert_eq!(names, [("a", "b", 3), ("a", "c", 0), ("b", "c", 1)]);
        let distance = pairs[0].distance.unwrap();
        for (value, expected) in [(distance.lower, 1.2), (distance.median, 2.0), (distance.upper, 2.8)] {
            // Two logarithms, a difference and an interpolation.
            assert!((value - expected).abs() < 1e-14, "{distance:?}");
        }
        assert_eq!(pairs[1].distance, None);
        let same = pairs[2].distance.unwrap();
        assert_eq!((same.lower.to_bits(), same.upper.to_bits()), (0, 0));
        assert!(disagreements(&rules[..1], &Statistics::default()).is_empty());
    }
}
