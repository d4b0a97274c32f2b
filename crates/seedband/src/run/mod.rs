//! Running what is missing of a study.

mod git;
mod provenance;
mod ready;
mod study_run;
mod writable;

pub use study_run::{RunOptions, RunResult};
