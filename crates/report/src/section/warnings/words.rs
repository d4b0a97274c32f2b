use crate::format;
use crate::section::warnings::{ENOUGH_SEEDS, RangeEnd, Warning};
use seedband_core::summary::Interval;
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
        match self {
            Self::Partial { things, counts } => {
                write!(
                    f,
                    "Partial: {} of {} {things} have a curve, {} failed, {} not yet run. The {things} that are there first need not be \
                     typical: trials that diverge end early, so they can be over-represented. ",
                    counts.finished, counts.wanted, counts.failed, counts.missing
                )?;
                f.write_str(if counts.failed > 0 {
                    "Ask `seedband status` what failed, then use `seedband run` to finish."
                } else {
                    "Use `seedband run` to finish, or look again when it has ended."
                })
            }
            Self::Failed { things, counts } => write!(
                f,
                "{} of {} {things} have a curve, {} failed and are left out. Ask `seedband status` why, then use `seedband run` again.",
                counts.finished, counts.wanted, counts.failed
            ),
            Self::FewSeeds {
                n,
                interval,
                confidence,
            } => few_seeds(f, *n, interval.as_ref(), *confidence),
            Self::NoFiniteLimit {
                n,
                quantile,
                confidence,
                needed,
            } => write!(
                f,
                "With {} the {} quantile has no finite upper limit at {} confidence: the band's edge is an estimate without a bound. Run {needed} \
                 seeds or more where the outer quantiles matter.",
                format::count(*n, "seed"),
                format::percent(*quantile),
                format::percent(*confidence)
            ),
            Self::NoAnswer { end, without, finished } => {
                let reasons: Vec<String> = without
                    .iter()
                    .map(|(reason, seeds)| format!("{seeds} because {reason}"))
                    .collect();
                let all: u32 = without.iter().map(|(_, seeds)| seeds).sum();
                write!(
                    f,
                    "The {end} could not be read off {all} of {}: {}. Start the schedule lower or give it more steps.",
                    format::count(*finished, "curve"),
                    reasons.join(", ")
                )
            }
            Self::Fallbacks { end, seeds, n } => write!(
                f,
                "The {end} of {seeds} of {} is the rule's second choice. Look at those curves before you rely on it.",
                format::count(*n, "seed")
            ),
            Self::Reversed { seeds, finished } => write!(
                f,
                "In {seeds} of {} the min LR lies above the max LR, so that the range holds nothing. Look at those curves before you rely on \
                 either of them.",
                format::count(*finished, "seed")
            ),
            Self::EdgeOfGrid {
                seeds,
                finished,
                largest,
            } => write!(
                f,
                "{seeds} of {} had not diverged at the largest learning rate tried, {}; the max LR may be cut off. Raise the schedule's `end`.",
                format::count(*finished, "seed"),
                format::lr(*largest)
            ),
            Self::NoConsensus { share, most, n } => write!(
                f,
                "No learning rate lies in the ranges of {} of the seeds; at most {most} of {n} agree. Run the range test with the very initial \
                 weights that you will train with.",
                format::percent(*share)
            ),
            Self::WideSpread {
                end,
                decades,
                quantiles,
                lower,
            } => wide_spread(f, *end, *decades, *quantiles, *lower),
            Self::RulesCut {
                rules,
                all,
                seeds,
                finished,
            } => write!(
                f,
                "Training was stopped early, before the stop of {rules} of {} fired, on up to {seeds} of {}; with more steps they may answer \
                 otherwise. Use `seedband run` to train on.",
                format::count(*all, "rule"),
                format::count(*finished, "seed")
            ),
        }
    }
}

fn wide_spread(
    f: &mut fmt::Formatter<'_>,
    end: RangeEnd,
    decades: f64,
    quantiles: [f64; 2],
    lower: f64,
) -> fmt::Result {
    let advice = match end {
        RangeEnd::MaxLr => format!("Stay below {}, its lower quantile.", format::lr(lower)),
        RangeEnd::MinLr => "Choose by the max LR rather than by this one.".to_owned(),
    };
    write!(
        f,
        "The {end} spreads over {} decades between its {} quantiles: one run alone says little. {advice}",
        format::decades(decades),
        format::percent_range(quantiles)
    )
}

fn few_seeds(f: &mut fmt::Formatter<'_>, n: u32, interval: Option<&Interval>, confidence: f64) -> fmt::Result {
    let seeds = format::count(n, "seed");
    match interval {
        Some(interval) => write!(
            f,
            "Only {seeds}: the median max LR is known to lie between {} and {} ({} confidence), no better.",
            format::lr(interval.lower),
            format::lr(interval.upper),
            format::percent(interval.confidence)
        ),
        None => write!(
            f,
            "Only {seeds}: the medians have no interval of {} confidence.",
            format::percent(confidence)
        ),
    }?;
    write!(f, " Run {ENOUGH_SEEDS} seeds or more.")
}
