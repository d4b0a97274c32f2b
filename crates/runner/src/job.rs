//! What to run, and by what.

use crate::deferred::DeferredTrials;
use crate::device::detect::Machine;
use crate::os::ask::program_on_path;
use crate::store::heartbeat;
use crate::store::identity::RunnerIdentity;
use crate::store::plan::Plan;
use crate::worker::programs::Programs;
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
    pub deferred: Option<DeferredTrials>,
    /// Devices, slots and time-out.
    pub settings: Run,
    /// The devices and cores there are.
    pub machine: Machine,
    /// The programs that train.
    pub programs: Programs,
    /// `nvidia-smi`, or what speaks like it: tells of the memory of CUDA devices where slots are measured.
    pub smi: PathBuf,
    /// Who runs.
    pub runner: RunnerIdentity,
    /// Hosts whose runners are gone, as the user says: their claims do not hold.
    pub take_over: Vec<String>,
    /// How long to wait for what.
    pub timeouts: Timeouts,
}

impl Job {
    /// A job for this process on this machine, with the usual time limits.
    pub fn new(dir: StudyDir, plan: Plan, settings: Run, programs: Programs) -> Self {
        Self {
            dir,
            plan,
            deferred: None,
            settings,
            machine: Machine::detect(),
            programs,
            smi: program_on_path("nvidia-smi"),
            runner: RunnerIdentity::this_process(),
            take_over: Vec::new(),
            timeouts: Timeouts::default(),
        }
    }
}

/// How long a run waits for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// From the start of the built-in trainer to its `ready`. Default 120 s: libtorch on a cold network disk takes its
    /// time.
    pub ready: Duration,
    /// The same for a program of the user's. Default 600 s: it may load its data before it is ready.
    pub program_ready: Duration,
    /// From the request to write initial weights to the answer. Default 120 s: the model is built, and the file that
    /// the study starts from is read.
    pub save_weights: Duration,
    /// From the first request to stop until running trials are killed. Default 30 s.
    pub grace: Duration,
    /// From the end of a worker's work until it is killed for not having ended. Default 5 s.
    pub exit: Duration,
    /// Between two tries whether a full disk has space again. Default 5 s.
    pub disk_retry: Duration,
    /// How long a number of slots is measured at least. Default 2 s.
    pub measure: Duration,
    /// Between two signs of life, by which runners on other hosts and in other containers know each other. After six
    /// that did not come a runner counts as gone. Default 10 s.
    pub heartbeat: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            ready: Duration::from_mins(2),
            program_ready: Duration::from_mins(10),
            save_weights: Duration::from_mins(2),
            grace: Duration::from_secs(30),
            exit: Duration::from_secs(5),
            disk_retry: Duration::from_secs(5),
            measure: Duration::from_secs(2),
            heartbeat: heartbeat::PERIOD,
        }
    }
}
