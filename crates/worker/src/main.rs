//! `seedband-worker`: the program around [`seedband_worker`].

use clap::Parser;
use seedband_core::protocol::CHANNEL;
use seedband_worker::args::Args;
use seedband_worker::device::{Device, libtorch_version};
use seedband_worker::failure::one_line;
use seedband_worker::serve::serve;
use std::io::{self, BufReader, IsTerminal, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
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
    let served = match std::env::var_os(CHANNEL) {
        Some(path) => match connect(Path::new(&path)) {
            Ok((requests, events)) => serve(&device, requests, events),
            Err(error) => return fail(&format!("cannot connect to `{CHANNEL}`: {error}"), 1),
        },
        // By hand.
        None => serve(&device, io::stdin().lock(), io::stdout().lock()),
    };
    match served {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => fail(&one_line(&error), error.exit_status()),
    }
}

/// Both directions of the runner's socket.
fn connect(path: &Path) -> io::Result<(BufReader<UnixStream>, UnixStream)> {
    let stream = UnixStream::connect(path)?;
    Ok((BufReader::new(stream.try_clone()?), stream))
}

fn fail(message: &str, status: u8) -> ExitCode {
    // Nothing is left to tell when standard error is gone too.
    let _ = writeln!(io::stderr(), "seedband-worker: {message}");
    ExitCode::from(status)
}
