//! The end of a run in words: what did not go well, and what to do about it.

use crate::output::{self, say};
use seedband::format::count;
use seedband::{ClaimRecord, FailedTrial, Outcome, failure_advice, last_lines};

/// Trials that failed alike and are named, each with its log; of further ones only the number is said.
const NAMED: usize = 20;

/// Kinds of failure that are described.
const KINDS: usize = 10;

/// Lines of a log that are shown.
const LAST_LINES: usize = 5;

/// Says what did not go well, each kind once.
pub(crate) fn summarise(outcome: &Outcome, quiet: bool) {
    let unrun = outcome.interrupted + outcome.left;
    if let Some(error) = &outcome.storage_error {
        output::error(&format!("the run ended early, with what is known: {error}"));
    }
    if unrun > 0 {
        let why = match (outcome.gave_up, &outcome.storage_error) {
            (_, Some(_)) => "ended",
            (true, None) => "gave up",
            (false, None) => "stopped",
        };
        say(&format!(
            "{why}: {} to run; the same command goes on from here",
            count(unrun, "trial")
        ));
    }
    if outcome.held > 0 {
        say(&held(outcome.held, &outcome.holders));
    }
    if outcome.waiting > 0 {
        let why = match &outcome.planning_error {
            Some(error) => format!("they could not be planned ({error})"),
            None => "range tests that they depend on have no curve".to_owned(),
        };
        say(&format!(
            "up to {} not begun: {why}; run again to go on",
            count(outcome.waiting, "trial")
        ));
    }
    failures(&outcome.failed);
    let nothing_new = outcome.finished == 0 && outcome.failed.is_empty() && outcome.held == 0 && outcome.left == 0;
    if !quiet && nothing_new && outcome.already > 0 {
        say(&format!(
            "nothing to run: all {} were finished before",
            count(outcome.already, "trial")
        ));
    }
}

fn held(trials: usize, holders: &[ClaimRecord]) -> String {
    let who: Vec<String> = holders
        .iter()
        .map(|holder| {
            let process = &holder.process;
            format!("process {} on {} (since {:.0})", process.pid, process.host, holder.at)
        })
        .collect();
    let (who, way_out) = match holders.first() {
        None => (
            "a runner whose claim cannot be read".to_owned(),
            "`seedband status` names them".to_owned(),
        ),
        Some(first) => (
            who.join(", "),
            format!(
                "run again when it has ended; if its machine is gone, add `--take-over {}`",
                first.process.host
            ),
        ),
    };
    format!("{} held by {who}; {way_out}", count(trials, "trial"))
}

fn failures(failed: &[FailedTrial]) {
    let mut kinds: Vec<Vec<&FailedTrial>> = Vec::new();
    for failed in failed {
        let alike = |kind: &&mut Vec<&FailedTrial>| {
            kind.first()
                .is_some_and(|first| first.class == failed.class && first.message == failed.message)
        };
        match kinds.iter_mut().find(alike) {
            Some(kind) => kind.push(failed),
            None => kinds.push(vec![failed]),
        }
    }
    for kind in kinds.iter_mut().take(KINDS) {
        kind.sort_by(|one, other| {
            let key = |failed: &FailedTrial| {
                (
                    failed.trial.config.clone(),
                    failed.trial.training.clone(),
                    failed.trial.seed,
                )
            };
            key(one).cmp(&key(other))
        });
        let Some(first) = kind.first() else { continue };
        output::error(&format!(
            "{} failed ({}): {}",
            count(kind.len(), "trial"),
            first.class.name(),
            first.message
        ));
        for failed in kind.iter().take(NAMED) {
            say(&format!("  {}", line(failed)));
        }
        if kind.len() > NAMED {
            say(&format!(
                "  and {} more: `seedband status` names them",
                kind.len() - NAMED
            ));
        }
        let lines = first
            .log
            .as_deref()
            .map_or_else(Vec::new, |log| last_lines(log, LAST_LINES));
        if !lines.is_empty() {
            say(&format!("  the last lines of the log of `{}`:", first.trial));
            for line in lines {
                say(&format!("  | {line}"));
            }
        }
        say(&format!("  help: {}", failure_advice(first.class)));
    }
    if kinds.len() > KINDS {
        say(&format!(
            "and {} further kinds of failure: `seedband status` lists every trial",
            kinds.len() - KINDS
        ));
    }
}

/// For example `a/3 in 3 attempts, log results/tiny/trials/a/3-…/attempts/3/log`.
fn line(failed: &FailedTrial) -> String {
    let attempts = match failed.attempts {
        0 => String::new(),
        attempts => format!(" in {}", count(attempts, "attempt")),
    };
    let log = failed
        .log
        .as_ref()
        .map(|log| format!(", log `{}`", log.display()))
        .unwrap_or_default();
    format!("{}{attempts}{log}", failed.trial)
}
