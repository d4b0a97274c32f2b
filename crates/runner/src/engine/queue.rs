//! The trials of a run that no slot has yet: those that can be given to one, and those to be tried again after a pause.

use crate::engine::limits::Limits;
use seedband_core::protocol::Train;
use std::collections::VecDeque;
use std::time::Duration;
use tokio::time::Instant;

/// A trial to be run.
#[derive(Debug)]
pub(crate) struct QueuedTrial {
    pub(crate) train: Train,
    /// Retries that it has had in this run.
    pub(crate) retries: u32,
    /// Devices, by index, that it has failed on.
    pub(crate) failed_on: Vec<usize>,
}

impl QueuedTrial {
    fn new(train: Train) -> Self {
        Self {
            train,
            retries: 0,
            failed_on: Vec::new(),
        }
    }

    /// Takes one more retry, if one is left: after which pause.
    pub(crate) fn next_retry(&mut self, limits: &Limits) -> Option<Duration> {
        if self.retries >= limits.retries {
            return None;
        }
        self.retries += 1;
        Some(limits.retry_delay(self.retries))
    }

    /// Whether it may go to `device`: it goes back to one that it has failed on only where there is no other.
    fn fits(&self, device: usize, usable: &[usize]) -> bool {
        !self.failed_on.contains(&device) || usable.iter().all(|device| self.failed_on.contains(device))
    }
}

/// The trials that no slot has yet.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    ready: VecDeque<QueuedTrial>,
    /// Trials to be tried again, and when.
    paused: Vec<(Instant, QueuedTrial)>,
}

impl Queue {
    /// Trials that can be run, now or after a pause.
    pub(crate) fn len(&self) -> usize {
        self.ready.len() + self.paused.len()
    }

    /// Whether no trial can be run now.
    pub(crate) fn has_none_ready(&self) -> bool {
        self.ready.is_empty()
    }

    /// Adds trials behind all others.
    pub(crate) fn extend(&mut self, trains: impl IntoIterator<Item = Train>) {
        self.ready.extend(trains.into_iter().map(QueuedTrial::new));
    }

    /// Puts a trial back to be run next.
    pub(crate) fn put_back(&mut self, trial: QueuedTrial) {
        self.ready.push_front(trial);
    }

    /// Puts a trial back to be run once `at` has come.
    pub(crate) fn put_back_until(&mut self, at: Instant, trial: QueuedTrial) {
        self.paused.push((at, trial));
    }

    /// When the next pause is over.
    pub(crate) fn next_pause_ends(&self) -> Option<Instant> {
        self.paused.iter().map(|(at, _)| *at).min()
    }

    /// Makes ready what has paused long enough, before everything else.
    pub(crate) fn wake(&mut self, now: Instant) {
        for (_, trial) in self.paused.extract_if(.., |(at, _)| *at <= now) {
            self.ready.push_front(trial);
        }
    }

    /// The next trial for `device`, one of those that are `usable`, if there is one now.
    pub(crate) fn pop(&mut self, device: usize, usable: &[usize]) -> Option<QueuedTrial> {
        let index = self.ready.iter().position(|trial| trial.fits(device, usable))?;
        self.ready.remove(index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use seedband_core::recipe::Recipe;
    use seedband_core::trial::Trial;
    use std::time::Duration;

    fn queue(seeds: u64) -> Queue {
        let train = |seed| Train::new(Trial::new("a", seed, &Recipe::default()), Vec::new());
        let mut queue = Queue::default();
        queue.extend((0..seeds).map(train));
        queue
    }

    fn seed(trial: Option<QueuedTrial>) -> Option<u64> {
        trial.map(|trial| trial.train.trial.seed)
    }

    #[test]
    fn a_trial_goes_back_to_a_device_it_failed_on_only_where_there_is_no_other() {
        let mut queue = queue(2);
        let mut first = queue.pop(0, &[0, 1]).unwrap();
        first.failed_on.push(0);
        queue.put_back(first);
        assert_eq!(seed(queue.pop(0, &[0, 1])), Some(1));
        assert_eq!(seed(queue.pop(0, &[0, 1])), None);
        assert_eq!(queue.len(), 1);
        assert_eq!(seed(queue.pop(0, &[0])), Some(0));
    }

    #[test]
    fn a_pause_holds_up_its_own_trial_alone() {
        let mut queue = queue(2);
        let now = Instant::now();
        let first = queue.pop(0, &[0]).unwrap();
        queue.put_back_until(now + Duration::from_secs(1), first);
        queue.wake(now);
        assert_eq!((seed(queue.pop(0, &[0])), queue.len()), (Some(1), 1));
        assert!(queue.has_none_ready());
        assert_eq!(queue.next_pause_ends(), Some(now + Duration::from_secs(1)));
        queue.wake(now + Duration::from_secs(1));
        assert_eq!((queue.next_pause_ends(), seed(queue.pop(0, &[0]))), (None, Some(0)));
    }
}
