//! Which kind of answer it is.

use super::descent::descends;
use crate::stats::{clopper_pearson, ninety_percent};
use seedband_core::range_test::{Answer, Reason};
use seedband_core::summary::{AnswerKind, Bound, ConfigSummary, Estimate, MoreSeeds, Suggestion};

/// The share of new seeds in whose range a rate has to lie to be one to use: more of them than not.
const MOST: f64 = 0.5;
/// With more seeds than this a number of further ones is not searched for.
const MOST_SEEDS: u32 = 10_000;

/// The first kind that holds; see [`AnswerKind`].
pub(super) fn kind(summary: &ConfigSummary, suggestion: &Suggestion) -> AnswerKind {
    let seeds = suggestion.seeds;
    if 2 * too_short(summary) >= seeds {
        return AnswerKind::MoreSteps;
    }
    if !descends(&summary.raw.median) {
        return AnswerKind::NoDescent;
    }
    if is_bound(summary.min_lr.estimate, Bound::AtMost) || is_bound(summary.max_lr.estimate, Bound::AtMost) {
        return AnswerKind::LowerStart;
    }
    if is_bound(summary.max_lr.estimate, Bound::AtLeast) || is_bound(summary.min_lr.estimate, Bound::AtLeast) {
        return AnswerKind::RaiseEnd;
    }
    let crossed = summary.seeds.iter().filter(|seed| seed.is_crossed()).count() as u32;
    if 4 * crossed >= seeds && suggestion.support < ninety_percent(seeds) {
        return AnswerKind::RulesCross;
    }
    of_support(suggestion)
}

/// Whether the rate is good for most new seeds, as far as those left out can tell.
fn of_support(suggestion: &Suggestion) -> AnswerKind {
    match suggestion.held_out {
        Some(found) if found.interval.lower >= MOST => AnswerKind::Use,
        // Of so few seeds not even all could tell.
        _ if !all_can_tell(suggestion) => AnswerKind::MoreSeeds,
        Some(found) if found.expected > MOST => AnswerKind::MoreSeeds,
        _ => AnswerKind::Disagree,
    }
}

/// Whether seeds that all support the rate are enough to call it good for most.
fn all_can_tell(suggestion: &Suggestion) -> bool {
    let confidence = suggestion.held_out.map_or(0.95, |found| found.interval.confidence);
    clopper_pearson(suggestion.seeds, suggestion.seeds, confidence).0 >= MOST
}

/// With how many further seeds the rate is likely to be known as good for most.
pub(super) fn more_seeds(kind: AnswerKind, suggestion: &Suggestion) -> Option<MoreSeeds> {
    if kind != AnswerKind::MoreSeeds {
        return None;
    }
    let (held, left_out, confidence) = suggestion
        .held_out
        .map_or((suggestion.support, suggestion.seeds, 0.95), |found| {
            (found.held, found.left_out, found.interval.confidence)
        });
    let tells = |held: u32, all: u32| clopper_pearson(held, all, confidence).0 >= MOST;
    let least = (1..MOST_SEEDS).find(|more| tells(held + more, left_out + more))?;
    let expected = f64::from(held) / f64::from(left_out.max(1));
    let grown = |more: &u32| tells((f64::from(left_out + more) * expected).floor() as u32, left_out + more);
    // The count of a share just above a half has to be known to a hundredth of that for a thousand seeds.
    let likely = (expected > MOST).then(|| (least..MOST_SEEDS).find(grown)).flatten();
    Some(MoreSeeds { likely, least })
}

/// Whether a step lies in the first tenth of the schedule.
pub(super) fn at_once(summary: &ConfigSummary, step: Option<u32>) -> bool {
    const TENTH: f64 = 10.0;
    step.is_some_and(|step| TENTH * f64::from(step) < summary.lrs.len() as f64)
}

/// Seeds without a range because their curves have too few points for the rules, unless they diverged at once: steps
/// that are closer together do not help where the first rates are too large.
fn too_short(summary: &ConfigSummary) -> u32 {
    let is_short = |answer: &Answer| {
        matches!(
            answer,
            Answer::None {
                reason: Reason::TooFewPoints | Reason::TooFewFinite
            }
        )
    };
    let count = summary
        .seeds
        .iter()
        .filter(|seed| is_short(&seed.min_lr) || is_short(&seed.max_lr))
        .filter(|seed| !at_once(summary, seed.diverged_step))
        .count();
    count as u32
}

fn is_bound(estimate: Option<Estimate>, bound: Bound) -> bool {
    estimate.is_some_and(|estimate| estimate.bounds.median == Some(bound))
}
