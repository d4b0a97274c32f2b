//! Which logs are meant.

use super::trial_name::find;
use crate::error::Error;
use seedband_core::protocol::Train;
use seedband_core::trial::TrialId;
use seedband_runner::{State, TrialStatus};

/// The trials whose logs are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogSelection {
    /// This one; in this attempt, or the last one.
    One {
        /// Its id.
        id: TrialId,
        /// Its name.
        name: String,
        /// The attempt, counted from 1.
        attempt: Option<u32>,
    },
    /// Those that run.
    Running,
    /// Those that failed.
    Failed,
}

impl LogSelection {
    /// The trial of this name among `trials` (`config/seed`, `config/training/seed`), or whose id begins so.
    ///
    /// # Errors
    /// There is no such trial, or more than one.
    pub fn one(trials: &[Train], text: &str, attempt: Option<u32>) -> Result<Self, Error> {
        let (id, name) = find(trials, text)?;
        Ok(Self::One { id, name, attempt })
    }

    /// Whether a trial is among them.
    pub fn includes(&self, status: &TrialStatus) -> bool {
        match self {
            Self::One { id, .. } => status.trial.id == *id,
            Self::Running => matches!(status.state, State::Running { .. }),
            Self::Failed => matches!(status.state, State::Failed { .. }),
        }
    }

    /// The attempt whose log is meant of a trial; none where it has none yet.
    ///
    /// # Errors
    /// There is no attempt of the number asked for, or the attempts cannot be listed.
    pub fn attempt(&self, status: &TrialStatus) -> Result<Option<u32>, Error> {
        let numbers = status.folder.attempt_numbers()?;
        let Self::One {
            name,
            attempt: Some(wanted),
            ..
        } = self
        else {
            return Ok(numbers.last().copied());
        };
        if numbers.contains(wanted) {
            return Ok(Some(*wanted));
        }
        let trial = name.clone();
        Err(if numbers.is_empty() {
            Error::NotRunYet { trial }
        } else {
            Error::NoAttempt {
                trial,
                attempt: *wanted,
                known: numbers,
            }
        })
    }

    /// Whether nothing more is to come of the one trial that is meant: it has ended, or a later attempt than the one
    /// asked for has begun.
    ///
    /// # Errors
    /// Its attempts cannot be listed.
    pub fn is_over(&self, statuses: &[TrialStatus]) -> Result<bool, Error> {
        let Self::One { id, attempt, .. } = self else {
            return Ok(false);
        };
        let Some(status) = statuses.iter().find(|status| status.trial.id == *id) else {
            return Ok(false);
        };
        let last = status.folder.attempt_numbers()?.last().copied();
        let is_later = attempt.zip(last).is_some_and(|(wanted, last)| last > wanted);
        Ok(is_later || status.state.has_curve() || matches!(status.state, State::Failed { .. }))
    }
}
