//! A run from the first check to the report.

use super::provenance::Recorder;
use super::ready::Ready;
use crate::error::Error;
use crate::results::{Report, publish_lock};
use crate::session::StudySession;
use seedband_core::files::fsio;
use seedband_core::files::lock::FolderLock;
use seedband_data::Depth;
use seedband_runner::{Control, Job, Level, Outcome, RunError, RunEvent, signals};
use std::path::PathBuf;

/// How a study is run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RunOptions {
    /// Go on although settings of training changed under results that are there; their trials stay, unused.
    pub update: bool,
    /// In place of the study's `run.retries`.
    pub retries: Option<u32>,
    /// In place of the study's `run.max-fails`.
    pub max_fails: Option<u32>,
    /// Hosts whose runners are gone, so that the trials they hold may be taken.
    pub take_over: Vec<String>,
    /// The worker program; else the variable `SEEDBAND_WORKER`, else `seedband-worker` beside this program, else on the
    /// `PATH`.
    pub worker: Option<PathBuf>,
    /// What started the run, for its record: the command line.
    pub command: Vec<String>,
}

/// What a run came to.
#[derive(Debug, Clone, PartialEq)]
pub struct RunResult {
    /// Every trial of the study, by what became of it.
    pub outcome: Outcome,
    /// The study's result with what was finished before; absent where no trial has a curve.
    pub report: Option<Report>,
}

impl StudySession {
    /// Trains what is missing, aggregates, and writes the report; what happens meanwhile is told to `show`. A study
    /// that is finished needs no worker, and so no libtorch. The study as it runs is written to the results folder
    /// before anything is trained.
    ///
    /// Blocks until the run is over. Ctrl-C and SIGTERM stop it, as `control` does: running trials may finish at first,
    /// and the same call goes on from there. Once in a process, for signals are handled.
    ///
    /// # Errors
    /// Results of another training stand under the names of this study's configs ([`Error::StudyChanged`]); data,
    /// devices or the worker are not there, or the settings do not go with the data; curves were recorded elsewhere
    /// ([`Error::RecordedElsewhere`]); files cannot be read or written. Trials that fail are no error.
    pub fn run(
        &mut self,
        options: &RunOptions,
        control: &Control,
        mut show: impl FnMut(&RunEvent),
    ) -> Result<RunResult, Error> {
        let settings = &mut self.study_mut().run;
        settings.retries = options.retries.unwrap_or(settings.retries);
        settings.max_fails = options.max_fails.or(settings.max_fails);
        settings.validate()?;
        self.refuse_recorded()?;
        // Nothing of what is planned upon is deleted meanwhile.
        let in_use = self
            .dir()
            .root()
            .is_dir()
            .then(|| FolderLock::share(self.dir()))
            .transpose()?;
        let Ready {
            plan,
            set,
            data,
            slots,
            programs,
            ..
        } = self.ready(options, Depth::Pixels)?;
        let deferred = self.deferred(&set);
        for record in &data {
            show(&RunEvent::DataFound(Box::new(record.clone())));
        }
        let already = plan.finished.len();
        let heartbeat = self.study().run.heartbeat()?;
        let mut job = programs.map(|programs| {
            let mut job = Job::new(self.dir().clone(), plan, self.study().run.clone(), programs);
            job.timeouts.heartbeat = heartbeat;
            job.deferred = deferred;
            job.take_over.clone_from(&options.take_over);
            job
        });
        // The study's repository as it is before results may be new files in it.
        let mut recorder = job.as_ref().map(|job| Recorder::start(self, job, data));
        // What runs is on disk before anything runs, so that a run that dies can be told apart from another study.
        fsio::create_dir_all(self.dir().root())?;
        let _in_use = in_use.map_or_else(|| FolderLock::share(self.dir()), Ok)?;
        let written = {
            let _publish = publish_lock(self.dir(), "seedband run")?;
            // Another run may have begun since that was looked at.
            if !options.update {
                self.refuse_changes()?;
            }
            let memory_format = self.memory_format(&slots, options.update)?;
            self.study_mut().run.memory_format = memory_format;
            if let (Some(job), Some(recorder)) = (&mut job, &mut recorder) {
                job.settings.memory_format = memory_format;
                recorder.memory_format = memory_format;
            }
            let written = self.study().to_toml();
            fsio::write_atomic(&self.dir().study(), written.as_bytes())?;
            written
        };
        // Until the report is there: a terminal that is gone when the last trial has ended costs no report.
        let handled = job.as_ref().map(|_| signals(control.clone()));
        let _signals = handled.transpose().map_err(RunError::Runtime)?;
        let outcome = match job.zip(recorder) {
            Some((job, recorder)) => {
                let outcome = seedband_runner::run_blocking(job, control, |event| show(&event))?;
                // Asked for twice, the end is not held up by a disk.
                if control.level() == Level::Kill {
                    return Ok(RunResult { outcome, report: None });
                }
                let filed = recorder.finish(&outcome, options.command.clone());
                // The journal's trouble comes first, and what is known is reported.
                if outcome.storage_error.is_none() {
                    filed?;
                }
                outcome
            }
            None => Outcome {
                already,
                ..Outcome::default()
            },
        };
        // Seeds that the run has added are reported on too.
        self.add_seeds()?;
        let has_curves = outcome.already + outcome.finished > 0;
        let is_ours = fsio::read(&self.dir().study()).is_ok_and(|on_disk| is_same_study(&on_disk, &written));
        if has_curves && !is_ours {
            tracing::warn!(
                "`{}` is of another study by now; its report is left to that",
                self.dir().root().display()
            );
        }
        let report = (has_curves && is_ours).then(|| self.report()).transpose();
        let report = if outcome.storage_error.is_some() {
            report.unwrap_or_default()
        } else {
            report?
        };
        Ok(RunResult { outcome, report })
    }
}

/// Whether two studies, as resolved, are one but for where and how their trials run, which is each run's own.
fn is_same_study(one: &str, other: &str) -> bool {
    let but_run = |study: &str| {
        let mut table: toml::Table = study.parse().ok()?;
        table.remove("run");
        Some(table)
    };
    but_run(one).is_some_and(|one| but_run(other) == Some(one))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_study_is_the_same_however_its_trials_run() {
        let study = "seeds = [0, 1]\n[run]\nretries = 1\n";
        for (other, is_same) in [
            ("seeds = [0, 1]\n[run]\nretries = 2\n", true),
            ("seeds = [0, 1, 2]\n[run]\nretries = 1\n", false),
            ("seeds = [0, 1", false),
            ("", false),
        ] {
            assert_eq!(is_same_study(other, study), is_same, "{other}");
        }
    }
}
