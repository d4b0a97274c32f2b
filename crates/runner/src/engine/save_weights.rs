//! Initial weights of trials, written by a worker that trains nothing.

use crate::device::detect::Device;
use crate::device::slots::Slot;
use crate::failure::Failure;
use crate::job::Timeouts;
use crate::os::suspend_clock::ActiveInstant;
use crate::store::claim::{Claimant, ClaimedTrial, claim_trial};
use crate::store::heartbeat::Heartbeat;
use crate::store::plan::init_path;
use crate::worker::client::{Client, ReadEnd, StartError};
use crate::worker::log::Log;
use crate::worker::program::WorkerProgram;
use crate::worker::trial_protocol::beginning;
use seedband_core::files::fsio::FsError;
use seedband_core::files::layout::StudyDir;
use seedband_core::protocol::{Event, Request, Train};
use seedband_core::trial::Trial;
use std::future::pending;
use std::io;
use std::path::{Path, PathBuf};

/// Why initial weights were not written. Those of earlier trials are in their place.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// A folder or file of the study cannot be read or written.
    #[error(transparent)]
    Fs(#[from] FsError),
    /// Other runners are at some of the trials. The weights of all others are in their place.
    #[error(
        "{} by another runner (see `{}`), so initial weights were not written there; try again once it has ended",
        held(trials), claim.display()
    )]
    Held {
        /// Config and seed of each.
        trials: Vec<String>,
        /// The claim of the first.
        claim: PathBuf,
    },
    /// The folder of a trial belongs to another one.
    #[error(
        "`{}` belongs to another trial, whose id begins like that of `{trial}`; move it to another results folder",
        folder.display()
    )]
    Occupied {
        /// The folder.
        folder: PathBuf,
        /// The trial.
        trial: String,
    },
    /// No worker is ready to write them.
    #[error("{0}")]
    Start(String),
    /// The worker ended or said nothing when it was asked for them.
    #[error("`{trial}`: {message}; its log is above")]
    Worker {
        /// Config and seed.
        trial: String,
        /// What happened.
        message: String,
    },
    /// The worker said something that the protocol does not allow.
    #[error("the worker said `{0}`, which is no answer to `save-init`; is it of this version?")]
    Protocol(String),
    /// The worker cannot write these weights.
    #[error("`{trial}` ({}): {}", failure.class.name(), failure.message)]
    Refused {
        /// Config and seed.
        trial: String,
        /// What the worker said.
        failure: Failure,
    },
    /// The runtime of [`save_weights_blocking`] cannot be set up.
    #[error("cannot set up a thread for the worker")]
    Runtime(#[source] io::Error),
}

/// For example ``"`a/1` and 2 further trials are held"``.
fn held(trials: &[String]) -> String {
    match trials {
        [] => "no trial is held".to_owned(),
        [only] => format!("`{only}` is held"),
        [first, others @ ..] => format!("`{first}` and {} further trials are held", others.len()),
    }
}

/// Has one worker on the CPU write the initial weights of every trial of `work` into its folder under `dir`, and tells
/// `saved` each path once it is there. A trial that was never run gets its folder and its `trial.json`. What is there
/// is written again: equal trials, equal bytes. Each trial is claimed meanwhile; those of other runners are left out.
///
/// The worker's log goes to standard error.
///
/// # Errors
/// The first trial whose weights cannot be written, within [`Timeouts::save_weights`]; or, once all others are there,
/// that other runners hold some.
pub async fn save_weights(
    dir: &StudyDir,
    program: &WorkerProgram,
    work: Vec<Train>,
    timeouts: &Timeouts,
    mut saved: impl FnMut(&Trial, &Path),
) -> Result<(), SaveError> {
    let mut worker = start(program, timeouts).await?;
    let result = save_all(&mut worker, dir, work, timeouts, &mut saved).await;
    match &result {
        Ok(()) | Err(SaveError::Held { .. }) => worker.dismiss(timeouts.exit).await,
        // It has nothing left to write: a file is renamed into place before the worker says so.
        Err(_) => worker.kill().await,
    }
    result
}

/// [`save_weights`] on a runtime of its own.
///
/// # Errors
/// As [`save_weights`], or the runtime cannot be set up.
pub fn save_weights_blocking(
    dir: &StudyDir,
    program: &WorkerProgram,
    work: Vec<Train>,
    timeouts: &Timeouts,
    saved: impl FnMut(&Trial, &Path),
) -> Result<(), SaveError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(SaveError::Runtime)?;
    runtime.block_on(save_weights(dir, program, work, timeouts, saved))
}

async fn start(program: &WorkerProgram, timeouts: &Timeouts) -> Result<Client, SaveError> {
    let slot = Slot {
        index: 0,
        device: Device::Cpu { threads: 1 },
        decoders: 1,
        cores: None,
    };
    let log = Log::to_standard_error().map_err(|error| SaveError::Start(error.to_string()))?;
    let started = Client::start(program, &slot, log, timeouts.ready, pending()).await;
    started.map_err(|error| {
        SaveError::Start(match error {
            StartError::Failed { message, .. } | StartError::Short { message } => message,
            StartError::Abandoned => "the worker was not waited for".to_owned(),
        })
    })
}

async fn save_all(
    worker: &mut Client,
    dir: &StudyDir,
    work: Vec<Train>,
    timeouts: &Timeouts,
    saved: &mut impl FnMut(&Trial, &Path),
) -> Result<(), SaveError> {
    let mut claimant = Claimant::this_process();
    claimant.heartbeat = Some(timeouts.heartbeat);
    dir.create(&dir.journals())?;
    let _heart = Heartbeat::start(dir, &claimant.runner.name, timeouts.heartbeat)?;
    let index = dir.index()?;
    let mut held: Option<(Vec<String>, PathBuf)> = None;
    for mut train in work {
        let (folder, _claim) = match claim_trial(&index, &train.trial, &claimant)? {
            ClaimedTrial::Taken(folder, claim) => (folder, claim),
            ClaimedTrial::Held { claim, .. } | ClaimedTrial::Unknown { claim, .. } => {
                let (trials, _) = held.get_or_insert((Vec::new(), claim));
                trials.push(name(&train.trial));
                continue;
            }
            ClaimedTrial::Foreign(folder, _) => {
                return Err(SaveError::Occupied {
                    folder: folder.root().to_path_buf(),
                    trial: train.trial.id.to_string(),
                });
            }
        };
        train.init_path = Some(init_path(&folder)?);
        save(worker, &train, timeouts).await?;
        saved(&train.trial, &folder.init());
    }
    held.map_or(Ok(()), |(trials, claim)| Err(SaveError::Held { trials, claim }))
}

/// Asks for the weights of one trial and waits for them.
async fn save(worker: &mut Client, train: &Train, timeouts: &Timeouts) -> Result<(), SaveError> {
    let trial = &train.trial;
    let lost = |message: &str| SaveError::Worker {
        trial: name(trial),
        message: message.to_owned(),
    };
    let limit = timeouts.save_weights;
    let deadline = ActiveInstant::now() + limit;
    if worker.ask(&Request::SaveInit(train.clone())).await.is_err() {
        return Err(lost("the worker has ended"));
    }
    let line = match worker.line(Some(deadline), pending()).await {
        Ok(line) => line,
        Err(ReadEnd::TimedOut) => {
            let seconds = limit.as_secs_f64();
            return Err(lost(&format!("the worker wrote no weights within {seconds} s")));
        }
        Err(ReadEnd::TooLong) => return Err(lost("the worker sent a line that is too long")),
        Err(ReadEnd::Closed | ReadEnd::Abandoned) => return Err(lost("the worker has ended")),
    };
    match serde_json::from_slice(&line) {
        Ok(Event::Saved(said)) if said.trial == trial.id => Ok(()),
        Ok(Event::Failed(failed)) if failed.trial == trial.id => Err(SaveError::Refused {
            trial: name(trial),
            failure: Failure::new(failed.class, &failed.message),
        }),
        _ => Err(SaveError::Protocol(beginning(&line))),
    }
}

fn name(trial: &Trial) -> String {
    format!("{}/{}", trial.config, trial.seed)
}
