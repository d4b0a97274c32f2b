//! Which study, and what is changed about it.

use crate::exit::Failure;
use crate::output::say;
use clap::Args;
use seedband::{OpenOptions, StudySession};
use std::path::PathBuf;

/// Which study, and what to change about it for this call.
#[derive(Debug, Args)]
pub(crate) struct StudyArgs {
    /// The study: a TOML file, or a results folder that holds its `study.toml`
    pub(crate) study: PathBuf,
    /// Change a setting, for example `optimizer.momentum=0.5`; a comma grows an axis: `training.batch-size=128,256`
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(crate) sets: Vec<String>,
    /// How many seeds, such as `20`, or which: `0..20`, `0,3,5`
    #[arg(long)]
    pub(crate) seeds: Option<String>,
    /// Folder of the data, in place of `data.path`
    #[arg(long, value_name = "FOLDER")]
    pub(crate) data: Option<PathBuf>,
    /// Where results go: `<FOLDER>/<name of the study>`
    #[arg(long, value_name = "FOLDER", env = "SEEDBAND_RESULTS", default_value = "results")]
    pub(crate) results: PathBuf,
}

/// Where trials run, in place of the study's `[run]`.
#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// `auto`, `cpu`, `cuda`, or `cuda:0,1`
    #[arg(long)]
    pub(crate) devices: Option<String>,
    /// Trials at once, on the CPU and on each CUDA device
    #[arg(short = 'j', long, value_name = "N")]
    pub(crate) slots: Option<u32>,
    /// Threads of each worker on the CPU
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<u32>,
    /// Longest time of a trial, for example `30m`
    #[arg(long, value_name = "DURATION")]
    pub(crate) timeout: Option<String>,
}

impl StudyArgs {
    /// Opens the study, with `run` in place of its `[run]`.
    pub(crate) fn open(&self, run: Option<&RunArgs>) -> Result<StudySession, Failure> {
        let mut options = OpenOptions::default().results(&self.results);
        for setting in &self.sets {
            options = options.set(setting);
        }
        if let Some(seeds) = &self.seeds {
            options = options.set_text("seeds", seeds);
        }
        if let Some(data) = &self.data {
            options = options.set_text("data.path", &data.display().to_string());
        }
        if let Some(run) = run {
            options = run.set(options);
        }
        let session = StudySession::open(&self.study, &options)?;
        for damaged in session.damaged_journals() {
            say(&format!("warning: {damaged}"));
        }
        Ok(session)
    }
}

impl RunArgs {
    /// `options` with these settings.
    pub(crate) fn set(&self, mut options: OpenOptions) -> OpenOptions {
        if let Some(devices) = &self.devices {
            options = options.set_text("run.devices", devices);
        }
        if let Some(slots) = self.slots {
            options = options
                .set(format!("run.cpu-slots={slots}"))
                .set(format!("run.gpu-slots={slots}"));
        }
        if let Some(threads) = self.threads {
            options = options.set(format!("run.threads={threads}"));
        }
        if let Some(timeout) = &self.timeout {
            options = options.set_text("run.timeout", timeout);
        }
        options
    }
}
