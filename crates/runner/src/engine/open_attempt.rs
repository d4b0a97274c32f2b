//! An attempt at a trial that is under way.

use crate::store::attempt::Attempt;
use crate::store::claim::Claim;
use crate::worker::trial_protocol::StartReport;
use jiff::Timestamp;
use seedband_core::files::layout::TrialDir;
use seedband_core::trial::TrialId;
use std::path::PathBuf;

/// An attempt that is under way. Dropping it gives the claim back and leaves no other trace.
#[derive(Debug)]
pub(crate) struct OpenAttempt {
    pub(crate) trial: TrialId,
    pub(crate) folder: TrialDir,
    pub(crate) attempt: Attempt,
    /// The slot's device, for example `cpu`.
    pub(crate) device: String,
    pub(crate) started: Timestamp,
    start_report: StartReport,
    pub(crate) claim: Claim,
}

impl OpenAttempt {
    /// An attempt that begins now.
    pub(crate) fn new(trial: TrialId, folder: TrialDir, attempt: Attempt, device: String, claim: Claim) -> Self {
        Self {
            trial,
            folder,
            attempt,
            device,
            started: Timestamp::now(),
            start_report: StartReport::default(),
            claim,
        }
    }

    /// Which attempt at its trial, counted from 1.
    pub(crate) fn number(&self) -> u32 {
        self.attempt.number
    }

    /// Where the worker's standard error goes.
    pub(crate) fn log(&self) -> PathBuf {
        self.attempt.log()
    }

    /// What the worker saw before it began.
    pub(crate) fn start_report(&self) -> &StartReport {
        &self.start_report
    }

    /// Takes down what the worker saw before it began.
    pub(crate) fn set_start_report(&mut self, start_report: StartReport) {
        self.start_report = start_report;
    }
}
