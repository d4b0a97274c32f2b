//! What can go wrong.

use seedband_aggregator::AggregateError;
use seedband_core::Invalid;
use seedband_core::files::fsio::FsError;
use seedband_core::files::journal::JournalError;
use seedband_core::files::lock::LockError;
use seedband_core::settings::MemoryFormat;
use seedband_core::study::{SettingChange, StudyError};
use seedband_data::{DataError, DataMismatch};
use seedband_fetch::FetchError;
use seedband_report::ReportError;
use seedband_runner::gc::Holder;
use seedband_runner::{DeviceError, RunError, SaveError, StatusError, WorkerProgramError};
use std::path::PathBuf;

/// Why something cannot be done with a study. [`advice`](Error::advice) says what a user of the command can do about
/// it, where that is known.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A folder was named that is none of results.
    #[error(
        "`{}` is a folder without a `study.toml`; name a study file, or the results folder of a study",
        folder.display()
    )]
    NoStudyInFolder {
        /// The folder.
        folder: PathBuf,
    },
    /// A file is in the way.
    #[error("`{}` is there already", path.display())]
    FileExists {
        /// The file.
        path: PathBuf,
    },
    /// `data.path` names something else than a folder.
    #[error("`data.path`: `{}` is not a folder", path.display())]
    NoDataFolder {
        /// What it names.
        path: PathBuf,
    },
    /// The file of `init.from` holds something else than the study says.
    #[error(
        "`init.from`: the content of `{}` has the SHA-256 `{found}`, and the study says `{expected}`; restore the \
         file, or leave `init.sha256` out to make new trials from what it holds now",
        path.display()
    )]
    WeightsChanged {
        /// The file.
        path: PathBuf,
        /// What it holds now.
        found: String,
        /// What it held.
        expected: String,
    },
    /// There is no script to find a learning rate for.
    #[error("there is no script `{}`; name the file that trains, and its arguments after `--`", script.display())]
    NoScript {
        /// As it was named.
        script: PathBuf,
    },
    /// The study that would be written is there, and somebody has changed it.
    #[error(
        "`{path}` is there already and was changed; go on with it by `seedband run {path}`, write another by \
         `--study FILE`, or write it anew by `--force`",
        path = path.display()
    )]
    StudyEdited {
        /// The study.
        path: PathBuf,
    },
    /// There are too few threads to be had.
    #[error(
        "this process may have {there} threads more, and needs {fewest}; raise the limit (`ulimit -u`, or `pids.max` of its \
         control group)"
    )]
    NoThreads {
        /// So many there are.
        there: usize,
        /// So many are needed.
        fewest: usize,
    },
    /// Somebody else is at the results.
    #[error(transparent)]
    Locked(#[from] LockError),
    /// There is no place for temporary files.
    #[error("cannot make a temporary folder; set `TMPDIR` to a folder that can be written")]
    Temporary {
        /// What the system said.
        source: std::io::Error,
    },
    /// A file of a program that trains holds something else than the study says.
    #[error(
        "`{}` is not what the study was made of: its content differs from `trainer.sha256`; restore it, or run the \
         study file in place of the results folder",
        path.display()
    )]
    ProgramChanged {
        /// The file.
        path: PathBuf,
    },
    /// Every curve of a study was recorded elsewhere, so there is nothing to run.
    #[error(
        "the curves of `{study}` were recorded elsewhere and cannot be run; show them with `seedband show {file}`, or add \
         to them with `seedband import`",
        file = file.display()
    )]
    RecordedElsewhere {
        /// Name of the study.
        study: String,
        /// Its file.
        file: PathBuf,
    },
    /// A curve that was recorded elsewhere is gone, and nothing can train it again.
    #[error(
        "the curve of `{trial}` was recorded elsewhere and is not there any more; import it again with `seedband import`"
    )]
    RecordedCurveLost {
        /// Config and seed.
        trial: String,
    },
    /// A file has no curve that can be imported.
    #[error("`{}`: {problem}", file.display())]
    Import {
        /// The file.
        file: PathBuf,
        /// What is wrong with it, and the way out.
        problem: String,
    },
    /// Curves do not fit each other, or the study that they are to become.
    #[error("{problem}")]
    ImportConflict {
        /// What does not fit, and the way out.
        problem: String,
    },
    /// Initial weights are asked for that only a program of the user's knows.
    #[error(
        "`{config}` is not trained by the built-in trainer, which alone knows its initial weights; name other configs with `--config`"
    )]
    NoInitialWeights {
        /// The config.
        config: String,
    },
    /// Results of another training stand under the names of this study's configs.
    #[error("the study has changed under the results in `{}`:\n{}", results.display(), text::changes(changes))]
    StudyChanged {
        /// The results folder.
        results: PathBuf,
        /// At least one.
        changes: Vec<SettingChange>,
    },
    /// Results were trained in another memory format than the study names.
    #[error(
        "trials in `{}` are trained in the memory format `{stored}`, and `run.memory-format` is `{asked}`",
        results.display()
    )]
    MemoryFormatChanged {
        /// The results folder.
        results: PathBuf,
        /// That of the trials there are.
        stored: MemoryFormat,
        /// That of the study.
        asked: MemoryFormat,
    },
    /// There is nothing to aggregate.
    #[error("no trial in `{}` has finished", results.display())]
    NothingFinished {
        /// The results folder.
        results: PathBuf,
        /// The study's file.
        study: PathBuf,
    },
    /// There is nothing to show.
    #[error("no results in `{}` yet", results.display())]
    NoResults {
        /// The results folder.
        results: PathBuf,
        /// The study's file.
        study: PathBuf,
    },
    /// The study has no config of this name.
    #[error("unknown config `{name}`; known are {}", text::list(known))]
    UnknownConfig {
        /// The name.
        name: String,
        /// Those it has.
        known: Vec<String>,
    },
    /// The study has no trial of this name.
    #[error("unknown trial `{name}`; {} {}", if *is_group { "it has" } else { "near are" }, text::first(near))]
    UnknownTrial {
        /// What was asked for.
        name: String,
        /// Whether that is a config or a training, and `near` are its trials.
        is_group: bool,
        /// Names that may be meant, best first.
        near: Vec<String>,
    },
    /// The ids of several trials begin as asked for.
    #[error("the ids of {} trials begin with `{digits}`; name one of {}", names.len(), text::first(names))]
    AmbiguousTrial {
        /// What was asked for.
        digits: String,
        /// The names of these trials.
        names: Vec<String>,
    },
    /// A trial has no log.
    #[error("`{trial}` has not been run yet")]
    NotRunYet {
        /// Its name.
        trial: String,
    },
    /// A trial has no attempt of this number.
    #[error("`{trial}` has no attempt {attempt}; there are {}", text::numbers(known))]
    NoAttempt {
        /// Its name.
        trial: String,
        /// The number, counted from 1.
        attempt: u32,
        /// Those it has.
        known: Vec<u32>,
    },
    /// Runners may be at work, so nothing can be removed.
    #[error("the study may be running, and gc removes nothing then:{}", text::holders(holders))]
    MayBeRunning {
        /// Who.
        holders: Vec<Holder>,
    },
    /// The data cannot be had.
    #[error(transparent)]
    Data(#[from] DataError),
    /// Settings do not go with the data.
    #[error("no trial of `{config}` can be trained")]
    DataMismatch {
        /// The config.
        config: String,
        /// Why.
        source: DataMismatch,
    },
    /// A data set cannot be fetched.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// The study cannot be used.
    #[error(transparent)]
    Study(#[from] StudyError),
    /// A setting cannot be used.
    #[error(transparent)]
    Setting(#[from] Invalid),
    /// A file or folder cannot be read or written.
    #[error(transparent)]
    Fs(#[from] FsError),
    /// A journal cannot be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The devices asked for are not there.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// There is no worker that starts.
    #[error(transparent)]
    Worker(#[from] WorkerProgramError),
    /// A run could not go on.
    #[error(transparent)]
    Run(#[from] RunError),
    /// States of trials cannot be told.
    #[error(transparent)]
    Status(#[from] StatusError),
    /// Initial weights were not written.
    #[error(transparent)]
    Weights(#[from] SaveError),
    /// Tables cannot be made.
    #[error(transparent)]
    Aggregate(#[from] AggregateError),
    /// A report cannot be made.
    #[error(transparent)]
    Report(#[from] ReportError),
}

/// Lists in messages.
mod text {
    use super::{Holder, SettingChange};
    use std::fmt::Write as _;

    /// Names or changes that are spelled out.
    const SHOWN: usize = 5;

    pub(super) fn list(names: &[String]) -> String {
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        names.join(", ")
    }

    pub(super) fn first(names: &[String]) -> String {
        let more = if names.len() > SHOWN { ", …" } else { "" };
        format!("{}{more}", list(&names[..names.len().min(SHOWN)]))
    }

    pub(super) fn numbers(numbers: &[u32]) -> String {
        let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
        numbers.join(", ")
    }

    pub(super) fn changes(changes: &[SettingChange]) -> String {
        let mut lines: Vec<String> = changes.iter().take(SHOWN).map(|change| format!("  {change}")).collect();
        if changes.len() > SHOWN {
            lines.push(format!("  and {} more", changes.len() - SHOWN));
        }
        lines.join("\n")
    }

    pub(super) fn holders(holders: &[Holder]) -> String {
        holders.iter().fold(String::new(), |mut text, holder| {
            let elsewhere = if holder.is_here {
                String::new()
            } else {
                format!("; if that machine is gone, remove `{}`", holder.path.display())
            };
            // Writing to a string cannot fail.
            let _ = write!(
                text,
                "\n  process {} of {}; use gc when it has ended{elsewhere}",
                holder.pid, holder.host
            );
            text
        })
    }
}
