//! The command line.

use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// Which learning rates are safe for this model, data and batch size, and how far do they depend on luck?
///
/// Runs the learning rate range test (LR finder) for many seeds and shows the loss and the suggested range as quantile bands.
#[derive(Debug, Parser)]
#[command(name = "seedband", version, max_term_width = 100, after_help = EXIT_HELP)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Say less: only results and errors.
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
}

const EXIT_HELP: &str = "Exit status: 0 done, 2 usage, 5 incomplete, 96 bad study or set-up, 100 some trials failed,
130 interrupted. Data goes to standard output, everything else to standard error. RUST_LOG=debug says more.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write a commented study to start from
    Init(Init),
    /// Say what would run, where and for how long; change nothing
    Plan(Plan),
    /// Run what is missing of a study, aggregate it, and write its report
    Run(Run),
    /// Say where each trial stands
    Status(Status),
    /// Print what the workers of trials wrote to standard error
    ///
    /// Without TRIAL of the running trials, or where none runs of the failed ones, each line after the name of its trial. Bytes are passed on as
    /// they are, colours among them.
    Logs(Logs),
    /// Compute medians, bands and ranges of what has been run
    Aggregate(Results),
    /// Aggregate, and write the report
    Report(Results),
    /// Show the result in the terminal
    Show(Show),
    /// Write the initial weights of trials, trained or not, for PyTorch
    Weights(Weights),
    /// Remove results that the study does not use
    ///
    /// Lists trials that no config of STUDY comes to, what processes left behind when they died, and their sizes, and asks before it removes them. A
    /// TOML file says itself what is used; a results folder says it by its `study.toml`, the study as it was last run. Trainings stay as long as
    /// some wait for range tests. Refuses while the study runs.
    Gc(Gc),
    /// Look at devices, libtorch, the worker and the disk
    Doctor(Doctor),
}

/// Which study, and what to change about it for this call.
#[derive(Debug, Args)]
pub(crate) struct StudyArgs {
    /// The study: a TOML file, or a results folder that holds its `study.toml`
    pub(crate) study: PathBuf,
    /// Change a setting, for example `optimizer.momentum=0.5`; a comma grows an axis: `training.batch-size=128,256`
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(crate) sets: Vec<String>,
    /// Seeds, for example `0..20` or `0,3,5`
    #[arg(long)]
    pub(crate) seeds: Option<String>,
    /// Folder of the data, in place of `data.path`
    #[arg(long, value_name = "FOLDER")]
    pub(crate) data: Option<PathBuf>,
    /// Where results go: `<FOLDER>/<name of the study>`
    #[arg(long, value_name = "FOLDER", env = "SEEDBAND_RESULTS", default_value = "results")]
    pub(crate) results: PathBuf,
}

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

/// Say what would run.
#[derive(Debug, Args)]
pub(crate) struct Plan {
    #[command(flatten)]
    pub(crate) study: StudyArgs,
    #[command(flatten)]
    pub(crate) place: Place,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Where trials run, in place of the study's `[run]`.
#[derive(Debug, Args)]
pub(crate) struct Place {
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

/// Run a study.
#[derive(Debug, Args)]
pub(crate) struct Run {
    #[command(flatten)]
    pub(crate) study: StudyArgs,
    #[command(flatten)]
    pub(crate) place: Place,
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

/// How often to look: seconds, or a duration such as `1m`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Every(pub(crate) Duration);

impl FromStr for Every {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let seconds = text.parse::<f64>().ok();
        let every = match seconds {
            Some(seconds) => Duration::try_from_secs_f64(seconds).ok(),
            None => text
                .parse::<jiff::SignedDuration>()
                .ok()
                .and_then(|duration| Duration::try_from(duration).ok()),
        };
        every
            .filter(|every| (Duration::from_millis(100)..=Duration::from_hours(24)).contains(every))
            .map(Self)
            .ok_or_else(|| {
                "it is no number of seconds from 0.1 to 86400; name the study before `--watch`, or write `--watch=2`"
                    .into()
            })
    }
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

/// How many of the last lines of a log.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Lines {
    All,
    Last(usize),
}

impl FromStr for Lines {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "all" => Ok(Self::All),
            _ => text
                .parse()
                .map(Self::Last)
                .map_err(|_| "it is neither a number of lines nor `all`".into()),
        }
    }
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
/// Each trial's folder gets an `init.safetensors` in PyTorch's names and layouts: a plain PyTorch module of the same network loads it with
/// `load_state_dict(load_file(path), strict=True)`. Prints the paths, one a line.
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
