//! Where one trial stands.

use crate::error::Error;
use crate::format::count;
use jiff::Timestamp;
use seedband_core::files::curve::End;
use seedband_core::number;
use seedband_core::protocol::FailureClass;
use seedband_runner::{AttemptStatus, State, TrialStatus};
use serde::Serialize;
use std::path::PathBuf;

/// One trial.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct TrialView {
    /// Its id.
    pub trial: String,
    /// Name of the config.
    pub config: String,
    /// Name of the training; absent for a range test.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub training: Option<String>,
    /// Its seed.
    pub seed: u64,
    /// `queued`, `running`, `finished`, `diverged`, `failed` or `interrupted`.
    pub state: &'static str,
    /// How it ended, what failed, or how far and where it runs, for people.
    pub detail: String,
    /// Its folder.
    pub folder: PathBuf,
    /// The attempt that the state is about, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u32>,
    /// The log of that attempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log: Option<PathBuf>,
    /// What there is to know in this state.
    #[serde(flatten)]
    pub facts: StateFacts,
    /// The attempts at it; absent where nobody asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempts: Option<Vec<AttemptStatus>>,
}

/// What there is to know of a trial in its state; what has no meaning there is absent.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct StateFacts {
    /// Steps done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<u32>,
    /// Steps planned of a running trial; length of the curve of one that has ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps: Option<u32>,
    /// Learning rate of the last step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lr: Option<f64>,
    /// Training loss of the last step.
    #[serde(skip_serializing_if = "Option::is_none", with = "number::option")]
    pub loss: Option<f64>,
    /// The device it runs on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// The host it runs on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Name of its runner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runner: Option<String>,
    /// Since when it runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// How its curve ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<&'static str>,
    /// The kind of failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<FailureClass>,
    /// The failure in one line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// `<config>`, or `<config>/<training>`.
pub(super) fn group_name(config: &str, training: Option<&str>) -> String {
    training.map_or_else(|| config.to_owned(), |training| format!("{config}/{training}"))
}

impl TrialView {
    pub(super) fn new(status: &TrialStatus, attempts: bool) -> Result<Self, Error> {
        let attempts = attempts.then(|| status.attempts()).transpose()?;
        let attempt = attempt(&status.state).or_else(|| Some(attempts.as_ref()?.last()?.attempt));
        let trial = &status.trial;
        Ok(Self {
            trial: trial.id.to_string(),
            config: trial.config.clone(),
            training: trial.training.as_ref().map(|plan| plan.name.clone()),
            seed: trial.seed,
            state: status.state.name(),
            detail: detail(&status.state),
            folder: status.folder.root().to_path_buf(),
            attempt,
            log: attempt
                .map(|attempt| status.folder.log(attempt))
                .filter(|log| log.is_file()),
            facts: facts(&status.state),
            attempts,
        })
    }

    /// `<config>/<seed>`, or `<config>/<training>/<seed>`.
    pub fn name(&self) -> String {
        format!("{}/{}", group_name(&self.config, self.training.as_deref()), self.seed)
    }
}

/// The attempt that a state is about.
fn attempt(state: &State) -> Option<u32> {
    match state {
        State::Running { attempt, .. } => *attempt,
        State::Failed { attempt, .. } | State::Interrupted { attempt } => Some(*attempt),
        State::Queued | State::Finished { .. } | State::Diverged { .. } => None,
    }
}

/// A state in words.
fn detail(state: &State) -> String {
    let ended = |end: End, steps: u32| format!("{} after {}", end.name(), count(steps, "step"));
    match state {
        State::Queued => String::new(),
        State::Running {
            since,
            attempt,
            device,
            host,
            progress,
            ..
        } => {
            let step = progress.as_ref().map_or_else(String::new, |slot| {
                let last = slot.loss.zip(slot.lr);
                let last = last.map_or_else(String::new, |(loss, lr)| format!("loss {loss:.3}, lr {lr:.1e}, "));
                format!("step {} of {}, {last}", slot.step, slot.steps)
            });
            let again = attempt.filter(|attempt| *attempt > 1);
            let again = again.map_or_else(String::new, |attempt| format!(", attempt {attempt}"));
            let device = device.as_deref().unwrap_or("a device");
            format!("{step}on {device} of {host} since {since:.0}{again}")
        }
        State::Finished { end, steps } => ended(*end, *steps),
        State::Diverged { steps } => ended(End::NonFinite, *steps),
        State::Failed {
            attempt,
            class,
            message,
        } => format!("{} in attempt {attempt}: {message}", class.name()),
        State::Interrupted { attempt } => format!("in attempt {attempt}"),
    }
}

fn facts(state: &State) -> StateFacts {
    let none = StateFacts::default();
    match state {
        State::Queued | State::Interrupted { .. } => none,
        State::Running {
            since,
            device,
            runner,
            host,
            progress,
            ..
        } => StateFacts {
            step: progress.as_ref().map(|slot| slot.step),
            steps: progress.as_ref().map(|slot| slot.steps),
            lr: progress.as_ref().and_then(|slot| slot.lr),
            loss: progress.as_ref().and_then(|slot| slot.loss),
            device: device.clone(),
            host: Some(host.clone()),
            runner: Some(runner.clone()),
            since: Some(*since),
            ..none
        },
        State::Finished { end, steps } => StateFacts {
            end: Some(end.name()),
            steps: Some(*steps),
            ..none
        },
        State::Diverged { steps } => StateFacts {
            end: Some(End::NonFinite.name()),
            steps: Some(*steps),
            ..none
        },
        State::Failed { class, message, .. } => StateFacts {
            class: Some(*class),
            message: Some(message.clone()),
            ..none
        },
    }
}
