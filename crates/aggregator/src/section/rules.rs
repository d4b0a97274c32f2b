//! Several rules on the same curves: how far each scatters over seeds, and how far they disagree.

use super::answers::FIRST_NAMED;
use crate::read::{ConfigCurves, ReadCurve, TrialCurve};
use crate::stats::{Groups, Sample, Scale};
use polars::prelude::{
    ChunkCompareIneq, DataFrame, DataFrameJoinOps, Float64Chunked, IntoColumn, JoinArgs, JoinType, PolarsResult,
};
use seedband_core::files::curve::End;
use seedband_core::range_test::NamedRule;
use seedband_core::settings::Statistics;
use seedband_core::summary::{ConfigSummary, Disagreement, Distance, RuleAnswer, RuleSummary, Spread};
use std::collections::HashMap;

/// What each of these rules makes of each curve, by seed; without a spread yet.
pub(crate) fn named_rules(rules: &[NamedRule], curves: &ConfigCurves) -> Vec<RuleSummary> {
    let rules = rules.iter().enumerate();
    rules
        .map(|(place, rule)| RuleSummary {
            name: rule.name.clone(),
            spread: Spread::default(),
            rank: None,
            suggestion: None,
            answers: answers(place, curves),
        })
        .collect()
}

/// What the rule at `place` makes of each curve, by seed.
fn answers(place: usize, curves: &ConfigCurves) -> Vec<RuleAnswer> {
    let answer = |(trial, read): (&TrialCurve, &ReadCurve)| {
        let reading = read.named.get(place)?;
        Some(RuleAnswer {
            seed: trial.seed,
            answer: reading.answer,
            stop_step: reading.stop_step.map(|step| step as u32),
            cut: read.curve.end == End::StoppedEarly && reading.stop_step.is_none(),
        })
    };
    let mut answers: Vec<RuleAnswer> = curves.read().filter_map(answer).collect();
    answers.sort_by_key(|answer| answer.seed);
    answers
}

/// Fills in each rule's place by scatter among those of its config.
pub(crate) fn add_ranks(configs: &mut [ConfigSummary]) {
    for config in configs {
        rank(&mut config.named_rules);
    }
}

/// Only rules that have an answer for most seeds, and for two at least, have a place.
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

/// Fills in how far any two named rules of a config disagree, each pair once: quantiles of log10(first / second) over
/// the seeds for which both have an answer above 0.
///
/// Seeds are paired before quantiles are taken, so what luck does to both rules alike cancels.
pub(crate) fn add_disagreements(
    configs: &mut [ConfigSummary],
    answers: &DataFrame,
    statistics: &Statistics,
) -> PolarsResult<()> {
    let mut distances = distances(answers, statistics)?;
    for (config, place) in configs.iter_mut().zip(0..) {
        let rules: Vec<(&RuleSummary, u32)> = config.named_rules.iter().zip(FIRST_NAMED..).collect();
        let mut disagreements = Vec::new();
        for (index, (first, first_number)) in rules.iter().enumerate() {
            for (second, second_number) in &rules[index + 1..] {
                let found = distances.remove(&(place, *first_number, *second_number));
                disagreements.push(Disagreement {
                    first: first.name.clone(),
                    second: second.name.clone(),
                    n: found.map_or(0, |(n, _)| n),
                    distance: found.map(|(_, distance)| distance),
                });
            }
        }
        config.disagreements = disagreements;
    }
    Ok(())
}

/// Seeds and distance by config and pair of rules.
type Distances = HashMap<(u32, u32, u32), (u32, Distance)>;

/// Seeds and distance by config and pair of rules; those without a seed are absent.
fn distances(answers: &DataFrame, statistics: &Statistics) -> PolarsResult<Distances> {
    let named = answers.column("rule")?.u32()?.gt_eq(FIRST_NAMED);
    let usable = answers.column("lr")?.is_not_null();
    let answers = answers
        .select(["config", "seed", "rule", "lr"])?
        .filter(&(named & usable))?;
    let keys = ["config", "seed"];
    let pairs = answers.join(&answers, keys, keys, JoinArgs::new(JoinType::Inner), None)?;
    let once = pairs.column("rule")?.u32()?.lt(pairs.column("rule_right")?.u32()?);
    let mut pairs = pairs.filter(&once)?;
    let (first, second) = (pairs.column("lr")?.f64()?, pairs.column("lr_right")?.f64()?);
    let ratios = first.iter().zip(second.iter());
    let ratios: Float64Chunked = ratios
        .map(|(first, second)| Some(first?.log10() - second?.log10()))
        .collect();
    pairs.with_column(ratios.with_name("ratio".into()).into_column())?;
    let groups = Groups::new(&pairs, ["config", "rule", "rule_right"])?;
    let ratios = groups.floats("ratio")?;
    let second = groups.key(2)?.u32()?;
    let keys = groups.first_two_keys()?.into_iter().zip(second.iter().flatten());
    let mut distances = HashMap::new();
    for (group, ([config, first], second)) in keys.enumerate() {
        let found = (groups.size(group) as u32, distance(ratios.of(group), statistics));
        distances.insert((config, first, second), found);
    }
    Ok(distances)
}

/// Quantiles of distances in decades: these are logarithms already, whatever space the learning rates' own quantiles
/// are taken in.
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
    use crate::section::answers::answer_frame;
    use crate::section::answers::tests::answer;
    use crate::section::ranges::add_spreads;

    /// A config whose rules have these answers for seeds 0, 1, …, 0 for none.
    fn config<const N: usize>(rules: &[(&str, [f64; N])]) -> ConfigSummary {
        let rule = |(name, lrs): &(&str, [f64; N])| {
            let answers = lrs.iter().zip(0..).map(|(lr, seed)| RuleAnswer {
                seed,
                answer: answer(*lr),
                stop_step: None,
                cut: false,
            });
            RuleSummary {
                name: (*name).to_owned(),
                spread: Spread::default(),
                rank: None,
            suggestion: None,
                answers: answers.collect(),
            }
        };
        let mut configs = [ConfigSummary {
            named_rules: rules.iter().map(rule).collect(),
            ..ConfigSummary::default()
        }];
        let answers = answer_frame(&configs).unwrap();
        add_spreads(&mut configs, &answers, &Statistics::default()).unwrap();
        add_disagreements(&mut configs, &answers, &Statistics::default()).unwrap();
        let [config] = configs;
        config
    }

    fn ranks<const N: usize>(rules: &[(&str, [f64; N])]) -> Vec<Option<u32>> {
        let mut rules = config(rules).named_rules;
        rank(&mut rules);
        rules.into_iter().map(|rule| rule.rank).collect()
    }

    #[test]
    fn the_place_goes_by_scatter() {
        let wide = ("wide", [1e-4, 1e-2, 1.0]);
        let narrow = ("narrow", [1e-3, 2e-3, 1e-3]);
        let fixed = ("fixed", [0.1; 3]);
        assert_eq!(
            ranks(&[wide, fixed, narrow, fixed]),
            [Some(4), Some(1), Some(3), Some(1)]
        );
        // One answer of three, none at all, and one of one scatter by no decade and say nothing.
        let (one, none) = (("one", [0.0, 0.1, 0.0]), ("none", [0.0; 3]));
        assert_eq!(ranks(&[one, none, wide]), [None, None, Some(1)]);
        assert_eq!(ranks(&[("alone", [0.1])]), [None]);
    }

    /// Ratios of 10, 100 and 1000 where both have an answer: 1, 2 and 3 decades, of which the 10 % quantile is 1.2 and
    /// the 90 % one 2.8.
    #[test]
    fn rules_are_compared_seed_by_seed() {
        let rules = [
            ("a", [1e-2, 1e-4, 0.0, 10.0, 1.0]),
            ("b", [1e-3, 1e-6, 1.0, 1e-2, 0.0]),
            ("c", [0.0, 0.0, 1.0, 0.0, 0.0]),
        ];
        let pairs = config(&rules).disagreements;
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
        assert!(config(&rules[..1]).disagreements.is_empty());
    }
}
