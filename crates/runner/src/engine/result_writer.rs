//! Writing results, and waiting where the disk is full: no curve is lost for want of space.

use crate::engine::completion::Completion;
use crate::engine::run_store::{BeginResult, RunStore};
use crate::engine::running_trial::RunningTrial;
use crate::engine::write_backlog::WriteBacklog;
use crate::events::{Events, RunEvent};
use crate::failure::Failure;
use crate::worker::trial_protocol::Fingerprints;
use seedband_core::files::fsio::FsError;
use seedband_core::protocol::Train;
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
    /// is full.
    pub(crate) fn begin(
        &mut self,
        train: &mut Train,
        device: &str,
        save_init: bool,
    ) -> Result<Option<BeginResult>, FsError> {
        let path = save_init.then(|| self.store.init_path(&train.trial)).transpose();
        let begun = path.and_then(|path| {
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
            Err(error) if error.is_disk_full() => {
                self.note_full(&error);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Takes down what an attempt starts from.
    ///
    /// # Errors
    /// It is not what the study or the trial is to start from.
    pub(crate) fn check_start(
        &mut self,
        running: &mut RunningTrial,
        fingerprints: Fingerprints,
    ) -> Result<(), Failure> {
        let trial = &running.trial.train.trial;
        self.store.check_start(&mut running.attempt, trial, fingerprints)
    }

    /// Takes the end of an attempt, to be written by the next [`ResultWriter::flush`].
    pub(crate) fn push(&mut self, completion: Completion) {
        self.backlog.push(completion);
    }

    /// Writes what waits for it, as far as there is space, and gives what has been written to `filed`.
    pub(crate) fn flush(&mut self, mut filed: impl FnMut(Completion)) -> Result<(), FsError> {
        while let Some(completion) = self.backlog.next() {
            match self.store.file(&completion) {
                Ok(()) => {
                    self.note_written();
                    filed(completion);
                }
                Err(error) if self.backlog.waits_for(&error) => {
                    self.backlog.put_back(completion);
                    self.note_full(&error);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Waits until the journal is on the disk, or on until there is space for it.
    pub(crate) fn sync(&mut self) -> Result<(), FsError> {
        match self.store.sync() {
            Err(error) if self.backlog.waits_for(&error) => {
                self.note_full(&error);
                Ok(())
            }
            synced => synced,
        }
    }

    /// Waits until the journal is on the disk; a full one is an error.
    pub(crate) fn finish(&mut self) -> Result<(), FsError> {
        self.store.sync()
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
