//! What to run, and by what.

use crate::deferred::Later;
use crate::device::detect::Machine;
use crate::store::identity::Runner;
use crate::store::plan::Plan;
use crate::worker::program::WorkerProgram;
use seedband_core::files::layout::StudyDir;
use seedband_core::settings::Run;
use std::path::PathBuf;
use std::time::Duration;

/// Everything a run needs to know.
#[derive(Debug, Clone)]
pub struct Job {
    /// Where results go.
    pub dir: StudyDir,
    /// Every trial of the study that can be planned: what is finished, and what is to be run, in that order.
    pub plan: Plan,
    /// Trials that can be planned only once some of these have finished.
    pub later: Option<Later>,
    /// Devices, slots and time-out.
    pub settings: Run,
    /// The devices and cores there are.
    pub machine: Machine,
    /// The program that trains.
    pub program: WorkerProgram,
    /// `nvidia-smi`, or what speaks like it: tells of the memory of CUDA devices where slots are measured.
    pub smi: PathBuf,
    /// Who runs.
    pub runner: Runner,
    /// Hosts whose runners are gone, as the user says: their claims do not hold.
    pub take_over: Vec<String>,
    /// How long to wait for what.
    pub patience: Patience,
}

impl Job {
    /// A job for this process on this machine, with the usual patience.
    pub fn new(dir: StudyDir, plan: Plan, settings: Run, program: WorkerProgram) -> Self {
        Self {
            dir,
            plan,
            later: None,
            settings,
            machine: Machine::detect(),
            program,
            smi: PathBuf::from("nvidia-smi"),
            runner: Runner::this_process(),
            take_over: Vec::new(),
            patience: Patience::default(),
        }
    }
}

/// How long a run waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// From the start of a worker to its `ready`. Default 120 s: libtorch on a cold network disk takes its time.
    pub ready: Duration,
    /// From the first request to stop until running trials are killed. Default 30 s.
    pub grace: Duration,
    /// From the end of a worker's work until it is killed for not having ended. Default 5 s.
    pub goodbye: Duration,
    /// Between two looks whether a full disk has room again. Default 5 s.
    pub room: Duration,
    /// How long a number of slots is measured at least. Default 2 s.
    pub measure: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            ready: Duration::from_mins(2),
            grace: Duration::from_secs(30),
            goodbye: Duration::from_secs(5),
            room: Duration::from_secs(5),
            measure: Duration::from_secs(2),
        }
    }
}
