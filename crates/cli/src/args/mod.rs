//! The command line.

mod command_line;
mod commands;
mod data;
mod import;
mod study;
mod values;

pub(crate) use command_line::command_line;
pub(crate) use commands::{CheckTrainer, Doctor, Gc, Init, Logs, LrFind, Plan, Results, Run, Show, Status, Weights};
pub(crate) use data::{Data, DataCommand, DataFetch};
pub(crate) use import::Import;
pub(crate) use study::{RunArgs, StudyArgs};
pub(crate) use values::{Every, Lines, seeds};

use clap::{Parser, Subcommand};

/// Which learning rates are safe for this model, data and batch size, and how far do they depend on luck?
///
/// Runs the learning rate range test (LR finder) for many seeds and shows the loss and the suggested range as quantile
/// bands.
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
    /// Find the learning rate of a training script, over many seeds
    LrFind(LrFind),
    /// Look whether a training script is fit for it: a few short trials
    CheckTrainer(CheckTrainer),
    /// Write a commented study to start from
    Init(Init),
    /// Fetch data sets that many papers use: CIFAR-10, CIFAR-100, MNIST, Fashion-MNIST
    Data(Data),
    /// Say what would run, where and for how long; change nothing
    Plan(Plan),
    /// Make a study of curves that were recorded elsewhere, aggregate it, and write its report
    ///
    /// CSV and JSON lines with a learning rate and a loss a step, and what fastai, Lightning, torch-lr-finder, Weights
    /// & Biases and TensorBoard keep.
    Import(Import),
    /// Run what is missing of a study, aggregate it, and write its report
    Run(Run),
    /// Say where each trial stands
    Status(Status),
    /// Print what trials wrote to standard output and standard error
    ///
    /// Without TRIAL of the running trials, or where none runs of the failed ones, each line after the name of its
    /// trial. Bytes are passed on as they are, colours among them.
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
    /// Lists trials that no config of STUDY comes to, what processes left behind when they died, and their sizes, and
    /// asks before it removes them. A TOML file says itself what is used; a results folder says it by its `study.toml`,
    /// the study as it was last run. Trainings stay as long as some wait for range tests. Refuses while the study runs.
    Gc(Gc),
    /// Look at devices, libtorch, the worker and the disk
    Doctor(Doctor),
}
