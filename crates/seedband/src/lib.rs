//! The learning rate range test over many seeds, as a library: open a study, plan it, run it, watch it, and read its
//! results. What the command `seedband` prints, it gets from here.
//!
//! A [`StudySession`] is a study and its results folder:
//!
//! | to | call |
//! |---|---|
//! | start a study file | [`init()`] |
//! | make one of curves recorded elsewhere | [`import()`] |
//! | fetch a data set, and say how a study trains on it | [`fetch::fetch()`], [`data_table()`] |
//! | open a study | [`StudySession::open`] |
//! | list its trials | [`StudySession::trials`] |
//! | say what would run | [`StudySession::plan`] |
//! | run what is missing, and report | [`StudySession::run`] |
//! | watch it, from any process | [`StudyMonitor`], [`LogTail`] |
//! | compute medians, bands and ranges | [`StudySession::aggregate`], [`StudySession::report`] |
//! | read the result | [`StudySession::summary`], [`terminal_table`] |
//! | write initial weights for PyTorch | [`StudySession::save_weights`] |
//! | find what can be removed | [`StudySession::unused`] |
//! | look at this machine | [`doctor()`] |
//!
//! Everything but plans, runs and weights works without a worker, and so without libtorch.
//!
//! ```
//! use seedband::{Error, OpenOptions, StudySession};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let folder = tempfile::tempdir()?;
//! let file = folder.path().join("study.toml");
//! std::fs::write(
//!     &file,
//!     r#"
//!     name = "momentum"
//!     seeds = "0..3"
//!     [schedule]
//!     steps = 50
//!     [sweep.grid]
//!     optimizer.momentum = [0.0, 0.9]
//!     "#,
//! )?;
//! let options = OpenOptions::default()
//!     .results(folder.path().join("results"))
//!     .set("run.devices='cpu'");
//! let session = StudySession::open(&file, &options)?;
//!
//! let trials = session.trials()?;
//! assert_eq!((session.study().configs.len(), trials.ready.len()), (2, 6));
//! let first = &trials.ready[0].trial;
//! assert_eq!((first.config.as_str(), first.seed), ("momentum=0.0", 0));
//!
//! // Nothing has been run yet.
//! let error = session.summary().unwrap_err();
//! assert!(matches!(error, Error::NoResults { .. }));
//! assert!(error.advice().unwrap().starts_with("make them with `seedband run "));
//! # Ok(())
//! # }
//! ```

mod advice;
mod check_trainer;
mod data_table;
mod describe;
mod doctor;
mod error;
pub mod gc;
mod generation;
mod import;
mod init;
mod logs;
mod lr_find;
mod machine;
mod monitor;
mod plan;
mod results;
mod run;
mod session;
mod threads;
mod trial_durations;
mod weights;

pub use advice::failure_advice;
pub use check_trainer::{Finding, Level, PATIENCE, check_trainer};
pub use data_table::data_table;
pub use describe::error_chain;
pub use doctor::{Diagnosis, WorkerInfo, doctor};
pub use error::Error;
pub use import::{ColumnNames, ImportFormat, ImportOptions, Imported, ImportedCurve, import};
pub use init::{STUDY_TEMPLATE, init};
pub use logs::{LogLines, LogSelection, LogTail, last_lines};
pub use lr_find::LrFind;
pub use monitor::{GroupView, RunnerReport, RunnerView, StateFacts, StudyMonitor, StudyView, TrialCounts, TrialView};
pub use plan::{ConfigPlan, StudyPlan};
pub use results::Report;
pub use run::{RunOptions, RunResult};
pub use session::{OpenOptions, StudySession, TrialSet};

pub use seedband_core::{files, printable, protocol, study, summary, trial};
pub use seedband_fetch as fetch;
pub use seedband_report::{format, terminal as terminal_table};
pub use seedband_runner::{
    ClaimRecord, Control, FailedTrial, Machine, Outcome, RunEvent, State, Tally, TrialName, TrialStatus,
};

/// Version of seedband.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
