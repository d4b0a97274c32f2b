//! Writing results, and waiting where the disk is full: no curve is lost for want of space.

use crate::engine::completion::{AttemptResult, Completion};
use crate::engine::run_store::{BeginResult, Filed, RunStore, StoreError};
use crate::engine::running_trial::RunningTrial;
use crate::engine::write_backlog::WriteBacklog;
use crate::events::{Events, RunEvent};
use crate::failure::Failure;
use crate::store::claim::Watch;
use crate::worker::trial_protocol::StartReport;
use seedband_core::files::fsio::FsError;
use seedband_core::one_line;
use seedband_core::protocol::Train;
use seedband_core::trial::TrialId;
use std::time::Duration;
use tokio::time::Instant;

/// Writes what a run finds out, as far as there is space, and keeps the rest until there is.
pub(crate) struct ResultWriter {
    store: RunStore,
    backlog: WriteBacklog,
    events: Events,
}

impl ResultWriter {
    /// Writes to `store`, and tries a full disk again every `pause`.
    pub(crate) fn new(store: RunStore, pause: Duration, events: Events) -> Self {
        Self {
            store,
            backlog: WriteBacklog::new(pause),
            events,
        }
    }

    /// Whether nothing waits to be written.
    pub(crate) fn is_done(&self) -> bool {
        self.backlog.is_empty()
    }

    /// Whether the disk is full, so that nothing further should be begun now.
    pub(crate) fn is_blocked(&self) -> bool {
        self.backlog.is_blocked()
    }

    /// When a full disk is to be tried again.
    pub(crate) fn next_try(&self) -> Option<Instant> {
        self.backlog.next_try()
    }

    /// Lets a full disk be tried again.
    pub(crate) fn try_again(&mut self) {
        self.backlog.try_again();
    }

    /// From now on a full disk is an error.
    pub(crate) fn give_up(&mut self) {
        self.backlog.give_up();
    }

    /// Begins an attempt at a trial, with its initial weights to be kept where `save_init` says so; none where the disk
    /// is full, or the journal refuses and is to be tried again.
    ///
    /// # Errors
    /// Something of the trial cannot be read or written; or the journal, for good.
    pub(crate) fn begin(
        &mut self,
        train: &mut Train,
        device: &str,
        save_init: bool,
    ) -> Result<Option<BeginResult>, StoreError> {
        let path = save_init.then(|| self.store.init_path(&train.trial)).transpose();
        let begun = path.map_err(StoreError::Trial).and_then(|path| {
            train.init_path = path;
            self.store.begin(train, device)
        });
        match begun {
            Ok(begun) => {
                if matches!(begun, BeginResult::Begun(..)) {
                    self.note_written();
                }
                Ok(Some(begun))
            }
            Err(error) => self.wait_after(error).map(|()| None),
        }
    }

    /// Takes note that no attempt at a trial could begin.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub(crate) fn note_failure(&mut self, id: &TrialId, failure: &Failure, again: bool) -> Result<(), StoreError> {
        self.store.note_failure(id, failure, again)
    }

    /// Takes note that the holder of a claim is gone.
    pub(crate) fn forget_holder(&mut self, watch: &Watch) {
        self.store.forget_holder(watch);
    }

    /// Takes down what an attempt starts from.
    ///
    /// # Errors
    /// It is not what the study or the trial is to start from.
    pub(crate) fn check_start(&mut self, running: &mut RunningTrial, start_report: StartReport) -> Result<(), Failure> {
        let trial = &running.trial.train.trial;
        self.store.check_start(&mut running.attempt, trial, start_report)
    }

    /// Takes the end of an attempt, to be written by the next [`ResultWriter::flush`].
    pub(crate) fn push(&mut self, completion: Completion) {
        self.backlog.push(completion);
    }

    /// Writes what waits for it, as far as there is space, and gives what has been written to `filed`. What cannot be
    /// written for another reason comes to what `refused` makes of it, and that is written.
    ///
    /// # Errors
    /// The journal cannot be written, for good.
    pub(crate) fn flush(
        &mut self,
        mut refused: impl FnMut(&mut Completion, &FsError),
        mut filed: impl FnMut(Completion),
    ) -> Result<(), FsError> {
        while let Some(mut completion) = self.backlog.next() {
            match self.store.file(&completion) {
                Ok(came_to) => {
                    self.note_written();
                    if came_to == Filed::TakenOver {
                        completion.result = AttemptResult::TakenOver;
                    }
                    filed(completion);
                }
                Err(StoreError::Trial(error)) if !error.is_disk_full() => {
                    refused(&mut completion, &error);
                    self.backlog.put_back(completion);
                }
                Err(error) => {
                    self.backlog.put_back(completion);
                    self.wait_after(error).map_err(StoreError::into_source)?;
                }
            }
        }
        Ok(())
    }

    /// Waits until the journal is on the disk, or on until it can be.
    ///
    /// # Errors
    /// It cannot be, for good.
    pub(crate) fn sync(&mut self) -> Result<(), FsError> {
        if self.backlog.is_blocked() {
            return Ok(());
        }
        let synced = self.store.sync();
        synced
            .or_else(|error| self.wait_after(error))
            .map_err(StoreError::into_source)
    }

    /// Waits until the journal is on the disk; whatever keeps it from there is an error.
    pub(crate) fn finish(&mut self) -> Result<(), FsError> {
        self.store.sync().map_err(StoreError::into_source)
    }

    /// How many ends of attempts are not written.
    pub(crate) fn unwritten(&self) -> usize {
        self.backlog.len()
    }

    /// Has the same tried again after a pause where that may help: the disk is full, or the journal refused.
    ///
    /// # Errors
    /// It does not help.
    fn wait_after(&mut self, error: StoreError) -> Result<(), StoreError> {
        if self.backlog.waits_for(error.source()) {
            self.note_full(error.source());
            return Ok(());
        }
        match error {
            StoreError::Journal(source) if self.backlog.note_journal_failure() => {
                tracing::warn!("{}; it is tried again", one_line(&source));
                Ok(())
            }
            error => Err(error),
        }
    }

    fn note_full(&mut self, error: &FsError) {
        tracing::debug!(%error, "the disk is full");
        if self.backlog.note_full() {
            let path = error.path().to_path_buf();
            self.events.send(RunEvent::DiskFull { path });
        }
    }

    fn note_written(&mut self) {
        if self.backlog.note_written() {
            self.events.send(RunEvent::DiskFreed);
        }
    }
}
