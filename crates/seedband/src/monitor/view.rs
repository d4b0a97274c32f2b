//! Where a study stands, as `status --json` prints it; documented in docs/watching.md.

use super::runners::{RunnerView, at_work};
use super::trial::{TrialView, group_name};
use crate::error::Error;
use crate::session::{StudySession, TrialSet};
use seedband_runner::{Progress, State, TrialStatus};
use serde::Serialize;
use std::path::PathBuf;

/// Version of the format.
const VERSION: u32 = 1;

/// Where a study stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct StudyView {
    version: u32,
    /// Its name.
    pub study: String,
    /// The results folder.
    pub results: PathBuf,
    /// Trials by state.
    pub counts: TrialCounts,
    /// Trainings that wait for range tests, at most.
    pub waiting: usize,
    /// Range tests of seeds that may be added, at most.
    pub to_add: usize,
    /// Configs and their trainings, in the study's order.
    pub configs: Vec<GroupView>,
    /// Who runs it.
    pub runners: Vec<RunnerView>,
    /// The trials, each once.
    pub trials: Vec<TrialView>,
}

/// Trials by state; each trial is counted once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct TrialCounts {
    /// All of them.
    pub trials: usize,
    /// Those that wait to be run.
    pub queued: usize,
    /// Those that a runner holds.
    pub running: usize,
    /// Those whose curve is there and ends with a finite loss.
    pub finished: usize,
    /// Those whose curve ends with a loss that is infinite or NaN.
    pub diverged: usize,
    /// Those whose last attempt gave no curve.
    pub failed: usize,
    /// Those whose last attempt was stopped.
    pub interrupted: usize,
}

/// A config, or one of its trainings.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct GroupView {
    /// Name of the config.
    pub config: String,
    /// Name of the training; absent for the range tests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub training: Option<String>,
    /// Its trials by state.
    #[serde(flatten)]
    pub counts: TrialCounts,
}

impl StudyView {
    pub(super) fn new(
        session: &StudySession,
        set: &TrialSet,
        statuses: &[TrialStatus],
        reports: Vec<Progress>,
        attempts: bool,
    ) -> Result<Self, Error> {
        let views = statuses.iter().map(|status| TrialView::new(status, attempts));
        let trials = views.collect::<Result<Vec<TrialView>, Error>>()?;
        let (counts, configs) = count(statuses, &trials);
        Ok(Self {
            version: VERSION,
            study: session.study().name.clone(),
            results: session.dir().root().to_path_buf(),
            counts,
            waiting: set.waiting,
            to_add: set.to_add,
            configs,
            runners: at_work(session.dir(), statuses, reports),
            trials,
        })
    }

    /// Whether every trial has its curve and none is to come.
    pub fn is_done(&self) -> bool {
        self.left() + self.counts.failed == 0
    }

    /// Trials that are under way, wait, or may be added.
    pub fn left(&self) -> usize {
        let TrialCounts {
            queued,
            running,
            interrupted,
            ..
        } = self.counts;
        queued + running + interrupted + self.waiting + self.to_add
    }
}

/// Trials by state, altogether and by group.
fn count(statuses: &[TrialStatus], trials: &[TrialView]) -> (TrialCounts, Vec<GroupView>) {
    let mut counts = TrialCounts::default();
    let mut groups: Vec<GroupView> = Vec::new();
    for (status, trial) in statuses.iter().zip(trials) {
        counts.add(&status.state);
        let is_own = |group: &GroupView| group.config == trial.config && group.training == trial.training;
        let place = groups.iter().position(is_own).unwrap_or_else(|| {
            groups.push(GroupView {
                config: trial.config.clone(),
                training: trial.training.clone(),
                counts: TrialCounts::default(),
            });
            groups.len() - 1
        });
        groups[place].counts.add(&status.state);
    }
    (counts, groups)
}

impl TrialCounts {
    fn add(&mut self, state: &State) {
        self.trials += 1;
        *match state {
            State::Queued => &mut self.queued,
            State::Running { .. } => &mut self.running,
            State::Finished { .. } => &mut self.finished,
            State::Diverged { .. } => &mut self.diverged,
            State::Failed { .. } => &mut self.failed,
            State::Interrupted { .. } => &mut self.interrupted,
        } += 1;
    }
}

impl GroupView {
    /// `<config>`, or `<config>/<training>`.
    pub fn name(&self) -> String {
        group_name(&self.config, self.training.as_deref())
    }
}
