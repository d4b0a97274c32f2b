//! The one setting whose change helps.

use crate::input::ConfigInput;
use seedband_core::range_test::{Range, Rule, RuleKind};
use seedband_core::summary::{AnswerKind, ConfigSummary, MoreSeeds, SeedSummary, Suggestion};

/// By how much a schedule is widened at one of its ends: two decades.
const WIDER: f64 = 100.0;
/// Steps that the rules of all libraries can be read off.
const ENOUGH_STEPS: usize = 100;
/// Rates beyond which no schedule is widened.
const WIDEST: [f64; 2] = [1e-12, 1e6];
/// Divisors of the least loss that are tried in place of a larger one, in turn.
const DIVISORS: [f64; 4] = [5.0, 3.0, 2.0, 1.0];
/// Steps of each training of a grid that is proposed.
const TRAIN_STEPS: u32 = 200;

/// A line of TOML; none where nothing has to change, or where curves were recorded elsewhere and nothing can.
pub(super) fn next(
    kind: AnswerKind,
    summary: &ConfigSummary,
    config: &ConfigInput,
    suggestion: &Suggestion,
    more: Option<MoreSeeds>,
) -> Option<String> {
    if config.recipe.trainer.recorded().is_some() && kind != AnswerKind::RulesCross {
        return None;
    }
    let schedule = &config.recipe.schedule;
    match kind {
        AnswerKind::Use | AnswerKind::UseMeasured => None,
        AnswerKind::MoreSteps => {
            let steps = schedule.steps.saturating_mul(4).max(ENOUGH_STEPS);
            Some(format!("schedule.steps = {steps}"))
        }
        AnswerKind::NoDescent if 2 * summary.counts.diverged >= summary.counts.finished => lower(schedule.start),
        AnswerKind::NoDescent | AnswerKind::RaiseEnd => raise(schedule.end),
        AnswerKind::LowerStart => lower(schedule.start),
        AnswerKind::RulesCross => uncrossed(summary, &config.analysis.range),
        // Seeds of which each trains the same say nothing new.
        AnswerKind::MoreSeeds if summary.counts.repeats > 0 => Some("streams.weights = \"vary\"".into()),
        AnswerKind::MoreSeeds => {
            let more = more.map(|more| more.likely.unwrap_or(more.least))?;
            Some(format!("seeds = \"{}\"", longer(&config.seeds, more)))
        }
        AnswerKind::Disagree => suggestion.lr.map(grid),
    }
}

fn lower(start: f64) -> Option<String> {
    let start = start / WIDER;
    // Fifteen digits, so that no rounding of the division is to be seen.
    let start: f64 = format!("{start:.14e}").parse().unwrap_or(start);
    (start >= WIDEST[0]).then(|| format!("schedule.start = {start:e}"))
}

fn raise(end: f64) -> Option<String> {
    let end = end * WIDER;
    (end <= WIDEST[1]).then(|| format!("schedule.end = {end:?}"))
}

/// A max LR rule by which the ranges of nine seeds of ten are in order: the least loss divided by less or, where that is
/// not the rule or does not help, the rule of the min LR, so that there is one suggestion a seed.
fn uncrossed(summary: &ConfigSummary, range: &Range) -> Option<String> {
    let explicit = range.max.explicit();
    let divisor = explicit.divide_by.unwrap_or(1.0);
    let ends: Vec<(f64, f64)> = summary.seeds.iter().filter_map(SeedSummary::ends).collect();
    let in_order = |by: f64| {
        let ordered = ends.iter().filter(|(min, max)| *min <= max * divisor / by).count();
        10 * ordered >= 9 * ends.len()
    };
    let smaller = DIVISORS.into_iter().filter(|by| *by < divisor);
    let found = (range.max.rule == RuleKind::LeastLoss).then(|| smaller.into_iter().find(|by| in_order(*by)));
    let rule = match found.flatten() {
        Some(by) => Rule {
            divide_by: Some(by),
            ..range.max.clone()
        },
        None => range.min.clone(),
    };
    if rule.explicit() == explicit {
        return None;
    }
    Some(format!("range.max = {}", written(&rule)?))
}

/// A rule as an inline table, without what is its default.
fn written(rule: &Rule) -> Option<toml::Value> {
    let table = |rule: &Rule| toml::Table::try_from(rule.explicit()).ok();
    let defaults = table(&Rule::new(rule.rule))?;
    let differs = |(key, value): &(String, toml::Value)| key == "rule" || defaults.get(key) != Some(value);
    Some(toml::Value::Table(table(rule)?.into_iter().filter(differs).collect()))
}

/// Seven rates, three to a decade, around the suggested one, which is among them.
fn grid(lr: f64) -> String {
    let rates: Vec<String> = (-3..=3)
        .map(|third| format!("{:.2e}", lr * 10_f64.powf(f64::from(third) / 3.0)))
        .collect();
    format!("train = {{ lr = [{}], steps = {TRAIN_STEPS} }}", rates.join(", "))
}

/// The list of seeds with so many more behind its largest.
fn longer(seeds: &[u64], more: u32) -> String {
    let mut all = seeds.to_vec();
    all.sort_unstable();
    let from = all.last().map_or(0, |last| last.saturating_add(1));
    all.extend(from..from.saturating_add(u64::from(more)));
    let mut runs: Vec<(u64, u64)> = Vec::new();
    for seed in all {
        match runs.last_mut() {
            Some((_, end)) if *end == seed => *end = seed.saturating_add(1),
            _ => runs.push((seed, seed.saturating_add(1))),
        }
    }
    let written = runs.iter().map(|(start, end)| {
        if end - start == 1 {
            start.to_string()
        } else {
            format!("{start}..{end}")
        }
    });
    written.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_written_without_its_defaults() {
        let shown = |rule: &Rule| written(rule).unwrap().to_string();
        assert_eq!(shown(&Rule::new(RuleKind::Valley).explicit()), "{ rule = \"valley\" }");
        let least = Range::default().max;
        let halved = Rule {
            divide_by: Some(2.0),
            ..least.explicit()
        };
        assert_eq!(
            shown(&halved),
            "{ rule = \"least-loss\", skip-start = 0, skip-end = 0, divide-by = 2.0 }"
        );
    }

    #[test]
    fn seeds_are_added_behind_the_last() {
        assert_eq!(longer(&[0, 1, 2], 3), "0..6");
        assert_eq!(longer(&[7, 0, 1], 2), "0..2,7..10");
        assert_eq!(longer(&[], 2), "0..2");
    }

    #[test]
    fn a_grid_goes_a_decade_to_either_side() {
        assert_eq!(
            grid(0.1),
            "train = { lr = [1.00e-2, 2.15e-2, 4.64e-2, 1.00e-1, 2.15e-1, 4.64e-1, 1.00e0], steps = 200 }"
        );
    }

    #[test]
    fn a_schedule_is_not_widened_without_end() {
        assert_eq!(raise(0.01).as_deref(), Some("schedule.end = 1.0"));
        assert_eq!(lower(1e-5).as_deref(), Some("schedule.start = 1e-7"));
        assert_eq!((raise(1e5), lower(1e-11), lower(0.0)), (None, None, None));
    }
}
