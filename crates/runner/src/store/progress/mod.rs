//! How far a run is, for other processes: `journal/<runner>.progress.json`.
//!
//! The step of a running trial is in its runner's memory only. The runner writes it to a file of its own, whole, about
//! once a second, and removes the file when the run ends. Nothing depends on it: where it cannot be written, all that
//! is lost is the sight of steps.

mod writer;

pub(crate) use writer::relay;

use crate::store::identity::{Liveness, Process};
use jiff::Timestamp;
use seedband_core::files::fsio;
use seedband_core::files::fsio::FsError;
use seedband_core::files::layout::StudyDir;
use seedband_core::number;
use seedband_core::trial::TrialId;
use serde::{Deserialize, Serialize};

/// Version of the format. Readers take this version and older ones.
const VERSION: u32 = 1;

/// How far a run is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Progress {
    /// Version of the format, 1.
    pub version: u32,
    /// The runner's name, which is also that of its journal.
    pub runner: String,
    /// Its process.
    #[serde(flatten)]
    pub process: Process,
    /// Since when it runs the study.
    pub since: Timestamp,
    /// When this was written. The file of a live runner is written anew every ten seconds at least.
    pub at: Timestamp,
    /// Trials of this run, as far as they are planned.
    pub to_run: usize,
    /// Trials among all planned ones that were finished before.
    pub before: usize,
    /// Trials that the run has finished.
    pub finished: usize,
    /// Trials that have failed in it.
    pub failed: usize,
    /// Expected seconds to its end; absent until there is something to go by.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub seconds_left: Option<f64>,
    /// The trials under way, by slot.
    pub slots: Vec<SlotProgress>,
}

/// How far a trial is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct SlotProgress {
    /// Counted from 0.
    pub slot: usize,
    /// Its device, for example `cpu` or `cuda:0`.
    pub device: String,
    /// The trial.
    pub trial: TrialId,
    /// Which attempt at it, counted from 1.
    pub attempt: u32,
    /// Since when it trains; data and model are ready then.
    pub since: Timestamp,
    /// Steps done.
    pub step: u32,
    /// Steps planned.
    pub steps: u32,
    /// Learning rate of the last step; absent before the first.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub lr: Option<f64>,
    /// Training loss of the last step; absent before the first.
    #[serde(skip_serializing_if = "Option::is_none", default, with = "number::option")]
    pub loss: Option<f64>,
}

impl Progress {
    /// Whether its runner may be alive, as far as can be told from `here`.
    pub(crate) fn may_be_live(&self, here: &Process) -> bool {
        self.process.liveness(here) != Liveness::Dead
    }
}

/// How far the runs under way are, by runner. What is left of a runner that is known to be dead is passed over, and so
/// is a file that cannot be understood: it says nothing, and its writer replaces it.
///
/// # Errors
/// The folder of journals is there but cannot be listed.
pub fn runners(dir: &StudyDir) -> Result<Vec<Progress>, FsError> {
    let here = Process::this();
    let read = |path| fsio::read_json::<Progress>(path).ok();
    let all = dir.progresses()?;
    let live = all
        .iter()
        .filter_map(|path| read(path))
        .filter(|progress| progress.version <= VERSION && progress.may_be_live(&here));
    Ok(live.collect())
}

/// The files that runners have left behind that are known to be dead, and those that cannot be understood.
pub(crate) fn leftovers(dir: &StudyDir) -> Result<Vec<std::path::PathBuf>, FsError> {
    let here = Process::this();
    let mut paths = dir.progresses()?;
    paths.retain(|path| match fsio::read_json::<Progress>(path) {
        Ok(progress) => !progress.may_be_live(&here),
        Err(error) => matches!(error, FsError::Malformed { .. }),
    });
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn written(dir: &StudyDir, name: &str, change: impl FnOnce(&mut Progress)) {
        let mut progress = Progress {
            version: VERSION,
            runner: name.into(),
            process: Process::this(),
            since: Timestamp::UNIX_EPOCH,
            at: Timestamp::UNIX_EPOCH,
            to_run: 1,
            before: 0,
            finished: 0,
            failed: 0,
            seconds_left: None,
            slots: Vec::new(),
        };
        change(&mut progress);
        fsio::write_json(&dir.progress(name), &progress).unwrap();
    }

    #[test]
    fn the_dead_are_passed_over_and_their_files_are_leftovers() {
        let root = tempfile::tempdir().unwrap();
        let dir = StudyDir::new(root.path());
        assert_eq!(runners(&dir).unwrap(), []);
        fs::create_dir(dir.journals()).unwrap();
        written(&dir, "alive", |_| ());
        written(&dir, "dead", |progress| progress.process.start += 1);
        written(&dir, "far", |progress| {
            progress.process.host = "elsewhere".into();
            progress.process.pid = 5_000_000;
        });
        written(&dir, "newer", |progress| progress.version += 1);
        fs::write(dir.progress("empty"), "").unwrap();
        fs::write(dir.journal("alive"), "").unwrap();
        let names: Vec<String> = runners(&dir).unwrap().into_iter().map(|one| one.runner).collect();
        assert_eq!(names, ["alive", "far"]);
        assert_eq!(leftovers(&dir).unwrap(), [dir.progress("dead"), dir.progress("empty")]);
    }
}
