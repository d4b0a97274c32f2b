//! Planning, in the middle of a run, the trials that waited for others.

use crate::deferred::{DeferredError, DeferredTrials};
use crate::store::plan::Plan;
use seedband_core::files::layout::StudyDir;
use seedband_core::trial::TrialId;
use std::collections::HashSet;
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};
use tokio::sync::oneshot::{Receiver, channel};

/// Plans deferred trials as others finish.
///
/// To plan them means to read and to aggregate all curves of the study, which takes its time. So it is done by a thread
/// of its own: signals and time-outs are seen meanwhile, and a run that is told to stop does not wait for it. Not by
/// one of the runtime's blocking threads, because the end of the runtime would wait for that.
pub(crate) struct Replanner {
    dir: StudyDir,
    /// None once no trial waits any more.
    deferred: Option<DeferredTrials>,
    /// Trials that wait, at most.
    waiting: usize,
    /// Trials that have been planned before.
    known: Arc<HashSet<TrialId>>,
    /// Whether a trial has finished since planning began last.
    is_due: bool,
    planning: Option<Planning>,
}

/// A thread that plans, and where its answer comes.
struct Planning {
    answer: Receiver<Result<NewPlan, DeferredError>>,
    thread: JoinHandle<()>,
}

/// What can be planned now and was not before.
struct NewPlan {
    plan: Plan,
    /// Trials that still wait, at most.
    waiting: usize,
}

impl Replanner {
    /// Plans `deferred` trials of the study at `dir`, where there are any, but for those that are `known`.
    pub(crate) fn new(dir: StudyDir, deferred: Option<DeferredTrials>, known: HashSet<TrialId>) -> Self {
        Self {
            dir,
            waiting: deferred.as_ref().map_or(0, DeferredTrials::waiting),
            deferred,
            known: Arc::new(known),
            is_due: true,
            planning: None,
        }
    }

    /// Trials that wait for others, at most.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting
    }

    /// Takes note that a trial has its curve.
    pub(crate) fn trial_finished(&mut self) {
        self.is_due = true;
    }

    /// Whether trials are being planned, or should be.
    pub(crate) fn is_pending(&self) -> bool {
        self.planning.is_some() || (self.is_due && self.deferred.is_some())
    }

    /// Begins to plan, if a trial has finished since that was done last and trials wait.
    ///
    /// # Errors
    /// No thread is to be had. As any other error of planning: it is tried again once another trial has finished.
    pub(crate) fn start(&mut self) -> Result<(), DeferredError> {
        let Some(deferred) = self.deferred.clone().filter(|_| self.is_due && self.planning.is_none()) else {
            return Ok(());
        };
        self.is_due = false;
        let (sender, answer) = channel();
        let (dir, known) = (self.dir.clone(), Arc::clone(&self.known));
        let thread = Builder::new().name("replanner".into()).spawn(move || {
            let planned = new_plan(&deferred, &dir, &known);
            drop(known);
            // A run that has ended in the meantime wants no plan.
            let _ = sender.send(planned);
        })?;
        self.planning = Some(Planning { answer, thread });
        Ok(())
    }

    /// The new trials, once they are planned; never ready while nothing is being planned. Nothing is lost when the
    /// future is dropped before it is ready.
    ///
    /// # Errors
    /// They cannot be planned. It is tried again once another trial has finished.
    ///
    /// # Panics
    /// Planning has.
    pub(crate) async fn next_plan(&mut self) -> Result<Plan, DeferredError> {
        let answer = match &mut self.planning {
            Some(planning) => (&mut planning.answer).await,
            None => std::future::pending().await,
        };
        let thread = self.planning.take().map(|planning| planning.thread);
        match (answer, thread) {
            (Ok(planned), _) => {
                let NewPlan { plan, waiting } = planned?;
                Arc::make_mut(&mut self.known).extend(plan.trials().map(|trial| trial.id.clone()));
                self.waiting = waiting;
                if waiting == 0 {
                    self.deferred = None;
                }
                Ok(plan)
            }
            (Err(_), Some(thread)) => match thread.join() {
                Err(panic) => std::panic::resume_unwind(panic),
                Ok(()) => Ok(Plan::default()),
            },
            (Err(_), None) => Ok(Plan::default()),
        }
    }
}

fn new_plan(deferred: &DeferredTrials, dir: &StudyDir, known: &HashSet<TrialId>) -> Result<NewPlan, DeferredError> {
    let mut plannable = deferred.plan()?;
    plannable.ready.retain(|train| !known.contains(&train.trial.id));
    Ok(NewPlan {
        plan: Plan::new(dir, plannable.ready)?,
        waiting: plannable.waiting,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deferred::Plannable;
    use seedband_core::protocol::Train;
    use seedband_core::recipe::Recipe;
    use seedband_core::trial::Trial;
    use std::sync::Mutex;

    fn train(seed: u64) -> Train {
        Train::new(Trial::new("a", seed, &Recipe::default()), Vec::new())
    }

    /// Of two deferred trials, the first turn plans none, the second fails, the third plans both.
    fn replanner(root: &tempfile::TempDir) -> Replanner {
        let turns = Mutex::new(0);
        let deferred = DeferredTrials::new(2, move || {
            let mut turn = turns.lock().unwrap();
            *turn += 1;
            match *turn {
                1 => Ok(Plannable {
                    ready: vec![train(0)],
                    waiting: 2,
                }),
                2 => Err("a curve cannot be read".into()),
                _ => Ok(Plannable {
                    ready: (0..3).map(train).collect(),
                    waiting: 0,
                }),
            }
        });
        let known = [train(0).trial.id].into();
        Replanner::new(StudyDir::new(root.path()), Some(deferred), known)
    }

    #[tokio::test]
    async fn deferred_trials_are_planned_once_and_again_after_an_error() {
        let root = tempfile::tempdir().unwrap();
        let mut replanner = replanner(&root);
        replanner.start().unwrap();
        assert_eq!(replanner.next_plan().await.unwrap(), Plan::default());
        // Nothing has finished since.
        assert!(!replanner.is_pending());
        replanner.start().unwrap();
        assert!(!replanner.is_pending());

        replanner.trial_finished();
        replanner.start().unwrap();
        let error = replanner.next_plan().await.unwrap_err().to_string();
        assert_eq!(
            (error.as_str(), replanner.waiting(), replanner.is_pending()),
            ("a curve cannot be read", 2, false)
        );

        replanner.trial_finished();
        assert!(replanner.is_pending());
        replanner.start().unwrap();
        assert_eq!(replanner.next_plan().await.unwrap().to_run, [train(1), train(2)]);
        assert_eq!((replanner.waiting(), replanner.is_pending()), (0, false));
        replanner.trial_finished();
        assert!(!replanner.is_pending());
    }

    #[tokio::test]
    #[should_panic(expected = "a bug")]
    async fn a_panic_is_passed_on() {
        let root = tempfile::tempdir().unwrap();
        let deferred = DeferredTrials::new(1, || panic!("a bug"));
        let mut replanner = Replanner::new(StudyDir::new(root.path()), Some(deferred), HashSet::new());
        replanner.start().unwrap();
        let _ = replanner.next_plan().await;
    }
}
