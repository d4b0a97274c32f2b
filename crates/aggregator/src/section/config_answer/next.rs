//! The one setting whose change helps.

use super::kind::at_once;
use crate::input::ConfigInput;
use seedband_core::files::curve::End;
use seedband_core::range_test::{Growth, Range, Rule, RuleKind, Schedule};
use seedband_core::summary::{AnswerKind, ConfigSummary, MoreSeeds, SeedSummary, Suggestion};

/// By how much a schedule is widened at one of its ends: two decades.
const WIDER: f64 = 100.0;
/// Steps that the rules of all libraries can be read off.
const ENOUGH_STEPS: usize = 100;
/// Steps from which on more of them are no advice: a curve that is still too short, or does not fall, is so for another
/// reason.
const MANY_STEPS: usize = 10_000;
/// A first rate for a schedule that has none above 0: the default.
const FIRST_RATE: f64 = 1e-7;
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
        // The factor of a loss below 0 lies below the loss.
        AnswerKind::MoreSteps if most(summary, |seed| at_once(summary, seed.stop_step)) => {
            Some("stop.kind = \"never\"".into())
        }
        AnswerKind::MoreSteps => more_steps(schedule),
        AnswerKind::NoDescent if most(summary, |seed| blew_up_untried(seed, &summary.lrs)) => lower(schedule),
        // Training blew up before its loss fell, as it may where each rate has too few steps.
        AnswerKind::NoDescent if 2 * summary.counts.diverged >= summary.counts.finished => more_steps(schedule),
        AnswerKind::RaiseEnd | AnswerKind::NoDescent => trained_steps(summary).map_or_else(
            || raise(schedule.end),
            |steps| Some(format!("schedule.steps = {steps}")),
        ),
        AnswerKind::LowerStart => lower(schedule),
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

/// Whether something holds for half of the seeds or more.
fn most(summary: &ConfigSummary, holds: impl Fn(&SeedSummary) -> bool) -> bool {
    2 * summary.seeds.iter().filter(|seed| holds(seed)).count() >= summary.seeds.len()
}

/// Whether a seed diverged before rates well below that were tried: five at least, down to a hundredth of it.
fn blew_up_untried(seed: &SeedSummary, lrs: &[f64]) -> bool {
    const TRIED: usize = 5;
    let before = seed.diverged_step.map(|step| step as usize);
    let Some((before, lr)) = before.and_then(|step| Some((lrs.get(..step)?, lrs.get(step)?))) else {
        return false;
    };
    let is_below = |tried: &f64| *tried <= lr / WIDER;
    let has_close = before.iter().filter(|tried| !is_below(tried)).count() >= TRIED;
    !(before.iter().any(is_below) && has_close)
}

fn more_steps(schedule: &Schedule) -> Option<String> {
    let steps = schedule.steps.saturating_mul(4).max(ENOUGH_STEPS);
    (steps <= MANY_STEPS).then(|| format!("schedule.steps = {steps}"))
}

/// The most steps that a seed trained, where most of them ended before the schedule by themselves: a schedule of so many
/// reaches its last rate.
fn trained_steps(summary: &ConfigSummary) -> Option<usize> {
    let ended =
        |seed: &SeedSummary| seed.end == End::StoppedEarly && seed.stop_step.is_none() && seed.diverged_step.is_none();
    let trained = summary
        .seeds
        .iter()
        .filter(|seed| ended(seed))
        .map(|seed| seed.smoothed.len());
    trained.max().filter(|steps| *steps >= 2 && most(summary, ended))
}

/// Smaller rates: a schedule that grows by equal differences has few of them wherever it starts.
fn lower(schedule: &Schedule) -> Option<String> {
    match schedule.kind {
        Growth::Exponential => lower_start(schedule.start),
        Growth::Linear if schedule.start > 0.0 => Some("schedule.kind = \"exponential\"".into()),
        Growth::Linear => Some(format!(
            "schedule = {{ kind = \"exponential\", start = {FIRST_RATE:e} }}"
        )),
        Growth::Listed => None,
    }
}

fn lower_start(start: f64) -> Option<String> {
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
    use crate::section::answers::tests::answer;

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
        assert_eq!(lower_start(1e-5).as_deref(), Some("schedule.start = 1e-7"));
        assert_eq!((raise(1e5), lower_start(1e-11)), (None, None));
        let steps = |steps| {
            more_steps(&Schedule {
                steps,
                ..Schedule::default()
            })
        };
        assert_eq!(steps(10).as_deref(), Some("schedule.steps = 100"));
        assert_eq!(
            (steps(2500).as_deref(), steps(2501)),
            (Some("schedule.steps = 10000"), None)
        );
    }

    #[test]
    fn rates_well_below_a_divergence_are_tried_first() {
        let seed = |step| SeedSummary {
            diverged_step: step,
            ..crate::section::answers::tests::seed(0, answer(0.1), answer(0.1))
        };
        let exponential: Vec<f64> = (0..20).map(|step| 10_f64.powf(f64::from(step) / 5.0)).collect();
        // Of five rates a decade, from 1 on: a hundredth of 100 is 1, of 63 it is none of them.
        assert!(!blew_up_untried(&seed(Some(10)), &exponential));
        assert!(blew_up_untried(&seed(Some(9)), &exponential));
        assert!(!blew_up_untried(&seed(None), &exponential));
        let linear: Vec<f64> = (0..20).map(|step| 1e-7 + f64::from(step)).collect();
        assert!(blew_up_untried(&seed(Some(3)), &linear));
        assert!(!blew_up_untried(&seed(Some(10)), &linear));
    }

    /// Between 0.1 and 1 a linear schedule of ten steps has nine, below 0.1 one.
    #[test]
    fn a_linear_schedule_has_few_small_rates_wherever_it_starts() {
        let linear = |start| Schedule {
            kind: Growth::Linear,
            start,
            ..Schedule::default()
        };
        assert_eq!(lower(&linear(1e-7)).as_deref(), Some("schedule.kind = \"exponential\""));
        let expected = "schedule = { kind = \"exponential\", start = 1e-7 }";
        assert_eq!(lower(&linear(0.0)).as_deref(), Some(expected));
    }
}
