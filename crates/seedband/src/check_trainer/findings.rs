//! What a few short trials show.

use super::watch::Seen;
use super::{PATIENCE, STEPS};
use crate::logs::last_lines;
use seedband_core::files::curve::{Curve, End};
use seedband_core::protocol::FailureClass;
use seedband_runner::{FailedTrial, Outcome};
use std::path::Path;

/// Lines of a log that are shown.
const LOG_LINES: usize = 10;

/// By so much of themselves losses of equal seeds may differ: what the order of sums in single precision does.
const ROUNDING: f64 = 1e-3;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// As it should be.
    Good,
    /// It works, and something should be known.
    Note,
    /// It has to be mended.
    Bad,
}

/// One thing that the trials show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub level: Level,
    /// A sentence, and what to do where something is to be done.
    pub text: String,
    /// Last lines of the log that belongs to it.
    pub log: Vec<String>,
}

impl Finding {
    fn new(level: Level, text: impl Into<String>) -> Self {
        Self {
            level,
            text: text.into(),
            log: Vec::new(),
        }
    }

    fn good(text: impl Into<String>) -> Self {
        Self::new(Level::Good, text)
    }

    /// The program does not get so far as to train.
    pub(super) fn no_start(message: String, log: &Path) -> Self {
        Self {
            log: last_lines(log, LOG_LINES),
            ..Self::bad(message)
        }
    }

    fn bad(text: impl Into<String>) -> Self {
        Self::new(Level::Bad, text)
    }
}

/// The curves of the trials, where there are any.
pub(super) struct Trials {
    pub(super) first: Option<Curve>,
    /// The same seed.
    pub(super) again: Option<Curve>,
    pub(super) other_seed: Option<Curve>,
    /// The same seed, at learning rates at which nothing can move.
    pub(super) standing: Option<Curve>,
}

pub(super) fn of(trials: &Trials, outcome: &Outcome, seen: &Seen) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(worker) = &seen.worker {
        findings.push(Finding::good(format!("it is ready: {worker}")));
    }
    if seen.is_silent {
        findings.push(silence(seen));
    }
    if let Some(failed) = outcome.failed.first() {
        findings.push(failure(failed, outcome.failed.len()));
    }
    let Some(first) = &trials.first else {
        return findings;
    };
    findings.push(length(first, seen));
    if let Some(again) = &trials.again {
        findings.push(repetition(first, again));
    }
    if let Some(other) = &trials.other_seed {
        findings.push(other_seed(first, other));
    }
    if let Some(standing) = &trials.standing {
        findings.push(rates(first, standing));
    }
    if seen.files > 0 {
        let text = "it loads files of its own: name them in `trainer.inputs`, so that a change there makes new trials";
        findings.push(Finding::new(Level::Note, text));
    }
    findings
}

fn silence(seen: &Seen) -> Finding {
    let seconds = PATIENCE.as_secs();
    Finding::bad(match (&seen.worker, seen.first_step) {
        (None, _) => format!(
            "it said nothing for {seconds} s after its start: does it call `seedband.range_test()`, or connect to the \
             socket in `SEEDBAND_CHANNEL`?"
        ),
        (Some(_), None) => format!(
            "no step came within {seconds} s of its start: does the loop run over `run.batches(…)` and call \
             `run.step(…)` once for each batch?"
        ),
        (Some(_), Some(_)) => format!("no further step came within {seconds} s"),
    })
}

fn failure(failed: &FailedTrial, count: usize) -> Finding {
    let trials = if count == 1 {
        "a trial".to_owned()
    } else {
        format!("{count} trials")
    };
    let log = failed.log.as_ref().map(|log| last_lines(log, LOG_LINES));
    Finding {
        log: log.unwrap_or_default(),
        ..Finding::bad(format!(
            "{trials} failed ({}): {}",
            failed.class.name(),
            explain(failed)
        ))
    }
}

/// What the runner says, in terms of a script.
fn explain(failed: &FailedTrial) -> String {
    let said = &failed.message;
    let more = match failed.class {
        FailureClass::NonFiniteStart => {
            "; look at the initial weights and the first batch: no learning rate was at work yet"
        }
        FailureClass::Protocol if said.contains("learning rate") => {
            "; something else sets the learning rate: take the script's own scheduler out, or step it before `run.step`"
        }
        FailureClass::LostWorker => "; its log says why",
        _ => "",
    };
    format!("{said}{more}")
}

fn length(first: &Curve, seen: &Seen) -> Finding {
    let count = first.steps.len();
    let pace = match seen.steps {
        0 => String::new(),
        steps => match seen.stepping.as_secs_f64() / f64::from(steps) {
            pace if pace < 1e-3 => ", under 1 ms a step".to_owned(),
            pace if pace < 1.0 => format!(", {:.0} ms a step", pace * 1e3),
            pace => format!(", {pace:.1} s a step"),
        },
    };
    match first.end {
        End::NonFinite => Finding::new(
            Level::Note,
            format!("the loss was not finite after {count} of {STEPS} steps, at learning rates up to 0.01"),
        ),
        _ => Finding::good(format!("{count} of {STEPS} steps{pace}")),
    }
}

fn repetition(first: &Curve, again: &Curve) -> Finding {
    let (first, again) = (first.losses(), again.losses());
    if first == again {
        return Finding::good("the same seed gives the same losses, to the last bit");
    }
    let shared = first.iter().zip(&again);
    let apart = shared.map(|(a, b)| (a - b).abs() / a.abs().max(b.abs()).max(f64::MIN_POSITIVE));
    if apart.fold(0.0, f64::max) < ROUNDING {
        return Finding::new(
            Level::Note,
            "the same seed gives the same losses but for their last digits, as sums in changing order do on a GPU",
        );
    }
    Finding::bad(
        "the same seed gives other losses: seed every generator with `run.seed` (`run.seed_everything()`), before the \
         model is made, and the order of the batches too",
    )
}

fn other_seed(first: &Curve, other: &Curve) -> Finding {
    if first.losses() == other.losses() {
        return Finding::bad(
            "another seed gives the same losses: the model is made before `run.seed` is used, or from a fixed seed",
        );
    }
    Finding::good("another seed gives other losses")
}

fn rates(first: &Curve, standing: &Curve) -> Finding {
    // The first loss comes before any update.
    let later = |curve: &Curve| curve.losses().get(1..).map(<[f64]>::to_vec).unwrap_or_default();
    if later(first) == later(standing) {
        return Finding::bad(
            "the losses do not depend on the learning rate: is the optimizer that `run.step` is given the one that \
             steps, and does it step after `run.step`?",
        );
    }
    Finding::good("the learning rate is at work")
}

#[cfg(test)]
mod tests {
    use super::*;
    use seedband_core::files::curve::Step;

    fn curve(losses: &[f64]) -> Curve {
        let steps = losses.iter().zip(0..).map(|(&loss, step)| Step::new(step, 0.1, loss));
        Curve {
            steps: steps.collect(),
            end: End::Completed,
        }
    }

    fn bad(trials: &Trials) -> Vec<String> {
        let findings = of(trials, &Outcome::default(), &Seen::default());
        let bad = findings.into_iter().filter(|finding| finding.level > Level::Good);
        bad.map(|finding| finding.text).collect()
    }

    /// The losses of the first trial, of the same seed, of another one, and of the one whose learning rate is next to
    /// nothing.
    fn trials(losses: [[f64; 2]; 4]) -> Trials {
        let [first, again, other_seed, standing] = losses.map(|losses| Some(curve(&losses)));
        Trials {
            first,
            again,
            other_seed,
            standing,
        }
    }

    #[test]
    fn each_fault_is_named_by_itself() {
        const FIRST: [f64; 2] = [3.0, 2.0];
        assert!(bad(&trials([FIRST, FIRST, [4.0, 3.0], [3.0, 2.5]])).is_empty());
        for (again, other_seed, standing, message) in [
            ([3.0, 2.1], [4.0, 3.0], [3.0, 2.5], "the same seed gives other losses"),
            ([3.0, 2.000_001], [4.0, 3.0], [3.0, 2.5], "but for their last digits"),
            (FIRST, FIRST, [3.0, 2.5], "another seed gives the same losses"),
            (FIRST, [4.0, 3.0], FIRST, "do not depend on the learning rate"),
        ] {
            let found = bad(&trials([FIRST, again, other_seed, standing]));
            assert!(found.len() == 1 && found[0].contains(message), "{found:?}");
        }
    }
}
