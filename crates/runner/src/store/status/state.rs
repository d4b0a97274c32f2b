//! Where a trial stands, and the attempts at it.

use crate::store::attempt::AttemptRecord;
use crate::store::progress::SlotProgress;
use jiff::Timestamp;
use seedband_core::files::curve::End;
use seedband_core::files::fsio;
use seedband_core::files::fsio::FsError;
use seedband_core::files::layout::TrialDir;
use seedband_core::protocol::FailureClass;
use seedband_core::trial::Trial;
use serde::Serialize;
use std::path::PathBuf;

/// One trial and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct TrialStatus {
    /// The trial.
    pub trial: Trial,
    /// Its folder, whether it is there or not.
    pub folder: TrialDir,
    /// Where it stands.
    pub state: State,
}

/// Where a trial stands.
#[derive(Debug, Clone, PartialEq)]
pub enum State {
    /// Waits to be run: it never was, it is to be tried again, or its curve is gone, damaged or too short for the rules
    /// of today.
    Queued,
    /// A runner holds it.
    Running {
        /// Since when.
        since: Timestamp,
        /// Which attempt, counted from 1; absent in the moment between claim and journal.
        attempt: Option<u32>,
        /// The slot's device; absent in the same moment.
        device: Option<String>,
        /// Name of the runner.
        runner: String,
        /// The runner's host.
        host: String,
        /// The runner's process there.
        pid: u32,
        /// How far it is; absent until its worker has data and model, and where the runner cannot write it.
        progress: Option<SlotProgress>,
    },
    /// Its curve is there.
    Finished {
        /// How the curve ended: never by a loss that is not finite.
        end: End,
        /// Its length.
        steps: u32,
    },
    /// Its curve is there, and its last loss is infinite or NaN: a result like any other.
    Diverged {
        /// Its length.
        steps: u32,
    },
    /// Its last attempt gave no curve.
    Failed {
        /// Which attempt, counted from 1.
        attempt: u32,
        /// The kind of failure.
        class: FailureClass,
        /// One line for the user.
        message: String,
    },
    /// Its last attempt was stopped, or its runner is gone.
    Interrupted {
        /// Which attempt, counted from 1.
        attempt: u32,
    },
}

impl State {
    /// The name as it stands in `status --json`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running { .. } => "running",
            Self::Finished { .. } => "finished",
            Self::Diverged { .. } => "diverged",
            Self::Failed { .. } => "failed",
            Self::Interrupted { .. } => "interrupted",
        }
    }

    /// Whether its curve is there.
    pub fn has_curve(&self) -> bool {
        matches!(self, Self::Finished { .. } | Self::Diverged { .. })
    }
}

/// One attempt at a trial.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct AttemptStatus {
    /// Which, counted from 1.
    pub attempt: u32,
    /// What its worker wrote to standard error.
    pub log: PathBuf,
    /// How it went; absent while it is under way, and where its runner was killed.
    #[serde(flatten)]
    pub record: Option<AttemptRecord>,
}

impl TrialStatus {
    /// The attempts at the trial, first to last.
    ///
    /// # Errors
    /// The folder of attempts is there but cannot be listed. A record that cannot be read is absent.
    pub fn attempts(&self) -> Result<Vec<AttemptStatus>, FsError> {
        let attempt = |attempt| AttemptStatus {
            attempt,
            log: self.folder.log(attempt),
            record: fsio::read_json(&self.folder.attempt_record(attempt)).ok(),
        };
        Ok(self.folder.attempt_numbers()?.into_iter().map(attempt).collect())
    }
}
