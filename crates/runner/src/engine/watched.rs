//! Trials whose holders nobody can look at: they are waited for, beside everything else that a run does.

use crate::engine::queue::QueuedTrial;
use crate::events::TrialName;
use crate::store::claim::{Sight, Watch};
use std::time::Duration;
use tokio::time::Instant;

/// A trial that another runner held when it was to begin here.
pub(crate) struct WatchedTrial {
    pub(crate) trial: QueuedTrial,
    pub(crate) watch: Watch,
}

impl WatchedTrial {
    pub(crate) fn name(&self) -> TrialName {
        TrialName::from(&self.trial.train.trial)
    }
}

/// All of them.
#[derive(Default)]
pub(crate) struct WatchedTrials {
    all: Vec<WatchedTrial>,
    next_look: Option<Instant>,
}

impl WatchedTrials {
    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    pub(crate) fn add(&mut self, trial: QueuedTrial, watch: Watch) {
        let look = Instant::now() + pause(&watch);
        self.next_look = Some(self.next_look.map_or(look, |next| next.min(look)));
        self.all.push(WatchedTrial { trial, watch });
    }

    /// When they are to be looked at.
    pub(crate) fn next_look(&self) -> Option<Instant> {
        self.next_look
    }

    /// Looks at each, and hands out those of which there is something to tell. A claim that cannot be read for now is
    /// looked at again.
    pub(crate) fn look(&mut self) -> Vec<(WatchedTrial, Sight)> {
        let mut seen = Vec::new();
        for watched in std::mem::take(&mut self.all) {
            match watched.watch.look() {
                Ok(Sight::Still) | Err(_) => self.all.push(watched),
                Ok(sight) => seen.push((watched, sight)),
            }
        }
        let pauses = self.all.iter().map(|watched| pause(&watched.watch));
        self.next_look = pauses.min().map(|pause| Instant::now() + pause);
        seen
    }

    /// All that are left, when nothing is waited for any more.
    pub(crate) fn take(&mut self) -> Vec<WatchedTrial> {
        self.next_look = None;
        std::mem::take(&mut self.all)
    }
}

/// Between two looks.
fn pause(watch: &Watch) -> Duration {
    const MOST: Duration = Duration::from_secs(1);
    (watch.patience / 20).min(MOST)
}
