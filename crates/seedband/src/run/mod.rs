//! Running what is missing of a study.

mod git;
mod provenance;
mod study_run;

pub use study_run::{RunOptions, RunResult};
