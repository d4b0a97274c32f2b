//! What of a results folder nobody needs any more: found here, and removed where the user says so.
//!
//! Nothing is followed out of the folder, and nothing is taken for ours that holds anything that seedband does not
//! write.

mod find;
mod known_files;
mod remove;

pub use find::find;
pub use remove::{Removal, remove};

use crate::store::claim::ClaimRecord;
use crate::store::identity::{Liveness, Process};
use crate::store::progress::runners;
use seedband_core::files::fsio::FsError;
use seedband_core::files::layout::StudyDir;
use seedband_core::trial::TrialId;
use std::collections::HashSet;
use std::path::PathBuf;

/// What a study needs.
#[derive(Debug, Clone, Default)]
pub struct InUse {
    /// The trials that its configs, seeds and trainings come to.
    pub trials: HashSet<TrialId>,
    /// Whether trainings can turn out to be needed that are not among them: those that wait for range tests.
    pub any_training: bool,
    /// Whether attempts that came to nothing are needed although their trial has finished since.
    pub attempts: bool,
    /// Whether nobody else uses the study's folder for certain: it is locked. Only then is what is half written left
    /// behind by somebody.
    pub is_alone: bool,
}

/// What nobody needs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Garbage {
    /// What can go.
    pub items: Vec<Item>,
    /// Folders of trainings that stay because of [`InUse::any_training`] alone.
    pub trainings_kept: usize,
    /// What looks unused and stays: it is not plainly ours. With the reason.
    pub left_alone: Vec<(PathBuf, String)>,
}

/// One thing that can go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What it is.
    pub kind: Kind,
    /// A file or a folder.
    pub path: PathBuf,
    /// Length of all its files.
    pub bytes: u64,
}

/// Why something can go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The folder of a trial that no config of the study comes to.
    UnusedTrial,
    /// The folder of an attempt that came to nothing, at a trial that has finished since.
    SupersededAttempt,
    /// What a process was writing when it died.
    HalfWritten,
    /// The claim of a runner of this host that is gone.
    StaleClaim,
    /// What such a runner last said of itself, or a file in its place that cannot be read.
    StaleProgress,
}

impl Kind {
    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::UnusedTrial => "unused trial",
            Self::SupersededAttempt => "superseded attempt",
            Self::HalfWritten => "half-written file",
            Self::StaleClaim => "stale claim",
            Self::StaleProgress => "stale progress",
        }
    }
}

/// A runner that may be at work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The file that says so: its claim, or its progress.
    pub path: PathBuf,
    /// Its host.
    pub host: String,
    /// Its process id there.
    pub pid: u32,
    /// Whether it is known to be alive: it is a process of this host, and of no other container.
    pub is_here: bool,
}

/// The runners that may be at work on a study, each once: all that are not known to be dead.
///
/// # Errors
/// A folder or file of the study is there but cannot be read.
pub fn holders(dir: &StudyDir) -> Result<Vec<Holder>, FsError> {
    let here = Process::this();
    let mut known: Vec<Process> = Vec::new();
    let mut holders: Vec<Holder> = Vec::new();
    let mut add = |path: PathBuf, process: Process| {
        if !known.contains(&process) {
            holders.push(Holder {
                path,
                host: process.host.clone(),
                pid: process.pid,
                is_here: process.liveness(&here) == Liveness::Alive,
            });
            known.push(process);
        }
    };
    for run in runners(dir)? {
        add(dir.progress(&run.runner), run.process);
    }
    for folder in dir.trial_folders()? {
        if let Ok(Some(claim)) = ClaimRecord::read_live(&folder.claim(), &here) {
            add(folder.claim(), claim.process);
        }
    }
    Ok(holders)
}
