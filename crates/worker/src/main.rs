//! `seedband-worker`: the program around [`seedband_worker`].

use seedband_worker::args::{self, Command};
use seedband_worker::device::{self, Device};
use seedband_worker::failure::one_line;
use seedband_worker::serve::{Served, serve};
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn")))
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .init();
    match args::parse(std::env::args_os().skip(1)) {
        Ok(Command::Help) => say(args::HELP),
        Ok(Command::Version) => say(&format!(
            "seedband-worker {} ({})\n",
            env!("CARGO_PKG_VERSION"),
            device::libtorch()
        )),
        Ok(Command::Serve { device, threads }) => {
            // Before anything asks libtorch about CUDA: the first answer stays for the life of the process.
            let device = match Device::open(device) {
                Ok(device) => device,
                Err(error) => return fail(&one_line(&error), 3),
            };
            tch::set_num_threads(threads);
            tch::set_num_interop_threads(threads);
            match serve(&device, io::stdin().lock(), io::stdout().lock()) {
                Ok(Served::EndOfInput | Served::OutputClosed) => ExitCode::SUCCESS,
                Err(error) => fail(&one_line(&error), error.exit_status()),
            }
        }
        Err(error) => fail(&format!("{error}; see `seedband-worker --help`"), 2),
    }
}

fn say(text: &str) -> ExitCode {
    // A reader that has gone away wants no more text.
    let _ = io::stdout().write_all(text.as_bytes());
    ExitCode::SUCCESS
}

fn fail(message: &str, status: u8) -> ExitCode {
    // Nothing is left to tell when standard error is gone too.
    let _ = writeln!(io::stderr(), "seedband-worker: {message}");
    ExitCode::from(status)
}
