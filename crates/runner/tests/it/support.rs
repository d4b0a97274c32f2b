//! A study in a temporary folder, and running it.

use seedband_core::files::journal;
use seedband_core::files::journal::{Change, Entry};
use seedband_core::files::layout::{StudyDir, TrialDir};
use seedband_core::protocol::Train;
use seedband_core::range_test::EarlyStop;
use seedband_core::recipe::Recipe;
use seedband_core::settings::Run;
use seedband_core::trial::Trial;
use seedband_runner::{
    AttemptRecord, ClaimRecord, Control, Job, Outcome, Plan, Programs, RunError, RunEvent, RunnerIdentity, State,
    WorkerProgram, run, status,
};
use seedband_testkit::files::{files_below, write_script};
use seedband_testkit::program;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::unbounded_channel;

/// Steps of every trial here.
pub(crate) const STEPS: usize = 20;

/// No test takes a tenth of this; it only turns a hang into a failure.
const CEILING: Duration = Duration::from_mins(2);

pub(crate) type Result = std::result::Result<Outcome, RunError>;

pub(crate) struct Study {
    folder: tempfile::TempDir,
    pub(crate) dir: StudyDir,
}

impl Study {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let dir = StudyDir::new(folder.path().join("study"));
        Self { folder, dir }
    }

    /// In memory where the system has a folder there: a test of thousands of runs does nothing but wait for a disk
    /// otherwise.
    pub(crate) fn in_memory() -> Self {
        let folder = tempfile::tempdir_in("/dev/shm")
            .or_else(|_| tempfile::tempdir())
            .unwrap();
        let dir = StudyDir::new(folder.path().join("study"));
        Self { folder, dir }
    }

    /// A place for anything else.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn folder(&self, seed: u64) -> TrialDir {
        self.dir.trial(&trial(seed))
    }

    pub(crate) fn attempt(&self, seed: u64, number: u32) -> AttemptRecord {
        seedband_core::files::fsio::read_json(&self.folder(seed).attempt(number).join("attempt.json")).unwrap()
    }

    pub(crate) fn log(&self, seed: u64, number: u32) -> String {
        std::fs::read_to_string(self.folder(seed).attempt(number).join("log")).unwrap()
    }

    pub(crate) fn journal(&self) -> Vec<Entry> {
        journal::read_all(&self.dir.journals()).unwrap().entries
    }

    /// The last entry of a trial.
    pub(crate) fn last(&self, seed: u64) -> Change {
        self.journal()
            .into_iter()
            .rfind(|entry| entry.trial == trial(seed).id)
            .unwrap()
            .change
    }

    pub(crate) fn states(&self, seeds: Range<u64>) -> Vec<State> {
        status(&self.dir, work(seeds))
            .unwrap()
            .into_iter()
            .map(|status| status.state)
            .collect()
    }

    /// A job on the CPU with `slots` slots and workers that follow `script`.
    pub(crate) fn job(&self, seeds: Range<u64>, slots: u32, script: &str) -> Job {
        job(self.dir.clone(), work(seeds), slots, script)
    }

    /// Curves by path, and that nothing hidden and no claim was left behind.
    pub(crate) fn curves(&self) -> BTreeMap<PathBuf, String> {
        let mut curves = BTreeMap::new();
        for path in files_below(self.dir.root()) {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            assert!(
                !name.starts_with('.') && name != "claim",
                "left behind: {}",
                path.display()
            );
            if name == "curve.jsonl" {
                let relative = path.strip_prefix(self.dir.root()).unwrap().to_path_buf();
                curves.insert(relative, std::fs::read_to_string(&path).unwrap());
            }
        }
        curves
    }
}

/// Six of these without a sign, and a runner that nobody can look at counts as gone.
const HEARTBEAT: Duration = Duration::from_millis(50);

pub(crate) fn job(dir: StudyDir, work: Vec<Train>, slots: u32, script: &str) -> Job {
    let mut program = WorkerProgram::new(program("fake-worker"));
    program.variables.push(("FAKE_WORKER".into(), script.into()));
    // What is tried again is the subject of `retries.rs`.
    let settings = Run {
        devices: "cpu".into(),
        cpu_slots: Some(slots),
        retries: 0,
        ..Run::default()
    };
    let plan = Plan::new(&dir, work).unwrap();
    let mut job = Job::new(dir, plan, settings, Programs::new(program));
    job.timeouts.heartbeat = HEARTBEAT;
    job
}

/// The program that trains the trials of a job.
pub(crate) fn program_of(job: &mut Job) -> &mut WorkerProgram {
    Arc::make_mut(job.programs.built_in.as_mut().unwrap())
}

/// The job on these CUDA devices; before each worker starts, the shell commands `first` run, with its device in
/// `$CUDA_VISIBLE_DEVICES`.
pub(crate) fn on_devices(study: &Study, mut job: Job, devices: &[&str], first: &str) -> Job {
    let script = study.beside("worker");
    let real = program("fake-worker");
    write_script(&script, &format!("{first}\nexec '{}' \"$@\"", real.display()));
    program_of(&mut job).path = script;
    job.settings.devices = "cuda".into();
    job.machine.cuda = devices.iter().map(|&device| device.to_owned()).collect();
    job
}

/// The job with workers that know of each other.
pub(crate) fn with_shared_folder(study: &Study, mut job: Job) -> Job {
    let folder = study.beside("shared");
    std::fs::create_dir_all(&folder).unwrap();
    let variables = &mut program_of(&mut job).variables;
    variables.push(("FAKE_WORKER_FOLDER".into(), folder.into()));
    job
}

pub(crate) fn trial(seed: u64) -> Trial {
    let mut recipe = Recipe::default();
    recipe.schedule.steps = STEPS;
    Trial::new("a", seed, &recipe)
}

pub(crate) fn train(seed: u64, early_stops: Vec<EarlyStop>) -> Train {
    Train::new(trial(seed), early_stops)
}

pub(crate) fn work(seeds: Range<u64>) -> Vec<Train> {
    seeds.map(|seed| train(seed, vec![])).collect()
}

/// The claim of another runner on a trial: of this process, but for what `change` makes of it.
pub(crate) fn claim_of_other(study: &Study, seed: u64, change: impl FnOnce(&mut ClaimRecord)) {
    let mut record = ClaimRecord {
        runner: "other".into(),
        process: RunnerIdentity::this_process().process,
        heartbeat_ms: None,
        at: "2026-01-01T00:00:00Z".parse().unwrap(),
    };
    change(&mut record);
    let folder = study.folder(seed);
    std::fs::create_dir_all(folder.root()).unwrap();
    std::fs::write(folder.claim(), seedband_core::protocol::to_line(&record)).unwrap();
}

/// Runs a job to its end, with its events.
pub(crate) async fn finish(job: Job) -> (Result, Vec<RunEvent>) {
    watched(job, |_, _| ()).await
}

/// Runs a job to its end; `look` sees each event when it comes and may stop the run.
pub(crate) async fn watched(job: Job, mut look: impl FnMut(&RunEvent, &Control)) -> (Result, Vec<RunEvent>) {
    let control = Control::new();
    let (sender, mut receiver) = unbounded_channel();
    let running = tokio::spawn(run(job, control.clone(), sender));
    let mut events = Vec::new();
    let whole = async {
        while let Some(event) = receiver.recv().await {
            look(&event, &control);
            events.push(event);
        }
        running.await.unwrap()
    };
    let result = tokio::time::timeout(CEILING, whole).await.expect("the run hangs");
    assert_eq!(events.last(), Some(&RunEvent::Done));
    (result, events)
}

/// Runs a job that has to come to an end.
pub(crate) async fn outcome(job: Job) -> Outcome {
    finish(job).await.0.unwrap()
}
