//! The trials of a run: those that can be given to a slot, those to be tried again after a pause, and those that wait for others.

use crate::deferred::Later;
use crate::engine::run_store::Ledger;
use crate::outcome::RunError;
use crate::store::plan::Plan;
use seedband_core::protocol::Train;
use seedband_core::trial::{Trial, TrialId};
use std::collections::{HashSet, VecDeque};
use tokio::time::Instant;

/// What a run has to do.
#[derive(Debug)]
pub(crate) struct Work {
    /// Trials that were finished before.
    pub(crate) finished: Vec<Trial>,
    /// Trials to be run.
    pub(crate) to_run: Vec<Train>,
    /// Trials that wait for some of them.
    pub(crate) later: Option<Later>,
    /// Whether each worker writes the initial weights of its trial.
    pub(crate) save_init: bool,
    /// Whether the slots of CUDA devices are a ceiling, and how many of them are used is measured.
    pub(crate) measure_slots: bool,
}

/// A trial to be run.
#[derive(Debug)]
pub(crate) struct Task {
    pub(crate) train: Train,
    /// Retries that it has had in this run.
    pub(crate) retries: u32,
    /// Devices, by index, that it has failed on.
    pub(crate) failed_on: Vec<usize>,
}

impl Task {
    fn new(train: Train) -> Self {
        Self {
            train,
            retries: 0,
            failed_on: Vec::new(),
        }
    }

    /// Whether it may go to `device`: it goes back to one that it has failed on only where there is no other.
    fn fits(&self, device: usize, usable: &[usize]) -> bool {
        !self.failed_on.contains(&device) || usable.iter().all(|device| self.failed_on.contains(device))
    }
}

/// The trials that no slot has yet.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    ready: VecDeque<Task>,
    /// Trials to be tried again, and when.
    paused: Vec<(Instant, Task)>,
    known: HashSet<TrialId>,
    later: Option<Later>,
    /// Whether something has finished since `later` was asked.
    news: bool,
}

impl Queue {
    pub(crate) fn new(work: Work) -> Self {
        let all = work.finished.iter().chain(work.to_run.iter().map(|train| &train.trial));
        Self {
            known: all.map(|trial| trial.id.clone()).collect(),
            ready: work.to_run.into_iter().map(Task::new).collect(),
            paused: Vec::new(),
            later: work.later,
            news: true,
        }
    }

    /// Trials that can be run, now or after a pause.
    pub(crate) fn len(&self) -> usize {
        self.ready.len() + self.paused.len()
    }

    /// Trials that wait for others, at most.
    pub(crate) fn waiting(&self) -> usize {
        self.later.as_ref().map_or(0, |later| later.waiting)
    }

    /// Takes note that another trial has its curve.
    pub(crate) fn finished_one(&mut self) {
        self.news = true;
    }

    /// Puts a trial back to be run next.
    pub(crate) fn put_back(&mut self, task: Task) {
        self.ready.push_front(task);
    }

    /// Puts a trial back to be run once `at` has come.
    pub(crate) fn put_off(&mut self, at: Instant, task: Task) {
        self.paused.push((at, task));
    }

    /// When the next pause is over.
    pub(crate) fn next_pause_ends(&self) -> Option<Instant> {
        self.paused.iter().map(|(at, _)| *at).min()
    }

    /// Makes ready what has paused long enough, before everything else.
    pub(crate) fn wake(&mut self, now: Instant) {
        for (_, task) in self.paused.extract_if(.., |(at, _)| *at <= now) {
            self.ready.push_front(task);
        }
    }

    /// The next trial for `device`, one of those that are `usable`, if there is one now.
    pub(crate) fn pop(&mut self, device: usize, usable: &[usize]) -> Option<Task> {
        let place = self.ready.iter().position(|task| task.fits(device, usable))?;
        self.ready.remove(place)
    }

    /// Where nothing else is to be run, looks whether trials that waited can be run by now; says what that came to, if it came to anything.
    pub(crate) fn look(&mut self, ledger: &Ledger) -> Result<Option<Plan>, RunError> {
        let Some(later) = self.later.as_mut().filter(|_| self.ready.is_empty() && self.news) else {
            return Ok(None);
        };
        self.news = false;
        let mut found = later.plan().map_err(RunError::Later)?;
        if later.waiting == 0 {
            self.later = None;
        }
        found.retain(|train| !self.known.contains(&train.trial.id));
        let plan = ledger.plan(found)?;
        self.ready.extend(plan.to_run.iter().cloned().map(Task::new));
        let all = plan.finished.iter().chain(plan.to_run.iter().map(|train| &train.trial));
        self.known.extend(all.map(|trial| trial.id.clone()));
        Ok(Some(plan).filter(|plan| !(plan.finished.is_empty() && plan.to_run.is_empty())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use seedband_core::recipe::Recipe;
    use std::time::Duration;

    fn queue(seeds: u64) -> Queue {
        let train = |seed| Train {
            trial: Trial::new("a", seed, &Recipe::default()),
            data_path: None,
            weights_path: None,
            init_path: None,
            early_stops: Vec::new(),
        };
        Queue::new(Work {
            finished: Vec::new(),
            to_run: (0..seeds).map(train).collect(),
            later: None,
            save_init: false,
            measure_slots: false,
        })
    }

    fn seed(task: Option<Task>) -> Option<u64> {
        task.map(|task| task.train.trial.seed)
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
        queue.put_off(now + Duration::from_secs(1), first);
        queue.wake(now);
        assert_eq!((seed(queue.pop(0, &[0])), queue.len()), (Some(1), 1));
        assert_eq!(queue.next_pause_ends(), Some(now + Duration::from_secs(1)));
        queue.wake(now + Duration::from_secs(1));
        assert_eq!((queue.next_pause_ends(), seed(queue.pop(0, &[0]))), (None, Some(0)));
    }
}
