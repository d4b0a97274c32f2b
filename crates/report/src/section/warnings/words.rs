//! The warnings in words.

use super::find::ENOUGH_SEEDS;
use super::{RangeEnd, Warning};
use crate::format;
use seedband_core::summary::{Bound, Counts, Estimate};
use std::fmt;

impl fmt::Display for RangeEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MinLr => "min LR",
            Self::MaxLr => "max LR",
        })
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Partial { things, counts } => partial(things, *counts),
            Self::Failed { things, counts } => failed(things, *counts),
            Self::FewSeeds { n, max_lr, confidence } => few_seeds(*n, max_lr.as_ref(), *confidence),
            Self::NoFiniteLimit {
                n,
                quantile,
                confidence,
                needed,
            } => no_finite_limit(*n, *quantile, *confidence, *needed),
            Self::NoAnswer { end, without, finished } => no_answer(*end, without, *finished),
            Self::Fallbacks { end, seeds, n } => fallbacks(*end, *seeds, *n),
            Self::Reversed { seeds, finished } => reversed(*seeds, *finished),
            Self::CutOff {
                end,
                bound,
                seeds,
                finished,
            } => cut_off(*end, *bound, *seeds, *finished),
            Self::FinerThanStep { end, step } => finer_than_step(*end, *step),
            Self::WideSpread {
                end,
                decades,
                quantiles,
                lower,
            } => wide_spread(*end, *decades, *quantiles, *lower),
            Self::RulesCut {
                rules,
                all,
                seeds,
                finished,
            } => rules_cut(*rules, *all, *seeds, *finished),
            Self::LettersLacking { letters } => letters_lacking(letters),
        };
        f.write_str(&text)
    }
}

/// Letters that are spelled out.
const LETTERS_SHOWN: usize = 10;

fn letters_lacking(letters: &[char]) -> String {
    let shown: String = letters.iter().take(LETTERS_SHOWN).collect();
    let more = if letters.len() > LETTERS_SHOWN { "…" } else { "" };
    format!(
        "The figures' font lacks {} in names of configs ({shown}{more}): figures as PNG show □ in their place, SVG and \
         this report what your fonts have. Name the configs in Latin, Greek or Cyrillic letters to see them everywhere.",
        format::count(letters.len(), "letter")
    )
}

fn partial(things: &str, counts: Counts) -> String {
    let Counts {
        finished,
        wanted,
        failed,
        missing,
        ..
    } = counts;
    let advice = if failed > 0 {
        "Ask `seedband status` what failed, then use `seedband run` to finish."
    } else {
        "Use `seedband run` to finish, or look again when it has ended."
    };
    format!(
        "Partial: {finished} of {wanted} {things} have a curve, {failed} failed, {missing} not yet run. The {things} \
         that are there first need not be typical: trials that diverge end early, so they can be over-represented. \
         {advice}"
    )
}

fn failed(things: &str, counts: Counts) -> String {
    format!(
        "{} of {} {things} have a curve, {} failed and are left out. Ask `seedband status` why, then use `seedband \
         run` again.",
        counts.finished, counts.wanted, counts.failed
    )
}

fn few_seeds(n: u32, max_lr: Option<&Estimate>, confidence: f64) -> String {
    let interval = max_lr.and_then(|max_lr| Some((max_lr.interval?, max_lr.bounds)));
    let known = match interval {
        Some((interval, bounds)) => {
            let (lower, upper) = format::distinct(interval.lower, interval.upper);
            let place = match (bounds.interval_lower, bounds.interval_upper) {
                (Some(Bound::AtMost), Some(Bound::AtLeast)) => "anywhere".to_owned(),
                (_, Some(Bound::AtLeast)) => format!("at {lower} or above"),
                (Some(Bound::AtMost), _) => format!("at {upper} or below"),
                _ => format!("between {lower} and {upper}"),
            };
            let confidence = format::percent(interval.confidence);
            format!("the median max LR is known to lie {place} ({confidence} confidence), no better")
        }
        None => format!(
            "the medians have no interval of {} confidence",
            format::percent(confidence)
        ),
    };
    format!(
        "Only {}: {known}. Run {ENOUGH_SEEDS} seeds or more.",
        format::count(n, "seed")
    )
}

fn no_finite_limit(n: u32, quantile: f64, confidence: f64, needed: u32) -> String {
    format!(
        "With {} the {} quantile has no finite upper limit at {} confidence: the band's edge is an estimate without a \
         bound. Run {needed} seeds or more where the outer quantiles matter.",
        format::count(n, "seed"),
        format::percent(quantile),
        format::percent(confidence)
    )
}

fn no_answer(end: RangeEnd, without: &[(String, u32)], finished: u32) -> String {
    let reasons: Vec<String> = without
        .iter()
        .map(|(reason, seeds)| format!("{seeds} because {reason}"))
        .collect();
    let all = without.iter().fold(0_u32, |all, (_, seeds)| all.saturating_add(*seeds));
    format!(
        "The {end} could not be read off {all} of {}: {}. Start the schedule lower or give it more steps.",
        format::count(finished, "curve"),
        reasons.join(", ")
    )
}

fn fallbacks(end: RangeEnd, seeds: u32, n: u32) -> String {
    let n = format::count(n, "seed");
    format!("The {end} of {seeds} of {n} is the rule's second choice. Look at those curves before you rely on it.")
}

fn reversed(seeds: u32, finished: u32) -> String {
    format!(
        "In {seeds} of {} the min LR lies above the max LR, so that the range is empty. Look at those curves before \
         you rely on either of them.",
        format::count(finished, "seed")
    )
}

fn cut_off(end: RangeEnd, bound: Bound, seeds: u32, finished: u32) -> String {
    let (known, advice) = match bound {
        Bound::AtLeast => ("larger", "Raise the schedule's `end`"),
        Bound::AtMost => ("smaller", "Lower the schedule's `start`"),
    };
    format!(
        "The schedule cut off the {end} of {seeds} of {}: it is only known to be {known}. {advice} to know it.",
        format::count(finished, "seed")
    )
}

fn finer_than_step(end: RangeEnd, step: f64) -> String {
    format!(
        "The interval of the median {end} is narrower than a step of the schedule, a factor of {step:.2}: no rate in \
         between was tried. Give the schedule more steps to know it better."
    )
}

fn wide_spread(end: RangeEnd, decades: f64, quantiles: [f64; 2], lower: f64) -> String {
    let advice = match end {
        RangeEnd::MaxLr => format!("Stay below {}, its lower quantile.", format::lr(lower)),
        RangeEnd::MinLr => "Choose by the max LR rather than by this one.".to_owned(),
    };
    format!(
        "The {end} spreads over {} decades between its {} quantiles: one run alone says little. {advice}",
        format::decades(decades),
        format::percent_range(quantiles)
    )
}

fn rules_cut(rules: u32, all: u32, seeds: u32, finished: u32) -> String {
    format!(
        "Training was stopped early, before the stop of {rules} of {} fired, on up to {seeds} of {}; with more steps \
         they may answer otherwise. Use `seedband run` to train on.",
        format::count(all, "rule"),
        format::count(finished, "seed")
    )
}
