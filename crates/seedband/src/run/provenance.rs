//! Who ran what, with what, and when: the record that a run adds to `provenance.json`.

use super::git::GitState;
use crate::VERSION;
use crate::error::Error;
use crate::machine::cpu_model;
use crate::session::StudySession;
use jiff::Timestamp;
use seedband_core::files::fsio;
use seedband_core::files::fsio::FsError;
use seedband_core::files::layout::StudyDir;
use seedband_core::files::provenance::{DataRecord, Provenance, RunRecord};
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
    data: Vec<DataRecord>,
}

impl Recorder {
    /// Looks at the records there are and at the study's repository: what cannot be added to is said before hours of
    /// training, and a repository may change during them.
    pub(super) fn start(session: &StudySession, job: &Job, data: Vec<DataRecord>) -> Result<Self, Error> {
        read(session.dir())?;
        let folder = session.file().parent().unwrap_or(Path::new("."));
        Ok(Self {
            dir: session.dir().clone(),
            git: GitState::of(folder),
            data,
            started: Timestamp::now(),
            clock: Instant::now(),
            host: job.runner.host.clone(),
            cpu: format!("{}, {} cores", cpu_model(), job.machine.cores),
        })
    }

    /// Adds the record of the run, now that it is over.
    pub(super) fn finish(self, outcome: &Outcome, command: Vec<String>) -> Result<(), Error> {
        let mut provenance = read(&self.dir)?;
        provenance.runs.push(RunRecord {
            started: self.started,
            seconds: self.clock.elapsed().as_secs_f64(),
            seedband: VERSION.into(),
            commit: self.git.commit,
            dirty: self.git.dirty,
            host: self.host,
            cpu: self.cpu,
            workers: outcome.workers.clone(),
            data: self.data,
            finished: outcome.finished as u32,
            failed: outcome.failed.len() as u32,
            command,
        });
        Ok(fsio::write_json(&self.dir.provenance(), &provenance)?)
    }
}

/// How the results there are were made.
pub(super) fn read(dir: &StudyDir) -> Result<Provenance, FsError> {
    match fsio::read_json(&dir.provenance()) {
        Err(error) if error.is_not_found() => Ok(Provenance {
            version: 1,
            runs: Vec::new(),
            imports: Vec::new(),
        }),
        read => read,
    }
}
