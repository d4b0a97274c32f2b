//! The arguments of each command.

use super::{Every, Lines, RunArgs, StudyArgs, seeds};
use clap::Args;
use std::path::PathBuf;

/// Write a commented study to start from.
#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The file to write
    #[arg(default_value = "study.toml")]
    pub(crate) file: PathBuf,
    /// Overwrite a file that is there
    #[arg(long)]
    pub(crate) force: bool,
}

/// Find the learning rate of a training script.
///
/// SCRIPT trains by the Python package `seedband`, or any program that speaks the protocol. Writes a study that says
/// all of this, and runs it: change that file to go on.
#[derive(Debug, Args)]
pub(crate) struct LrFind {
    /// The script: a Python file, or a program
    pub(crate) script: PathBuf,
    /// Its arguments
    #[arg(last = true, value_name = "ARGUMENT")]
    pub(crate) arguments: Vec<String>,
    /// How many seeds, such as `20`, or which: `0..20`, `0,3,5`
    #[arg(long, default_value = "20", value_parser = seeds)]
    pub(crate) seeds: String,
    /// Steps of each range test
    #[arg(long, value_name = "N", default_value = "100", value_parser = clap::value_parser!(u32).range(2..))]
    pub(crate) steps: u32,
    /// The first learning rate
    #[arg(long, value_name = "LR", default_value = "1e-7")]
    pub(crate) min_lr: f64,
    /// The last learning rate
    #[arg(long, value_name = "LR", default_value = "10")]
    pub(crate) max_lr: f64,
    /// Name of the study and of its results folder [default: that of the script]
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// The study to write [default: `lr-find-<name>.toml` beside the script]
    #[arg(long, value_name = "FILE")]
    pub(crate) study: Option<PathBuf>,
    /// Write the study anew where somebody has changed it
    #[arg(long)]
    pub(crate) force: bool,
    /// Where results go: `<FOLDER>/<name of the study>`
    #[arg(long, value_name = "FOLDER", env = "SEEDBAND_RESULTS", default_value = "results")]
    pub(crate) results: PathBuf,
    #[command(flatten)]
    pub(crate) place: RunArgs,
}

/// Look whether a program is fit to train.
#[derive(Debug, Args)]
pub(crate) struct CheckTrainer {
    /// The program and its arguments, for example `python train.py`
    #[arg(required = true, last = true, value_name = "COMMAND")]
    pub(crate) command: Vec<String>,
}

/// Say what would run.
#[derive(Debug, Args)]
pub(crate) struct Plan {
    #[command(flatten)]
    pub(crate) study: StudyArgs,
    #[command(flatten)]
    pub(crate) place: RunArgs,
    /// What `run --update` would do
    #[arg(long)]
    pub(crate) update: bool,
    /// The worker program [default: `seedband-worker` beside this program]
    #[arg(long, value_name = "PROGRAM")]
    pub(crate) worker: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Run a study.
#[derive(Debug, Args)]
pub(crate) struct Run {
    #[command(flatten)]
    pub(crate) study: StudyArgs,
    #[command(flatten)]
    pub(crate) place: RunArgs,
    /// Go on although settings of training changed under results that are there; their trials stay, unused
    #[arg(long)]
    pub(crate) update: bool,
    /// How often a trial is tried again whose failure may pass: a lost worker, a time-out, an internal error
    #[arg(long, value_name = "N")]
    pub(crate) retries: Option<u32>,
    /// Begin no further trial once so many have failed for good
    #[arg(long, value_name = "N", conflicts_with = "fail_fast")]
    pub(crate) max_fails: Option<u32>,
    /// The same as `--max-fails 1`
    #[arg(long)]
    pub(crate) fail_fast: bool,
    /// Take the trials that runners on this host hold: say so only when they are gone; may be repeated
    #[arg(long, value_name = "HOST")]
    pub(crate) take_over: Vec<String>,
    /// The worker program [default: `seedband-worker` beside this program]
    #[arg(long, value_name = "PROGRAM")]
    pub(crate) worker: Option<PathBuf>,
}

/// Say where each trial stands.
#[derive(Debug, Args)]
pub(crate) struct Status {
    #[command(flatten)]
    pub(crate) study: StudyArgs,
    /// Print JSON; with `--watch` one line at each change
    #[arg(long)]
    pub(crate) json: bool,
    /// Look again every so many seconds [default: 2], until nothing is left to run or nobody runs the study
    #[arg(short, long, value_name = "SECONDS", num_args = 0..=1, default_missing_value = "2")]
    pub(crate) watch: Option<Every>,
}

/// Print the logs of trials.
#[derive(Debug, Args)]
pub(crate) struct Logs {
    #[command(flatten)]
    pub(crate) study: StudyArgs,
    /// `config/seed`, `config/training/seed`, or the first digits of an id
    pub(crate) trial: Option<String>,
    /// Go on with what is written, in later attempts too, until the trial or the run ends
    #[arg(short, long)]
    pub(crate) follow: bool,
    /// So many of the last lines of each log, or `all`
    #[arg(short = 'n', long, value_name = "N", default_value = "100")]
    pub(crate) lines: Lines,
    /// This attempt [default: the last one]
    #[arg(long, value_name = "N", requires = "trial")]
    pub(crate) attempt: Option<u32>,
    /// Of the trials that failed, even while others run
    #[arg(long, conflicts_with = "trial")]
    pub(crate) failed: bool,
}

/// Work on results that are there.
#[derive(Debug, Args)]
pub(crate) struct Results {
    #[command(flatten)]
    pub(crate) study: StudyArgs,
}

/// Show the result.
#[derive(Debug, Args)]
pub(crate) struct Show {
    #[command(flatten)]
    pub(crate) study: StudyArgs,
    /// Print it as JSON, as it stands in `summary.json`
    #[arg(long)]
    pub(crate) json: bool,
}

/// Write initial weights.
///
/// Each trial's folder gets an `init.safetensors` in PyTorch's names and layouts: a plain PyTorch module of the same
/// network loads it with `load_state_dict(load_file(path), strict=True)`. Prints the paths, one a line.
#[derive(Debug, Args)]
pub(crate) struct Weights {
    #[command(flatten)]
    pub(crate) study: StudyArgs,
    /// Only this config; may be repeated [default: all]
    #[arg(long = "config", value_name = "NAME")]
    pub(crate) configs: Vec<String>,
    /// The worker program [default: `seedband-worker` beside this program]
    #[arg(long, value_name = "PROGRAM")]
    pub(crate) worker: Option<PathBuf>,
}

/// Remove results that the study does not use.
#[derive(Debug, Args)]
pub(crate) struct Gc {
    #[command(flatten)]
    pub(crate) study: StudyArgs,
    /// Say what would go; change nothing
    #[arg(short = 'n', long)]
    pub(crate) dry_run: bool,
    /// Do not ask
    #[arg(short, long)]
    pub(crate) yes: bool,
    /// Attempts that failed too, where their trial has finished since
    #[arg(long)]
    pub(crate) attempts: bool,
}

/// Look at this machine.
#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// The worker program [default: `seedband-worker` beside this program]
    #[arg(long, value_name = "PROGRAM")]
    pub(crate) worker: Option<PathBuf>,
    /// Where results would go
    #[arg(long, value_name = "FOLDER", env = "SEEDBAND_RESULTS", default_value = "results")]
    pub(crate) results: PathBuf,
}
