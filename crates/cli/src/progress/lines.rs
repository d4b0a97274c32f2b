//! Plain lines, for logs and pipes: one a trial, and now and then one a slot while trials take long.

use super::Show;
use super::notices::notice;
use crate::output::say;
use seedband::format::{count, whole_seconds};
use seedband::{RunEvent, Tally};
use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

/// A slot that has been silent for so long says how far its trial is.
const SILENCE: Duration = Duration::from_secs(30);

/// Prints one line for each trial that ends.
pub(super) struct Lines {
    workers: HashSet<String>,
    /// By slot: the trial under way, and when a line last spoke of it.
    trials: HashMap<usize, (String, Instant)>,
}

impl Lines {
    pub(super) fn new() -> Self {
        Self {
            workers: HashSet::new(),
            trials: HashMap::new(),
        }
    }
}

impl Show for Lines {
    fn event(&mut self, event: &RunEvent, tally: &Tally) {
        let left = || {
            tally
                .seconds_left()
                .map(|seconds| format!("; {} left", whole_seconds(seconds)))
                .unwrap_or_default()
        };
        let place = || format!("[{}/{}]", tally.over(), tally.to_run);
        match event {
            RunEvent::Planned {
                to_run,
                finished,
                slots,
            } => {
                say(&format!(
                    "{} to run, {finished} finished before, {slots} at once",
                    count(*to_run, "trial")
                ));
            }
            RunEvent::DeferredPlanned { to_run, finished } => {
                say(&format!(
                    "{} more to run by what the range tests say, {finished} finished before",
                    count(*to_run, "trial")
                ));
            }
            RunEvent::SlotReady { worker, device, .. } => {
                if self.workers.insert(format!("{device} {worker}")) {
                    say(&format!("worker on {device}: {worker}"));
                }
            }
            RunEvent::TrialFinished {
                trial,
                end,
                steps,
                seconds,
                ..
            } => {
                let time = whole_seconds(*seconds);
                say(&format!(
                    "{} {trial}: {} after {}, {time}{}",
                    place(),
                    end.words(),
                    count(*steps, "step"),
                    left()
                ));
            }
            RunEvent::TrialFailed {
                trial, class, message, ..
            } => {
                say(&format!("{} {trial}: failed ({}): {message}", place(), class.name()));
            }
            RunEvent::TrialStarted { slot, trial, .. } => {
                self.trials.insert(*slot, (trial.to_string(), Instant::now()));
            }
            RunEvent::Step { slot, lr, loss, .. } => {
                if let Some((trial, spoken)) = self.trials.get_mut(slot)
                    && spoken.elapsed() >= SILENCE
                {
                    let (done, planned) = tally.steps(*slot);
                    *spoken = Instant::now();
                    say(&format!(
                        "{trial}: step {done} of {planned}, lr {lr:.1e}, loss {loss:.3}{}",
                        left()
                    ));
                }
            }
            _ => {
                if let Some(text) = notice(event) {
                    say(&text);
                }
            }
        }
    }
}
