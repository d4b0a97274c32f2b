//! Several rules on the same curves, in order and in words.

use crate::format;
use seedband_core::summary::{ConfigSummary, RuleSummary};

/// What the reader has to know of the rules first.
pub(crate) const INTRODUCTION: &str = "Each rule has its own smoothing and its own stop; the training is the same. \
    Some look for the min LR of a range, some for the max LR, some for a rate to train with, so not all of their \
    distance is disagreement.";

/// The named rules by their median, least first; those without an answer last, in the study's order.
pub(crate) fn by_median(config: &ConfigSummary) -> Vec<&RuleSummary> {
    let median = |rule: &RuleSummary| rule.spread.estimate.map_or(f64::INFINITY, |estimate| estimate.median);
    let mut rules: Vec<&RuleSummary> = config.named_rules.iter().collect();
    rules.sort_by(|a, b| median(a).total_cmp(&median(b)));
    rules
}

/// Seeds with an answer: `20 seeds`, or `18 of 20 seeds`.
pub(crate) fn seeds(rule: &RuleSummary) -> String {
    let all = format::count(rule.answers.len() as u32, "seed");
    if rule.spread.n as usize == rule.answers.len() {
        all
    } else {
        format!("{} of {all}", rule.spread.n)
    }
}

/// One rule for those who cannot see the figure.
pub(crate) fn headline(rule: &RuleSummary) -> String {
    match rule.spread.estimate {
        Some(estimate) => format!(
            "{}: median {}, quantiles {}, {}.",
            rule.name,
            format::lr(estimate.median),
            format::lr_range(estimate.lower, estimate.upper),
            seeds(rule)
        ),
        None => format!("{}: no seed has an answer.", rule.name),
    }
}

/// How far the rules are apart, and which scatters least and most.
pub(crate) fn finding(config: &ConfigSummary) -> String {
    let medians: Vec<(&str, f64)> = by_median(config)
        .into_iter()
        .filter_map(|rule| {
            rule.spread
                .estimate
                .map(|estimate| (rule.name.as_str(), estimate.median))
        })
        .collect();
    let apart = match (medians.as_slice(), medians.first(), medians.last()) {
        ([], ..) | (_, None, _) | (_, _, None) => return "No rule has an answer for any seed.".to_owned(),
        ([(name, median)], ..) => format!(
            "Of the rules only {name} has an answer, {} in the median",
            format::lr(*median)
        ),
        (_, Some(least), Some(most)) => format!(
            "On the same curves the medians of {} lie {} decades apart, from {} ({}) to {} ({})",
            format::count(medians.len() as u32, "rule"),
            format::decades(most.1.log10() - least.1.log10()),
            format::lr(least.1),
            least.0,
            format::lr(most.1),
            most.0
        ),
    };
    match scatter(config) {
        Some(scatter) => format!("{apart}; {scatter}."),
        None => format!("{apart}."),
    }
}

/// The rules of least and of most scatter over the seeds, where there are several to choose from.
fn scatter(config: &ConfigSummary) -> Option<String> {
    let ranked: Vec<(u32, &RuleSummary)> = config
        .named_rules
        .iter()
        .filter_map(|rule| rule.rank.map(|rank| (rank, rule)))
        .collect();
    let decades = |rule: &RuleSummary| {
        rule.spread
            .estimate
            .map_or_else(String::new, |estimate| format::decades(estimate.decades))
    };
    let (last, most) = ranked.iter().max_by_key(|(rank, _)| *rank)?;
    let first: Vec<&RuleSummary> = ranked
        .iter()
        .filter(|(rank, _)| *rank == 1)
        .map(|(_, rule)| *rule)
        .collect();
    if *last == 1 {
        return None;
    }
    let names = match first.as_slice() {
        [one] => format!("{} scatters", one.name),
        [one, other] => format!("{} and {} scatter", one.name, other.name),
        several => format!("{} rules scatter", several.len()),
    };
    Some(format!(
        "over the seeds {names} least ({} decades), {} most ({})",
        first.first().map_or_else(String::new, |rule| decades(rule)),
        most.name,
        decades(most)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;

    #[test]
    fn the_finding_names_the_outer_rules() {
        let mut config = example::ruled("one", 20);
        assert_eq!(
            by_median(&config).iter().map(|rule| &*rule.name).collect::<Vec<_>>(),
            ["low", "middle", "high", "never"]
        );
        assert_eq!(
            finding(&config),
            "On the same curves the medians of 3 rules lie 3.0 decades apart, from 1.0e-4 (low) to 0.10 (high); over \
             the seeds middle scatters least (0.4 decades), high most (2.4)."
        );
        assert_eq!(seeds(&config.named_rules[0]), "20 seeds");
        assert_eq!(seeds(&config.named_rules[3]), "0 of 20 seeds");
        config
            .named_rules
            .retain(|rule| rule.name == "low" || rule.name == "never");
        config.named_rules[0].rank = Some(1);
        assert_eq!(
            finding(&config),
            "Of the rules only low has an answer, 1.0e-4 in the median."
        );
        config.named_rules.retain(|rule| rule.name == "never");
        assert_eq!(finding(&config), "No rule has an answer for any seed.");
    }
}
