//! `seedband-worker`: the program around [`seedband_worker`].

use clap::Parser;
use seedband_worker::args::Args;
use seedband_worker::device::{Device, libtorch_version};
use seedband_worker::failure::one_line;
use seedband_worker::serve::serve;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn")))
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .init();
    let args = Args::parse();
    if args.version {
        let (own, libtorch) = (env!("CARGO_PKG_VERSION"), libtorch_version());
        // A reader that has gone away wants no more text.
        let _ = writeln!(io::stdout(), "seedband-worker {own} ({libtorch})");
        return ExitCode::SUCCESS;
    }
    // Before anything asks libtorch about CUDA: the first answer stays for the life of the process.
    let device = match Device::open(args.device) {
        Ok(device) => device,
        Err(error) => return fail(&one_line(&error), 3),
    };
    tch::set_num_threads(args.threads);
    tch::set_num_interop_threads(args.threads);
    match serve(&device, io::stdin().lock(), io::stdout().lock()) {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => fail(&one_line(&error), error.exit_status()),
    }
}

fn fail(message: &str, status: u8) -> ExitCode {
    // Nothing is left to tell when standard error is gone too.
    let _ = writeln!(io::stderr(), "seedband-worker: {message}");
    ExitCode::from(status)
}
