//! What a run keeps on disk: claims, attempts, curves and the journal.

use crate::engine::completion::{Filing, Result as Came};
use crate::failure::Failure;
use crate::outcome::RunError;
use crate::store::attempt::{Attempt, AttemptRecord};
use crate::store::claim::{Claim, ClaimRecord, Claiming};
use crate::store::data_check::Fingerprints;
use crate::store::identity::Runner;
use crate::store::plan::{Plan, finished_curve, folder_of, init_path, owner};
use crate::store::weights_check::Starts;
use crate::worker::trial_protocol::Seen;
use jiff::Timestamp;
use seedband_core::files::fsio;
use seedband_core::files::fsio::FsError;
use seedband_core::files::journal;
use seedband_core::files::journal::{Change, Entry};
use seedband_core::files::layout::{StudyDir, TrialDir, TrialIndex};
use seedband_core::protocol::{FailureClass, Train};
use seedband_core::trial::{Trial, TrialId};
use std::fs::File;
use std::path::PathBuf;

/// The files of one run. Every error means that results cannot be kept, so the run has to end.
#[derive(Debug)]
pub(crate) struct Ledger {
    dir: StudyDir,
    index: TrialIndex,
    runner: Runner,
    /// Hosts whose claims no longer hold.
    take_over: Vec<String>,
    journal: journal::Writer,
    fingerprints: Fingerprints,
    starts: Starts,
}

/// An attempt that is under way. Dropping it gives the claim back and leaves no other trace.
#[derive(Debug)]
pub(crate) struct Open {
    trial: TrialId,
    folder: TrialDir,
    attempt: Attempt,
    device: String,
    started: Timestamp,
    /// What the worker saw before it began.
    seen: Seen,
    _claim: Claim,
}

impl Open {
    /// Which attempt at its trial, counted from 1.
    pub(crate) fn number(&self) -> u32 {
        self.attempt.number
    }

    /// Where the worker's standard error goes.
    pub(crate) fn log(&self) -> PathBuf {
        self.attempt.log()
    }

    /// What the worker saw before it began.
    pub(crate) fn seen(&self) -> &Seen {
        &self.seen
    }
}

/// What came of the wish to run a trial.
#[derive(Debug)]
pub(crate) enum Begun {
    /// It is ours; the file takes the log.
    Open(Box<Open>, File),
    /// Another runner has finished it since the plan was made.
    AlreadyFinished,
    /// Another runner is at it.
    Held {
        claim: PathBuf,
        holder: Option<ClaimRecord>,
    },
    /// It cannot be kept beside what is there.
    Refused(Failure),
}

impl Ledger {
    /// Starts a journal for `runner` and reads those of earlier runs. `trials` are all of the study that are known by now; whether there are
    /// trainings among them or to come is said beside them.
    pub(crate) fn open<'a>(
        dir: &StudyDir,
        runner: Runner,
        take_over: Vec<String>,
        trials: impl Iterator<Item = &'a Trial>,
        has_trainings: bool,
    ) -> Result<Self, RunError> {
        let entries = journal::read_all(&dir.journals())?;
        let fingerprints = Fingerprints::of_journal(&entries, trials);
        let starts = if has_trainings {
            Starts::of_journal(&entries)
        } else {
            Starts::unknown()
        };
        fsio::create_dir_all(&dir.journals())?;
        let journal = journal::Writer::create(&dir.journal(&runner.name), &runner.name)?;
        Ok(Self {
            dir: dir.clone(),
            index: dir.index()?,
            runner,
            take_over,
            journal,
            fingerprints,
            starts,
        })
    }

    /// Claims a trial and opens its next attempt. After an error nothing of the attempt is left, and it may be tried again.
    pub(crate) fn begin(&mut self, train: &Train, device: &str) -> Result<Begun, FsError> {
        let id = &train.trial.id;
        let folder = folder_of(&self.dir, &self.index, &train.trial);
        fsio::create_dir_all(folder.root())?;
        let claim = match Claim::take(&folder.claim(), &self.runner, &self.take_over)? {
            Claiming::Ours(claim) => claim,
            Claiming::Held(holder) => {
                return Ok(Begun::Held {
                    claim: folder.claim(),
                    holder,
                });
            }
        };
        // While the claim is ours others write nothing here but claims of their own, in vain.
        fsio::remove_hidden(folder.root(), "claim")?;
        match owner(&folder)? {
            Some(owner) if owner == *id => {}
            None => fsio::write_json(&folder.trial(), &train.trial)?,
            Some(owner) => {
                let message = format!(
                    "`{}` belongs to trial `{owner}`, whose id begins like that of `{id}`; move it to another results folder",
                    folder.root().display()
                );
                let failure = Failure::new(FailureClass::Storage, &message);
                self.append(
                    id,
                    1,
                    &Change::Failed {
                        class: failure.class,
                        message: failure.message.clone(),
                        again: false,
                    },
                )?;
                return Ok(Begun::Refused(failure));
            }
        }
        if finished_curve(&folder, train)?.is_some() {
            return Ok(Begun::AlreadyFinished);
        }
        let attempt = Attempt::create(&folder)?;
        let log = attempt.create_log().and_then(|log| {
            let device = device.to_owned();
            self.append(id, attempt.number, &Change::Running { device })?;
            Ok(log)
        });
        let log = log.inspect_err(|_| attempt.undo())?;
        let open = Open {
            trial: id.clone(),
            folder,
            attempt,
            device: device.to_owned(),
            started: Timestamp::now(),
            seen: Seen::default(),
            _claim: claim,
        };
        Ok(Begun::Open(Box::new(open), log))
    }

    /// Where the initial weights of a trial go.
    pub(crate) fn init_path(&self, trial: &Trial) -> Result<PathBuf, FsError> {
        init_path(&self.dir, &self.index, trial)
    }

    /// What of `work` is finished and what is to be run.
    pub(crate) fn plan(&self, work: Vec<Train>) -> Result<Plan, FsError> {
        Plan::new(&self.dir, work)
    }

    /// Takes down what an attempt starts from.
    ///
    /// # Errors
    /// A failure, if its data is not what the study was run on so far, or its weights are not what the trial is to start from.
    pub(crate) fn saw(&mut self, open: &mut Open, trial: &Trial, seen: Seen) -> Result<(), Failure> {
        if let Some(data) = &seen.data {
            let checked = self.fingerprints.check(&trial.recipe.trainer.data, data);
            checked.map_err(|message| Failure::new(FailureClass::BadData, &message))?;
        }
        if let Some(weights) = &seen.weights {
            let checked = self.starts.check(trial, weights);
            checked.map_err(|message| Failure::protocol(&message))?;
        }
        open.seen = seen;
        Ok(())
    }

    /// Files the curve, if there is one, then the end of the attempt: a crash in between leaves a finished trial. After an error the same may be
    /// filed again. The trial stays ours until `filing` is dropped.
    pub(crate) fn file(&mut self, filing: &Filing) -> Result<(), FsError> {
        let open = &filing.open;
        if let Came::Curve(curve) = &filing.result {
            curve.write(&open.folder.curve())?;
        }
        let record = AttemptRecord {
            started: open.started,
            ended: Timestamp::now(),
            device: open.device.clone(),
            worker: filing.worker.clone(),
            exit: filing.exit.clone(),
            outcome: filing.change(),
        };
        open.attempt.close(&record)?;
        self.append(&open.trial, open.attempt.number, &record.outcome)
    }

    /// Waits until the journal is on the disk.
    pub(crate) fn sync(&mut self) -> Result<(), FsError> {
        self.journal.sync()
    }

    fn append(&mut self, trial: &TrialId, attempt: u32, change: &Change) -> Result<(), FsError> {
        self.journal.append(&Entry {
            at: Timestamp::now(),
            trial: trial.clone(),
            attempt,
            change: change.clone(),
        })
    }
}
