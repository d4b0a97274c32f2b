//! How far a run is, counted from its events.

use crate::events::RunEvent;
use std::collections::HashMap;
use std::time::Instant;

/// How far a run is.
#[derive(Debug, Clone)]
pub struct Tally {
    started: Instant,
    /// Trials of this run.
    pub to_run: usize,
    /// Trials finished before it.
    pub before: usize,
    /// Trials finished by it.
    pub finished: usize,
    /// Trials that failed in it.
    pub failed: usize,
    slots: usize,
    /// Steps done and planned of the trial in each slot.
    steps: HashMap<usize, (u32, u32)>,
}

impl Default for Tally {
    fn default() -> Self {
        Self::new()
    }
}

impl Tally {
    /// A run that begins now.
    pub fn new() -> Self {
        Self {
            started: Instant::now(),
            to_run: 0,
            before: 0,
            finished: 0,
            failed: 0,
            slots: 1,
            steps: HashMap::new(),
        }
    }

    /// Counts one event.
    pub fn count(&mut self, event: &RunEvent) {
        match event {
            RunEvent::Planned {
                to_run,
                finished,
                slots,
            } => {
                (self.to_run, self.before, self.slots) = (*to_run, *finished, (*slots).max(1));
            }
            RunEvent::DeferredPlanned { to_run, finished } => {
                self.to_run += to_run;
                self.before += finished;
            }
            RunEvent::TrialStarted { slot, steps, .. } => {
                self.steps.insert(*slot, (0, *steps));
            }
            RunEvent::Step { slot, step, .. } => {
                if let Some((done, _)) = self.steps.get_mut(slot) {
                    *done = step + 1;
                }
            }
            RunEvent::TrialFinished { slot, .. } => {
                self.finished += 1;
                self.steps.remove(slot);
            }
            RunEvent::TrialFailed { slot, .. } => {
                self.failed += 1;
                self.steps.remove(slot);
            }
            RunEvent::TrialInterrupted { slot, .. } | RunEvent::TrialRetried { slot, .. } => {
                self.steps.remove(slot);
            }
            _ => {}
        }
    }

    /// Trials that are over, for better or worse.
    pub fn over(&self) -> usize {
        self.finished + self.failed
    }

    /// Steps done and planned in a slot.
    pub fn steps(&self, slot: usize) -> (u32, u32) {
        self.steps.get(&slot).copied().unwrap_or((0, 0))
    }

    /// Expected seconds to the end: the work left at the pace so far, trials under way counted by their steps. Unknown
    /// until a twentieth of a trial is done.
    pub fn seconds_left(&self) -> Option<f64> {
        let under_way: f64 = self
            .steps
            .values()
            .map(|(done, planned)| f64::from(*done) / f64::from((*planned).max(1)))
            .sum();
        let done = self.over() as f64 + under_way;
        let left = (self.to_run as f64 - done).max(0.0);
        (done >= 0.05).then(|| self.started.elapsed().as_secs_f64() / done * left)
    }
}
