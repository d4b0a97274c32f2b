//! What a run tells: the only interface between running and showing.

use crate::store::claim::ClaimRecord;
use seedband_core::files::curve::End;
use seedband_core::files::provenance::DataRecord;
use seedband_core::protocol::FailureClass;
use seedband_core::trial::{Trial, TrialId};
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;
use tokio::sync::mpsc::UnboundedSender;

/// Which trial an event is about; shown as `<config>/<seed>`, a training as `<config>/<training>/<seed>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrialName {
    /// Its id.
    pub id: TrialId,
    /// The first config in the study that has it.
    pub config: String,
    /// Its seed.
    pub seed: u64,
    /// The training; absent for a range test.
    pub training: Option<String>,
}

impl From<&Trial> for TrialName {
    fn from(trial: &Trial) -> Self {
        Self {
            id: trial.id.clone(),
            config: trial.config.clone(),
            seed: trial.seed,
            training: trial.training.as_ref().map(|plan| plan.name.clone()),
        }
    }
}

impl fmt::Display for TrialName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.training {
            Some(training) => write!(f, "{}/{training}/{}", self.config, self.seed),
            None => write!(f, "{}/{}", self.config, self.seed),
        }
    }
}

/// Something that happened in a run. Slots are counted from 0.
#[derive(Debug, Clone, PartialEq)]
pub enum RunEvent {
    /// Before anything else, once for each data set that the built-in trainer is to train on.
    DataFound(Box<DataRecord>),
    /// What there is to do.
    Planned {
        /// Trials that this run will train.
        to_run: usize,
        /// Trials that are finished already.
        finished: usize,
        /// Trials at once; 0 when there is nothing to run.
        slots: usize,
    },
    /// Trials that waited for others can be planned now.
    DeferredPlanned {
        /// Trials that this run will train in addition.
        to_run: usize,
        /// Trials among them that are finished already.
        finished: usize,
    },
    /// Trials that waited for others cannot be planned. Those under way go on, and it is tried again once one of them
    /// has finished.
    PlanningFailed {
        /// Why not.
        message: String,
    },
    /// A worker is up.
    SlotReady {
        /// Its slot.
        slot: usize,
        /// The slot's device, for example `cpu` or `cuda:0`.
        device: String,
        /// What the worker says it is: program, device and libraries.
        worker: String,
    },
    /// The worker has its data and begins to train.
    TrialStarted {
        /// Where.
        slot: usize,
        /// Which trial.
        trial: TrialName,
        /// Which attempt at it, counted from 1.
        attempt: u32,
        /// Steps planned.
        steps: u32,
    },
    /// A step is done. One event for every step: whoever shows them picks.
    Step {
        /// Where.
        slot: usize,
        /// Counted from 0.
        step: u32,
        /// The learning rate in the optimizer during this step.
        lr: f64,
        /// Training loss of this step's batch; infinite or NaN at most in a curve's last step.
        loss: f64,
    },
    /// The curve is in place.
    TrialFinished {
        /// Where.
        slot: usize,
        /// Which trial.
        trial: TrialName,
        /// How the curve ended.
        end: End,
        /// Its length.
        steps: u32,
        /// Wall-clock seconds of the attempt, with the loading of data and the start of a worker if there was one.
        seconds: f64,
    },
    /// The attempt gave no curve; this run will try the trial again.
    TrialRetried {
        /// Where.
        slot: usize,
        /// Which trial.
        trial: TrialName,
        /// The kind of failure.
        class: FailureClass,
        /// One line for the user.
        message: String,
        /// How long it pauses at least.
        pause: Duration,
    },
    /// The trial gave no curve and is not tried again; the run goes on.
    TrialFailed {
        /// Where.
        slot: usize,
        /// Which trial.
        trial: TrialName,
        /// The kind of failure.
        class: FailureClass,
        /// One line for the user.
        message: String,
        /// What the worker wrote to standard output and standard error, if the attempt got so far.
        log: Option<PathBuf>,
    },
    /// The attempt was killed because the run was told to stop; the next run trains it.
    TrialInterrupted {
        /// Where.
        slot: usize,
        /// Which trial.
        trial: TrialName,
    },
    /// Memory was short, now or in an earlier run of this study: fewer trials run at once.
    SlotsReduced {
        /// The device, or `this machine`.
        device: String,
        /// Trials at once from now on.
        slots: usize,
        /// Where that is remembered; deleting the file forgets it.
        file: PathBuf,
    },
    /// It was measured how fast so many trials at once are on a device.
    SlotsMeasured {
        /// For example `cuda:0`.
        device: String,
        /// Trials at once that were measured.
        at_once: usize,
        /// Images trained on a second, all trials together; of programs of the user's, whose batches nobody knows,
        /// steps.
        images_per_second: f64,
        /// Trials at once from now on.
        next: usize,
        /// Whether it stays so; otherwise that is measured next.
        settled: bool,
    },
    /// A device fails again and again and gets no further trial; those that it had go elsewhere.
    DeviceExcluded {
        /// For example `cuda:0`.
        device: String,
        /// The last failure.
        message: String,
    },
    /// Results cannot be written because the disk or the quota is full. Curves wait in memory, and no further trial
    /// begins.
    DiskFull {
        /// What could not be written.
        path: PathBuf,
    },
    /// There is room again.
    DiskFreed,
    /// As many trials have failed as the study allows: no further one begins, running ones finish.
    GaveUp {
        /// Trials that have failed.
        failed: usize,
    },
    /// A program that trains has loaded files of its own that its study does not name among its inputs: a change there
    /// would make no new trial.
    UnlistedInputs {
        /// Paths from its working folder, each told once in a run.
        files: Vec<PathBuf>,
    },
    /// A worker was found to have ended between trials; a new one is started.
    WorkerLost {
        /// Its slot.
        slot: usize,
        /// How it ended.
        message: String,
    },
    /// Another runner works on the trial, so this run leaves it alone.
    HeldElsewhere {
        /// Which trial.
        trial: TrialName,
        /// The claim.
        claim: PathBuf,
        /// Whose it is; absent if the claim cannot be read.
        holder: Option<ClaimRecord>,
    },
    /// Another runner holds the trial, on another host or in another container, so that nobody knows from here whether
    /// it lives. Its signs of life are waited for.
    Watching {
        /// Which trial.
        trial: TrialName,
        /// The claim.
        claim: PathBuf,
        /// Whose it is; absent if the claim cannot be read.
        holder: Option<ClaimRecord>,
        /// After so long without a sign the trial is taken over.
        patience: Duration,
    },
    /// Another runner has taken the trial over: this one gave no sign of life for too long, suspended for example. What
    /// it trained is dropped.
    TakenOver {
        /// Which trial.
        trial: TrialName,
    },
    /// The journal cannot be written any more. Running trials are killed, and the run ends with what is known.
    JournalLost {
        /// Why not.
        message: String,
    },
    /// The run was told to stop: no further trial starts.
    Draining {
        /// Trials that still run.
        running: usize,
        /// How long they may.
        grace: Duration,
    },
    /// Last event, whatever the outcome.
    Done,
}

/// The sending end. Unbounded, so that a slow consumer neither holds up training nor loses an event; a consumer that
/// has gone is no error.
#[derive(Debug, Clone)]
pub(crate) struct Events(pub(crate) UnboundedSender<RunEvent>);

impl Events {
    pub(crate) fn send(&self, event: RunEvent) {
        let _ = self.0.send(event);
    }
}
