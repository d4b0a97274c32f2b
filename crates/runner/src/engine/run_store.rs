//! What a run keeps on disk: claims, attempts, curves and the journal.

use crate::engine::completion::{AttemptResult, Completion};
use crate::engine::open_attempt::OpenAttempt;
use crate::failure::Failure;
use crate::job::Job;
use crate::outcome::RunError;
use crate::store::attempt::{Attempt, AttemptRecord};
use crate::store::claim::{Claim, ClaimRecord, Claimant, ClaimedTrial, Watch, claim_trial};
use crate::store::data_check::DataCheck;
use crate::store::heartbeat::Heartbeat;
use crate::store::plan::{finished_curve, init_path};
use crate::store::weights_check::WeightsCheck;
use crate::worker::trial_protocol::StartReport;
use jiff::Timestamp;
use seedband_core::files::fsio::FsError;
use seedband_core::files::journal;
use seedband_core::files::journal::{Change, Entry};
use seedband_core::files::layout::{TrialDir, TrialIndex};
use seedband_core::one_line;
use seedband_core::protocol::{FailureClass, Train};
use seedband_core::trial::{Trial, TrialId};
use std::collections::HashSet;
use std::fs::File;
use std::path::PathBuf;
use std::time::Duration;

/// The files of one run.
#[derive(Debug)]
pub(crate) struct RunStore {
    index: TrialIndex,
    claimant: Claimant,
    /// Between two signs of life.
    heartbeat: Duration,
    /// Beats while claims may be held.
    _heart: Heartbeat,
    journal: journal::Writer,
    data_check: DataCheck,
    weights_check: WeightsCheck,
}

/// What came of the wish to run a trial.
#[derive(Debug)]
pub(crate) enum BeginResult {
    /// It is ours; the file takes the log.
    Begun(Box<OpenAttempt>, File),
    /// Another runner has finished it since the plan was made.
    AlreadyFinished,
    /// Another runner is at it.
    Held {
        claim: PathBuf,
        holder: Option<ClaimRecord>,
    },
    /// Another runner was at it; whether it lives is to be seen.
    Watched(Watch),
    /// It cannot be kept beside what is there.
    Refused(Failure),
}

/// What could not be written or read.
#[derive(Debug)]
pub(crate) enum StoreError {
    /// Something of one trial: it costs that attempt.
    Trial(FsError),
    /// The journal, without which a run has no memory.
    Journal(FsError),
}

impl StoreError {
    pub(crate) fn source(&self) -> &FsError {
        match self {
            Self::Trial(error) | Self::Journal(error) => error,
        }
    }

    pub(crate) fn into_source(self) -> FsError {
        match self {
            Self::Trial(error) | Self::Journal(error) => error,
        }
    }
}

/// What came of filing the end of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Filed {
    Written,
    /// Another runner has taken the trial over: this one was taken for dead. Nothing of its attempt counts.
    TakenOver,
}

impl RunStore {
    /// Starts a journal for the runner of `job` and reads those of earlier runs.
    pub(crate) fn open(job: &Job) -> Result<Self, RunError> {
        let dir = &job.dir;
        let entries = journal::read_all(&dir.journals())?.entries;
        let data_check = DataCheck::of_journal(&entries, job.plan.trials());
        let is_training = |trial: &Trial| trial.training.is_some();
        let weights_check = if job.deferred.is_some() || job.plan.trials().any(is_training) {
            WeightsCheck::of_journal(&entries)
        } else {
            WeightsCheck::none()
        };
        dir.create(&dir.journals())?;
        let heartbeat = job.timeouts.heartbeat;
        // Before anything is claimed.
        let heart = Heartbeat::start(dir, &job.runner.name, heartbeat)?;
        let journal = journal::Writer::create(&dir.journal(&job.runner.name), &job.runner.name)?;
        Ok(Self {
            index: dir.index()?,
            claimant: Claimant {
                runner: job.runner.clone(),
                heartbeat: Some(heartbeat),
                take_over: job.take_over.clone(),
                gone: HashSet::new(),
            },
            heartbeat,
            _heart: heart,
            journal,
            data_check,
            weights_check,
        })
    }

    /// Claims a trial and opens its next attempt. After an error nothing of the attempt is left, and it may be tried
    /// again.
    pub(crate) fn begin(&mut self, train: &Train, device: &str) -> Result<BeginResult, StoreError> {
        match claim_trial(&self.index, &train.trial, &self.claimant).map_err(StoreError::Trial)? {
            ClaimedTrial::Taken(folder, claim) => self.open_attempt(train, folder, claim, device),
            ClaimedTrial::Held { claim, holder } => Ok(BeginResult::Held { claim, holder }),
            ClaimedTrial::Unknown { claim, text } => {
                let watch = Watch::new(self.index.study(), claim, text, self.heartbeat);
                Ok(BeginResult::Watched(watch))
            }
            ClaimedTrial::Foreign(folder, owner) => self.refuse(&train.trial.id, &folder, &owner),
        }
    }

    /// Takes note that the holder of a claim is gone, and clears up behind it.
    pub(crate) fn forget_holder(&mut self, watch: &Watch) {
        self.claimant.gone.insert(watch.text.clone());
        watch.clear_up(self.index.study());
    }

    /// Takes note of a failure outside of any attempt.
    pub(crate) fn note_failure(&mut self, id: &TrialId, failure: &Failure, again: bool) -> Result<(), StoreError> {
        let change = Change::Failed {
            class: failure.class,
            message: failure.message.clone(),
            again,
        };
        self.append(id, 1, &change)
    }

    fn refuse(&mut self, id: &TrialId, folder: &TrialDir, owner: &TrialId) -> Result<BeginResult, StoreError> {
        let message = format!(
            "`{}` is named by trial `{id}` and belongs to trial `{owner}`; move it to another results folder",
            folder.root().display()
        );
        let failure = Failure::new(FailureClass::Storage, &message);
        self.note_failure(id, &failure, false)?;
        Ok(BeginResult::Refused(failure))
    }

    fn open_attempt(
        &mut self,
        train: &Train,
        folder: TrialDir,
        claim: Claim,
        device: &str,
    ) -> Result<BeginResult, StoreError> {
        if finished_curve(&folder, train).map_err(StoreError::Trial)?.is_some() {
            return Ok(BeginResult::AlreadyFinished);
        }
        let (id, device) = (train.trial.id.clone(), device.to_owned());
        let attempt = Attempt::create(&folder).map_err(StoreError::Trial)?;
        let log = attempt.create_log().map_err(StoreError::Trial).and_then(|log| {
            let device = device.clone();
            self.append(&id, attempt.number, &Change::Running { device })?;
            Ok(log)
        });
        let log = log.inspect_err(|_| attempt.undo())?;
        let open = OpenAttempt::new(id, folder, attempt, device, claim);
        Ok(BeginResult::Begun(Box::new(open), log))
    }

    /// Where the initial weights of a trial go.
    pub(crate) fn init_path(&self, trial: &Trial) -> Result<PathBuf, FsError> {
        init_path(&self.index.place(trial)?)
    }

    /// Takes down what an attempt starts from.
    ///
    /// # Errors
    /// A failure, if its data is not what the study was run on so far, or its weights are not what the trial is to
    /// start from.
    pub(crate) fn check_start(
        &mut self,
        attempt: &mut OpenAttempt,
        trial: &Trial,
        start_report: StartReport,
    ) -> Result<(), Failure> {
        if let Some(data) = &start_report.data {
            let checked = self.data_check.check(&trial.recipe.trainer, data);
            checked.map_err(|message| Failure::new(FailureClass::BadData, &message))?;
        }
        if let Some(weights) = &start_report.weights {
            let checked = self.weights_check.check(trial, weights);
            checked.map_err(|message| Failure::protocol(&message))?;
        }
        attempt.set_start_report(start_report);
        Ok(())
    }

    /// Files the curve, if there is one, then the end of the attempt: a crash in between leaves a finished trial. After
    /// an error the same may be filed again. The trial stays ours until `completion` is dropped.
    pub(crate) fn file(&mut self, completion: &Completion) -> Result<Filed, StoreError> {
        let open = &completion.attempt;
        // Somebody may have put a link in place of a folder since the attempt began.
        for path in [open.folder.curve(), open.attempt.log()] {
            self.index.study().check(&path).map_err(StoreError::Trial)?;
        }
        let is_held = match &completion.result {
            AttemptResult::Curve(curve) => {
                let written = open.claim.while_held(|| curve.write(&open.folder.curve()));
                written.map_err(StoreError::Trial)?.is_some()
            }
            _ => open.claim.is_held(),
        };
        if !is_held {
            self.append(&open.trial, open.number(), &Change::Interrupted)?;
            return Ok(Filed::TakenOver);
        }
        let record = AttemptRecord {
            started: open.started,
            ended: Timestamp::now(),
            device: open.device.clone(),
            worker: completion.worker.clone(),
            exit: completion.exit.clone(),
            outcome: completion.change(),
        };
        match open.attempt.close(&record) {
            Err(error) if error.is_disk_full() => return Err(StoreError::Trial(error)),
            // For people; nothing depends on it.
            Err(error) => tracing::warn!("{}", one_line(&error)),
            Ok(()) => {}
        }
        self.append(&open.trial, open.number(), &record.outcome)?;
        Ok(Filed::Written)
    }

    /// Waits until the journal is on the disk.
    pub(crate) fn sync(&mut self) -> Result<(), StoreError> {
        self.journal.sync().map_err(StoreError::Journal)
    }

    fn append(&mut self, trial: &TrialId, attempt: u32, change: &Change) -> Result<(), StoreError> {
        let appended = self.journal.append(&Entry {
            at: Timestamp::now(),
            trial: trial.clone(),
            attempt,
            change: change.clone(),
        });
        appended.map_err(StoreError::Journal)
    }
}
