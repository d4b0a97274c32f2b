//! Where a study stands, as `status --json` prints it; documented in docs/results.md.

use crate::exit::Failure;
use crate::look::Look;
use crate::opened::Opened;
use crate::output::count;
use jiff::Timestamp;
use seedband_core::number;
use seedband_core::protocol::FailureClass;
use seedband_runner::{AttemptStatus, Progress, State, TrialStatus};
use serde::Serialize;
use std::path::PathBuf;

/// Version of the format.
const VERSION: u32 = 1;

/// Where a study stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct StudyView {
    version: u32,
    pub(super) study: String,
    /// The results folder.
    results: PathBuf,
    /// Trials by state.
    pub(super) counts: Counts,
    /// Trainings that wait for range tests, at most.
    pub(super) waiting: usize,
    /// Range tests of seeds that may be added, at most.
    pub(super) to_add: usize,
    /// Configs and their trainings, in the study's order.
    pub(super) configs: Vec<GroupView>,
    /// Who runs it.
    pub(super) runners: Vec<RunnerView>,
    pub(super) trials: Vec<TrialView>,
}

/// Trials by state; each trial is counted once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Counts {
    pub(super) trials: usize,
    pub(super) queued: usize,
    pub(super) running: usize,
    pub(super) finished: usize,
    pub(super) diverged: usize,
    pub(super) failed: usize,
    pub(super) interrupted: usize,
}

/// A config, or one of its trainings.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct GroupView {
    config: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    training: Option<String>,
    #[serde(flatten)]
    pub(super) counts: Counts,
}

/// A runner at work.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct RunnerView {
    runner: String,
    pub(super) host: String,
    pub(super) pid: u32,
    pub(super) since: Timestamp,
    /// Its journal.
    pub(super) journal: PathBuf,
    /// What it says of itself; absent where it cannot write it.
    #[serde(flatten)]
    pub(super) told: Option<Told>,
}

/// What a runner says of itself.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Told {
    /// When it said so.
    pub(super) at: Timestamp,
    pub(super) to_run: usize,
    pub(super) finished: usize,
    pub(super) failed: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) seconds_left: Option<f64>,
}

/// One trial.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct TrialView {
    trial: String,
    pub(super) config: String,
    /// The training; absent for a range test.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) training: Option<String>,
    pub(super) seed: u64,
    pub(super) state: &'static str,
    /// How it ended, what failed, or how far and where it runs, for people.
    pub(super) detail: String,
    folder: PathBuf,
    /// The attempt that the state is about, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    attempt: Option<u32>,
    /// The log of that attempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) log: Option<PathBuf>,
    #[serde(flatten)]
    facts: Facts,
    /// Absent where nobody asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    attempts: Option<Vec<AttemptStatus>>,
}

/// What there is to know in the trial's state.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Facts {
    /// Steps done.
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<u32>,
    /// Steps planned of a running trial; length of the curve of one that has ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    steps: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lr: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none", with = "number::option")]
    loss: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    runner: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    class: Option<FailureClass>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

impl StudyView {
    pub(super) fn new(
        look: &Look,
        statuses: &[TrialStatus],
        runs: Vec<Progress>,
        attempts: bool,
    ) -> Result<Self, Failure> {
        let trials: Result<Vec<TrialView>, Failure> =
            statuses.iter().map(|status| TrialView::new(status, attempts)).collect();
        let trials = trials?;
        let opened = &look.opened;
        let mut counts = Counts::default();
        let mut configs: Vec<GroupView> = Vec::new();
        for trial in &trials {
            counts.add(trial.state);
            let group = (&trial.config, &trial.training);
            let place = configs
                .iter()
                .position(|known| (&known.config, &known.training) == group);
            let place = place.unwrap_or_else(|| {
                configs.push(GroupView {
                    config: trial.config.clone(),
                    training: trial.training.clone(),
                    counts: Counts::default(),
                });
                configs.len() - 1
            });
            configs[place].counts.add(trial.state);
        }
        Ok(Self {
            version: VERSION,
            study: opened.study.name.clone(),
            results: opened.dir.root().to_path_buf(),
            counts,
            waiting: look.waiting,
            to_add: look.to_add,
            configs,
            runners: runners(opened, statuses, runs),
            trials,
        })
    }

    /// Whether every trial has its curve and none is to come.
    pub(super) fn is_done(&self) -> bool {
        self.left() + self.counts.failed == 0
    }

    /// Trials that are under way, wait, or may be added.
    pub(super) fn left(&self) -> usize {
        let Counts {
            queued,
            running,
            interrupted,
            ..
        } = self.counts;
        queued + running + interrupted + self.waiting + self.to_add
    }
}

impl Counts {
    fn add(&mut self, state: &str) {
        self.trials += 1;
        match state {
            "running" => self.running += 1,
            "finished" => self.finished += 1,
            "diverged" => self.diverged += 1,
            "failed" => self.failed += 1,
            "interrupted" => self.interrupted += 1,
            _ => self.queued += 1,
        }
    }
}

impl GroupView {
    /// `<config>`, or `<config>/<training>`.
    pub(super) fn name(&self) -> String {
        group(&self.config, self.training.as_deref())
    }
}

/// Those that say how far they are, and those that are known by their claims alone.
fn runners(opened: &Opened, statuses: &[TrialStatus], runs: Vec<Progress>) -> Vec<RunnerView> {
    let mut runners: Vec<RunnerView> = runs
        .into_iter()
        .map(|run| RunnerView {
            journal: opened.dir.journal(&run.runner),
            runner: run.runner,
            host: run.host,
            pid: run.pid,
            since: run.since,
            told: Some(Told {
                at: run.at,
                to_run: run.to_run,
                finished: run.finished,
                failed: run.failed,
                seconds_left: run.seconds_left,
            }),
        })
        .collect();
    for status in statuses {
        let State::Running {
            since,
            runner,
            host,
            pid,
            ..
        } = &status.state
        else {
            continue;
        };
        match runners.iter_mut().find(|known| known.runner == *runner) {
            Some(known) => known.since = known.since.min(*since),
            None => runners.push(RunnerView {
                runner: runner.clone(),
                host: host.clone(),
                pid: *pid,
                since: *since,
                journal: opened.dir.journal(runner),
                told: None,
            }),
        }
    }
    runners
}

impl TrialView {
    fn new(status: &TrialStatus, attempts: bool) -> Result<Self, Failure> {
        let attempts = attempts.then(|| status.attempts()).transpose()?;
        let (own, detail, facts) = facts(&status.state);
        let attempt = own.or_else(|| Some(attempts.as_ref()?.last()?.attempt));
        let trial = &status.trial;
        Ok(Self {
            trial: trial.id.to_string(),
            config: trial.config.clone(),
            training: trial.training.as_ref().map(|plan| plan.name.clone()),
            seed: trial.seed,
            state: status.state.name(),
            detail,
            folder: status.folder.root().to_path_buf(),
            attempt,
            log: attempt
                .map(|attempt| status.folder.log(attempt))
                .filter(|log| log.is_file()),
            facts,
            attempts,
        })
    }

    /// `<config>/<seed>`, or `<config>/<training>/<seed>`.
    pub(super) fn name(&self) -> String {
        format!("{}/{}", group(&self.config, self.training.as_deref()), self.seed)
    }
}

fn group(config: &str, training: Option<&str>) -> String {
    training.map_or_else(|| config.to_owned(), |training| format!("{config}/{training}"))
}

/// The attempt that a state is about, the state in words, and what it holds.
fn facts(state: &State) -> (Option<u32>, String, Facts) {
    match state {
        State::Queued => (None, String::new(), Facts::default()),
        State::Running {
            since,
            attempt,
            device,
            runner,
            host,
            progress,
            ..
        } => {
            let far = progress.as_ref().map_or_else(String::new, |slot| {
                let last = slot
                    .loss
                    .zip(slot.lr)
                    .map_or_else(String::new, |(loss, lr)| format!("loss {loss:.3}, lr {lr:.1e}, "));
                format!("step {} of {}, {last}", slot.step, slot.steps)
            });
            let again = attempt
                .filter(|attempt| *attempt > 1)
                .map_or_else(String::new, |attempt| format!(", attempt {attempt}"));
            let place = device.as_deref().unwrap_or("a device");
            let detail = format!("{far}on {place} of {host} since {since:.0}{again}");
            let facts = Facts {
                step: progress.as_ref().map(|slot| slot.step),
                steps: progress.as_ref().map(|slot| slot.steps),
                lr: progress.as_ref().and_then(|slot| slot.lr),
                loss: progress.as_ref().and_then(|slot| slot.loss),
                device: device.clone(),
                host: Some(host.clone()),
                runner: Some(runner.clone()),
                since: Some(*since),
                ..Facts::default()
            };
            (*attempt, detail, facts)
        }
        State::Finished { end, steps } => ended(end.name(), *steps),
        State::Diverged { steps } => ended(seedband_core::files::curve::End::NonFinite.name(), *steps),
        State::Failed {
            attempt,
            class,
            message,
        } => {
            let detail = format!("{} in attempt {attempt}: {message}", class.name());
            let facts = Facts {
                class: Some(*class),
                message: Some(message.clone()),
                ..Facts::default()
            };
            (Some(*attempt), detail, facts)
        }
        State::Interrupted { attempt } => (Some(*attempt), format!("in attempt {attempt}"), Facts::default()),
    }
}

fn ended(end: &'static str, steps: u32) -> (Option<u32>, String, Facts) {
    let facts = Facts {
        end: Some(end),
        steps: Some(steps),
        ..Facts::default()
    };
    (None, format!("{end} after {}", count(steps as usize, "step")), facts)
}
