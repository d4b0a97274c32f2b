//! Who ran what, with what, and when: the record that a run adds to `provenance.jsonl`.

use super::git::GitState;
use crate::VERSION;
use crate::error::Error;
use crate::machine::cpu_model;
use crate::session::StudySession;
use jiff::Timestamp;
use seedband_core::files::layout::StudyDir;
use seedband_core::files::provenance::{DataRecord, ProvenanceRecord, RunRecord};
use seedband_core::settings::MemoryFormat;
use seedband_runner::{Job, Outcome};
use std::path::Path;
use std::time::Instant;

/// What is known of a run when it starts.
pub(super) struct Recorder {
    dir: StudyDir,
    started: Timestamp,
    clock: Instant,
    host: String,
    cpu: String,
    git: GitState,
    /// In which format trials are trained, once that is decided.
    pub(super) memory_format: Option<MemoryFormat>,
    data: Vec<DataRecord>,
}

impl Recorder {
    /// Looks at the study's repository, which may change during hours of training.
    pub(super) fn start(session: &StudySession, job: &Job, data: Vec<DataRecord>) -> Self {
        let folder = session.file().parent().unwrap_or(Path::new("."));
        Self {
            dir: session.dir().clone(),
            git: GitState::of(folder),
            memory_format: None,
            data,
            started: Timestamp::now(),
            clock: Instant::now(),
            host: job.runner.process.host.clone(),
            cpu: format!("{}, {} cores", cpu_model(), job.machine.cores),
        }
    }

    /// Adds the record of the run, now that it is over.
    pub(super) fn finish(self, outcome: &Outcome, command: Vec<String>) -> Result<(), Error> {
        let record = ProvenanceRecord::Run(RunRecord {
            started: self.started,
            seconds: self.clock.elapsed().as_secs_f64(),
            seedband: VERSION.into(),
            commit: self.git.commit,
            dirty: self.git.dirty,
            host: self.host,
            cpu: self.cpu,
            workers: outcome.workers.clone(),
            memory_format: self.memory_format,
            data: self.data,
            finished: outcome.finished as u32,
            failed: outcome.failed.len() as u32,
            command,
        });
        Ok(record.append(&self.dir)?)
    }
}
