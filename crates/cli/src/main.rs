//! `seedband`: the learning rate range test over many seeds. Arguments, printing and exit statuses, one file a command
//! in `commands`; what is done is done by the library of the same name. Errors are printed here and nowhere else.

mod args;
mod commands;
mod exit;
mod first_process;
mod output;
mod progress;
mod run_summary;

use args::{Cli, Command};
use clap::Parser;
use std::io::IsTerminal;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    if first_process::is_first() {
        return first_process::run();
    }
    let cli = Cli::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .without_time()
        .with_target(false)
        .init();
    let result = match &cli.command {
        Command::LrFind(args) => commands::lr_find::run(args, cli.quiet),
        Command::CheckTrainer(args) => commands::check_trainer::run(args),
        Command::Init(args) => commands::init::run(args),
        Command::Import(args) => commands::import::run(args, cli.quiet),
        Command::Data(args) => commands::data::run(args, cli.quiet),
        Command::Plan(args) => commands::plan::run(args),
        Command::Run(args) => commands::run::run(args, cli.quiet),
        Command::Status(args) => commands::status::run(args),
        Command::Logs(args) => commands::logs::run(args),
        Command::Aggregate(args) => commands::aggregate::run(args, cli.quiet),
        Command::Report(args) => commands::report::run(args, cli.quiet),
        Command::Show(args) => commands::show::run(args),
        Command::Weights(args) => commands::weights::run(args),
        Command::Gc(args) => commands::gc::run(args, cli.quiet),
        Command::Doctor(args) => commands::doctor::run(args),
    };
    match result {
        Ok(status) => ExitCode::from(status),
        Err(failure) => {
            output::error(&failure.message);
            ExitCode::from(failure.status)
        }
    }
}
