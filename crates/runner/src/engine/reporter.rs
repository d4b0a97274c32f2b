//! Telling of what happens to trials, and counting it for the end of the run.

use crate::engine::completion::{AttemptResult, Completion};
use crate::events::{Events, RunEvent, TrialName};
use crate::failure::Failure;
use crate::outcome::{FailedTrial, Outcome};
use crate::store::claim::ClaimRecord;
use std::error::Error;
use std::path::PathBuf;
use std::time::Duration;

/// Tells of trials as [`RunEvent`]s and counts them in an [`Outcome`].
pub(crate) struct Reporter {
    outcome: Outcome,
    events: Events,
    /// After so many trials that failed for good, no further one begins.
    max_fails: Option<usize>,
}

impl Reporter {
    /// For a run that finds `already` trials finished, and gives up after `max_fails` that have failed.
    pub(crate) fn new(already: usize, max_fails: Option<usize>, events: Events) -> Self {
        Self {
            outcome: Outcome {
                already,
                ..Outcome::default()
            },
            events,
            max_fails,
        }
    }

    /// Whether so many trials have failed that no further one should begin.
    pub(crate) fn has_given_up(&self) -> bool {
        self.outcome.gave_up
    }

    /// What the run came to, with trials that were not run.
    pub(crate) fn finish(mut self, left: usize, waiting: usize) -> Outcome {
        (self.outcome.left, self.outcome.waiting) = (left, waiting);
        self.outcome
    }

    /// Tells of anything that is not counted.
    pub(crate) fn send(&self, event: RunEvent) {
        self.events.send(event);
    }

    /// A worker is up in a slot.
    pub(crate) fn ready(&mut self, slot: usize, device: String, worker: String) {
        if !self.outcome.workers.contains(&worker) {
            self.outcome.workers.push(worker.clone());
        }
        self.send(RunEvent::SlotReady { slot, device, worker });
    }

    /// Trials that were deferred have been planned.
    pub(crate) fn planned(&mut self, to_run: usize, finished: usize) {
        self.outcome.planning_error = None;
        if to_run + finished > 0 {
            self.outcome.already += finished;
            self.send(RunEvent::DeferredPlanned { to_run, finished });
        }
    }

    /// Deferred trials could not be planned.
    pub(crate) fn not_planned(&mut self, error: &(dyn Error + 'static)) {
        let mut message = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            message = format!("{message}: {error}");
            cause = error.source();
        }
        self.outcome.planning_error = Some(message.clone());
        self.send(RunEvent::PlanningFailed { message });
    }

    /// Another runner has finished the trial.
    pub(crate) fn already_finished(&mut self) {
        self.outcome.already += 1;
    }

    /// Another runner is at the trial.
    pub(crate) fn held(&mut self, trial: TrialName, claim: PathBuf, holder: Option<ClaimRecord>) {
        self.outcome.held += 1;
        let is_holder = |known: &ClaimRecord| holder.as_ref().is_some_and(|holder| known.runner == holder.runner);
        if !self.outcome.holders.iter().any(is_holder) {
            self.outcome.holders.extend(holder.clone());
        }
        self.send(RunEvent::HeldElsewhere { trial, claim, holder });
    }

    /// An attempt has ended, and its end is on the disk.
    pub(crate) fn completed(&mut self, completion: &Completion) {
        let (slot, trial) = (completion.slot, completion.name.clone());
        match &completion.result {
            AttemptResult::Curve(curve) => {
                self.outcome.finished += 1;
                self.send(RunEvent::TrialFinished {
                    slot,
                    trial,
                    end: curve.end,
                    steps: curve.steps.len() as u32,
                    seconds: completion.seconds,
                });
            }
            AttemptResult::Interrupted => {
                self.outcome.interrupted += 1;
                self.send(RunEvent::TrialInterrupted { slot, trial });
            }
            AttemptResult::TakenOver => {
                let folder = &completion.attempt.folder;
                self.send(RunEvent::TakenOver { trial: trial.clone() });
                match ClaimRecord::read(&folder.claim()) {
                    Ok(None) if folder.curve().is_file() => self.outcome.already += 1,
                    holder => self.held(trial, folder.claim(), holder.ok().flatten()),
                }
            }
            AttemptResult::Failed {
                failure,
                retry_after: Some(pause),
            } => self.send(RunEvent::TrialRetried {
                slot,
                trial,
                class: failure.class,
                message: failure.message.clone(),
                pause: *pause,
            }),
            AttemptResult::Failed {
                failure,
                retry_after: None,
            } => {
                let attempt = &completion.attempt;
                self.failed(slot, trial, failure.clone(), attempt.number(), Some(attempt.log()));
            }
        }
    }

    /// Nothing could be read or written where the trial is, so that no attempt could begin; it is tried again.
    pub(crate) fn not_begun(&self, slot: usize, trial: TrialName, failure: Failure, pause: Duration) {
        self.send(RunEvent::TrialRetried {
            slot,
            trial,
            class: failure.class,
            message: failure.message,
            pause,
        });
    }

    /// The journal cannot be written any more: the run ends with what is known, and `lost` ends of attempts are not.
    pub(crate) fn broken(&mut self, message: String, lost: usize) {
        self.outcome.interrupted += lost;
        self.send(RunEvent::JournalLost {
            message: message.clone(),
        });
        self.outcome.storage_error = Some(message);
    }

    /// A trial failed for good, after so many attempts; `log` is that of the last one, if it could begin.
    pub(crate) fn failed(
        &mut self,
        slot: usize,
        trial: TrialName,
        failure: Failure,
        attempts: u32,
        log: Option<PathBuf>,
    ) {
        let Failure { class, message } = failure;
        self.send(RunEvent::TrialFailed {
            slot,
            trial: trial.clone(),
            class,
            message: message.clone(),
            log: log.clone(),
        });
        self.outcome.failed.push(FailedTrial {
            trial,
            class,
            message,
            attempts,
            log,
        });
        let failed = self.outcome.failed.len();
        if self.max_fails.is_some_and(|most| failed >= most) && !self.outcome.gave_up {
            self.outcome.gave_up = true;
            self.send(RunEvent::GaveUp { failed });
        }
    }
}
