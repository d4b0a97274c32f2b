//! The trials of a run: those that can be given to a slot, and those that wait for others.

use super::ledger::Ledger;
use crate::later::Later;
use crate::outcome::RunError;
use crate::plan::Plan;
use seedband_core::protocol::Train;
use seedband_core::trial::{Trial, TrialId};
use std::collections::{HashSet, VecDeque};

/// What a run has to do.
#[derive(Debug)]
pub(in crate::engine) struct Work {
    /// Trials that were finished before.
    pub(in crate::engine) finished: Vec<Trial>,
    /// Trials to be run.
    pub(in crate::engine) to_run: Vec<Train>,
    /// Trials that wait for some of them.
    pub(in crate::engine) later: Option<Later>,
    /// Whether each worker writes the initial weights of its trial.
    pub(in crate::engine) save_init: bool,
}

/// The trials that no slot has yet.
#[derive(Debug, Default)]
pub(super) struct Queue {
    ready: VecDeque<Train>,
    known: HashSet<TrialId>,
    later: Option<Later>,
    /// Whether something has finished since `later` was asked.
    news: bool,
}

impl Queue {
    pub(super) fn new(work: Work) -> Self {
        let all = work.finished.iter().chain(work.to_run.iter().map(|train| &train.trial));
        Self {
            known: all.map(|trial| trial.id.clone()).collect(),
            ready: work.to_run.into(),
            later: work.later,
            news: true,
        }
    }

    /// Trials that can be run.
    pub(super) fn len(&self) -> usize {
        self.ready.len()
    }

    /// Trials that wait for others, at most.
    pub(super) fn waiting(&self) -> usize {
        self.later.as_ref().map_or(0, |later| later.waiting)
    }

    /// Takes note that another trial has its curve.
    pub(super) fn finished_one(&mut self) {
        self.news = true;
    }

    /// The next trial to run, if there is one now.
    pub(super) fn pop(&mut self) -> Option<Train> {
        self.ready.pop_front()
    }

    /// Where nothing else is to be run, looks whether trials that waited can be run by now; says what that came to, if it came to anything.
    pub(super) fn look(&mut self, ledger: &Ledger) -> Result<Option<Plan>, RunError> {
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
        self.ready.extend(plan.to_run.iter().cloned());
        let all = plan.finished.iter().chain(plan.to_run.iter().map(|train| &train.trial));
        self.known.extend(all.map(|trial| trial.id.clone()));
        Ok(Some(plan).filter(|plan| !(plan.finished.is_empty() && plan.to_run.is_empty())))
    }
}
