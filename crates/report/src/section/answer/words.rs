//! What can be said of a config, in words.

use crate::format;
use crate::section::lr_grid;
use seedband_core::summary::{
    AnswerKind, Bound, ConfigAnswer, ConfigSummary, HeldOut, LrGridSummary, Measured, MoreSeeds, SeedSummary,
    Suggestion,
};

/// One learning rate with its support, or why there is none yet, and what to change; as it looks so far, where seeds are
/// to come.
pub(crate) fn statement(config: &ConfigSummary) -> String {
    let counts = config.counts;
    let answer = match &config.answer {
        Some(answer) => of_answer(config, answer),
        None => "No seed has a curve.".to_owned(),
    };
    if counts.is_partial() {
        format!("Partial, {} of {} seeds. {answer}", counts.finished, counts.wanted)
    } else {
        answer
    }
}

fn of_answer(config: &ConfigSummary, answer: &ConfigAnswer) -> String {
    let mut sentences = vec![found(config, answer)];
    if answer.kind != AnswerKind::UseMeasured && config.counts.repeats > 0 {
        sentences.push(format!(
            "All random streams are fixed, so that the {} asked for are 1 trial.",
            format::count(config.counts.repeats + config.counts.wanted, "seed")
        ));
    }
    sentences.extend(advice(answer));
    sentences.join(" ")
}

/// What was found.
fn found(config: &ConfigSummary, answer: &ConfigAnswer) -> String {
    let suggestion = &answer.suggestion;
    let so_far = so_far(config, suggestion);
    let suggested = suggested_lr(config);
    match answer.kind {
        AnswerKind::Use => match suggested {
            Some(lr) => format!("Use LR {lr}. {}", trust(suggestion)),
            None => nothing(suggestion),
        },
        AnswerKind::UseMeasured => match (&answer.measured, suggestion.lr) {
            (Some(measured), Some(lr)) => of_trainings(config, measured, lr, suggestion),
            _ => nothing(suggestion),
        },
        AnswerKind::MoreSeeds => match suggested {
            Some(lr) => format!(
                "Too few seeds to tell whether LR {lr} is good for most. {}",
                trust(suggestion)
            ),
            None => nothing(suggestion),
        },
        AnswerKind::Disagree => match suggested {
            Some(lr) => format!(
                "The seeds disagree: no learning rate is good for most of them. The best is LR {lr}. {}",
                trust(suggestion)
            ),
            None => nothing(suggestion),
        },
        AnswerKind::MoreSteps => format!("The curves have too few points for the rules.{so_far}"),
        AnswerKind::NoDescent => format!(
            "The loss does not fall by more than its noise between {}{}.",
            tried(config),
            diverged(config)
        ),
        AnswerKind::LowerStart => format!("{}{so_far}", cut_off(config, Bound::AtMost)),
        AnswerKind::RaiseEnd => format!("{}{so_far}", cut_off(config, Bound::AtLeast)),
        AnswerKind::RulesCross => format!(
            "The two rules do not make a range: in {} of {} the min LR ({}) lies above the max LR ({}).{so_far}",
            answer.crossed,
            format::count(suggestion.seeds, "seed"),
            config.rules.min_lr,
            config.rules.max_lr
        ),
    }
}

fn nothing(suggestion: &Suggestion) -> String {
    format!("None of {} gave a range.", format::count(suggestion.seeds, "seed"))
}

/// The suggested rate to the fewest digits, two or more, with which as many seeds support it.
pub(crate) fn suggested_lr(config: &ConfigSummary) -> Option<String> {
    /// With so many digits nothing is rounded that a support depends on.
    const MOST_DIGITS: usize = 8;
    let suggestion = &config.answer.as_ref()?.suggestion;
    let lr = suggestion.lr?;
    let within = suggestion.tolerance.unwrap_or(1.0);
    let holds = |(min, max): (f64, f64), lr: f64| min / within <= lr && lr <= max * within;
    let support = |lr: f64| {
        config
            .seeds
            .iter()
            .filter_map(SeedSummary::range)
            .filter(|range| holds(*range, lr))
            .count()
    };
    let is_supported = |text: &String| text.parse().is_ok_and(|lr| support(lr) >= suggestion.support as usize);
    let mut texts = (2..=MOST_DIGITS).map(|digits| format::lr_digits(lr, digits));
    texts.find(is_supported).or_else(|| Some(format::lr(lr)))
}

/// How many seeds support the rate, how it fared when seeds were left out, and the range.
fn trust(suggestion: &Suggestion) -> String {
    let mut text = format!("It lies {}", support(suggestion));
    if let Some(found) = &suggestion.held_out {
        text = format!(
            "{text}; chosen from the other seeds it lay {} {} of {} times ({}).",
            if suggestion.tolerance.is_some() {
                "that near the left-out seed's"
            } else {
                "in the left-out seed's range"
            },
            found.held,
            found.left_out,
            interval(found)
        );
    } else {
        text.push('.');
    }
    match range(suggestion) {
        Some(range) => format!("{text} {range}"),
        None => text,
    }
}

/// `in the range of 53 of 60 seeds`, or `within a factor of 3.2 of the suggestion of 53 of 60 seeds`.
fn support(suggestion: &Suggestion) -> String {
    let seeds = format!("{} of {}", suggestion.support, format::count(suggestion.seeds, "seed"));
    match suggestion.tolerance {
        Some(tolerance) => format!("within a factor of {tolerance:.1} of the suggestion of {seeds}"),
        None => format!("in the range of {seeds}"),
    }
}

/// The widest range of most seeds, with its own count; none for single suggestions, whose range is a matter of the
/// tolerance.
fn range(suggestion: &Suggestion) -> Option<String> {
    let range = suggestion.range.filter(|_| suggestion.tolerance.is_none())?;
    let (min, max) = format::interval_within(range.min_lr, range.max_lr);
    if min == max {
        return None;
    }
    let held_out = range.range_held_out.map_or_else(String::new, |found| {
        format!(
            "; chosen from the others, such a range fitted the left-out seed {} of {} times",
            found.held, found.left_out
        )
    });
    Some(format!(
        "The interval {min} to {max} lies whole in the ranges of {} of {}{held_out}.",
        range.range_support,
        format::count(suggestion.seeds, "seed")
    ))
}

/// `95 %: 73 to 94 %`.
fn interval(found: &HeldOut) -> String {
    let percent = |share: f64| format!("{:.0}", 100.0 * share);
    format!(
        "{}: {} to {} %",
        format::percent(found.interval.confidence),
        percent(found.interval.lower),
        percent(found.interval.upper)
    )
}

/// The rate as it stands, after a statement that there is no answer yet; empty where no seed supports any.
fn so_far(config: &ConfigSummary, suggestion: &Suggestion) -> String {
    match suggested_lr(config) {
        Some(lr) => format!(" So far LR {lr} lies {}.", support(suggestion)),
        None => String::new(),
    }
}

/// Learning rates from the first to the last that a seed was trained with.
fn tried(config: &ConfigSummary) -> String {
    let ends = config.lrs.first().zip(largest(config));
    ends.map_or_else(String::new, |(first, last)| {
        format!("{} and {}", format::lr(*first), format::lr(last))
    })
}

/// The largest learning rate that a seed was trained with.
fn largest(config: &ConfigSummary) -> Option<f64> {
    let steps = config.seeds.iter().map(|seed| seed.smoothed.len()).max()?;
    config.lrs.get(steps.checked_sub(1)?).copied()
}

/// `; 18 of 20 seeds diverged, at learning rates from 0.10 to 0.30`, or nothing.
fn diverged(config: &ConfigSummary) -> String {
    let steps = config.seeds.iter().filter_map(|seed| seed.diverged_step);
    let mut lrs: Vec<f64> = steps
        .filter_map(|step| config.lrs.get(step as usize))
        .copied()
        .collect();
    lrs.sort_by(f64::total_cmp);
    let (Some(first), Some(last)) = (lrs.first(), lrs.last()) else {
        return String::new();
    };
    let (first, last) = (format::lr(*first), format::lr(*last));
    let place = if first == last {
        format!("learning rate {first}")
    } else {
        format!("learning rates from {first} to {last}")
    };
    let seeds = format::count(config.seeds.len() as u32, "seed");
    format!("; {} of {seeds} diverged, at {place}", lrs.len())
}

/// Which ends the schedule cut off, in how many seeds.
fn cut_off(config: &ConfigSummary, bound: Bound) -> String {
    let is = |found: Option<Bound>| found == Some(bound);
    let count = |of: fn(&seedband_core::summary::SeedSummary) -> Option<Bound>| {
        config.seeds.iter().filter(|seed| is(of(seed))).count()
    };
    let (min, max) = (count(|seed| seed.min_lr_bound), count(|seed| seed.max_lr_bound));
    let (end, cut) = if max >= min { ("max LR", max) } else { ("min LR", min) };
    let seeds = format::count(config.seeds.len() as u32, "seed");
    match bound {
        Bound::AtLeast => format!(
            "The schedule ends too early: in {cut} of {seeds} the {end} is only known to be larger, since what decides it \
             lies at the last rates tried. The largest is {}.",
            format::lr(largest(config).unwrap_or(f64::NAN))
        ),
        Bound::AtMost => format!(
            "The schedule starts too high: in {cut} of {seeds} the {end} is only known to be smaller, since its rule \
             answers at the first rates that it looks at, or below them. The least rate tried is {}.",
            format::lr(config.lrs.first().copied().unwrap_or(f64::NAN))
        ),
    }
}

/// What the best rate of a grid is worth, and what the suggestion of the range tests costs beside it.
fn of_trainings(config: &ConfigSummary, measured: &Measured, lr: f64, suggestion: &Suggestion) -> String {
    let mut text = format!(
        "Use LR {}: of {} rates trained on {}, it has the least median validation loss (and the least of {} of them). It \
         lies {}.",
        format::lr(lr),
        measured.rates,
        format::count(measured.n, "seed"),
        measured.best_of,
        support(suggestion)
    );
    match measured.neighbours {
        [None, _] => text.push_str(" It is the least of these rates: smaller ones may be better."),
        [_, None] => text.push_str(" It is the largest of these rates: larger ones may be better."),
        _ => {}
    }
    if let Some(suggested) = measured.suggested {
        text = format!("{text} {}", cost(config, measured, suggested));
    }
    text
}

/// What the suggestion of the range tests costs.
fn cost(config: &ConfigSummary, measured: &Measured, suggested: f64) -> String {
    let is_grid = |grid: &&LrGridSummary| grid.policy == measured.policy && grid.seeds.len() as u32 == measured.n;
    let grid = config.lr_grids.iter().find(is_grid);
    let found = grid.and_then(|grid| grid.regrets.iter().find(|regret| regret.rule == "suggested LR"));
    let suggested = format::lr(suggested);
    match found.and_then(|found| Some((found, found.regret?))) {
        Some((regret, cost)) => {
            let told = if regret.interval.is_some_and(|interval| interval.holds(0.0)) {
                ", not told apart from none,"
            } else {
                ""
            };
            let verb = if cost.median < 0.0 { "gains" } else { "costs" };
            let nats = format::loss(cost.median.abs());
            let interval = regret.interval.map_or_else(String::new, |interval| {
                format!(", {} nats more", lr_grid::limits(interval))
            });
            format!(
                "The range tests suggest {suggested}, which {verb} {nats} nats of validation loss{told} beside the \
                 rate that is best by the other seeds (median over {}{interval}; {}).",
                format::count(regret.n, "seed"),
                lr_grid::basis(regret)
            )
        }
        None => format!("The range tests suggest {suggested}, which lies outside of these rates."),
    }
}

/// What to change.
fn advice(answer: &ConfigAnswer) -> Option<String> {
    let next = answer.next.as_ref()?;
    let why = match (answer.kind, answer.more_seeds) {
        // Seeds that differ in nothing are no more trials.
        (AnswerKind::MoreSeeds, Some(MoreSeeds { likely, least })) if next.starts_with("seeds") => match likely {
            Some(likely) if likely > least => {
                format!("About {likely} more would tell if the share stays the same, {least} at the least: ")
            }
            _ => format!("{least} more can tell at the least: "),
        },
        (AnswerKind::Disagree, _) => "Trainings can tell what range tests cannot: ".to_owned(),
        (AnswerKind::UseMeasured, _) => "To look further: ".to_owned(),
        _ => "Next: ".to_owned(),
    };
    Some(format!("{why}`{next}`."))
}

/// For a table: `0.050`, or a dash.
pub(super) fn lr_cell(config: &ConfigSummary) -> String {
    suggested_lr(config).unwrap_or_else(|| "–".to_owned())
}

/// For a table: `53 of 60`, or a dash.
pub(super) fn support_cell(config: &ConfigSummary) -> String {
    format::or_dash(config.answer.as_ref(), |answer| {
        format!("{} of {}", answer.suggestion.support, answer.suggestion.seeds)
    })
}

/// For a table: `0.020 – 0.10 (54)`, with the seeds in whose ranges it lies whole, or a dash.
pub(super) fn range_cell(config: &ConfigSummary) -> String {
    let range = config.answer.as_ref().and_then(|answer| answer.suggestion.range);
    format::or_dash(range, |range| {
        let (min, max) = format::interval_within(range.min_lr, range.max_lr);
        let rates = if min == max { min } else { format!("{min} – {max}") };
        format!("{rates} ({})", range.range_support)
    })
}
