//! A worker that trains nothing: it speaks the protocol, gives made-up curves and misbehaves on request. It stands in
//! for `seedband-worker` in tests, which then need no libtorch.
//!
//! Takes `--device`, `--threads` and `--version` like the real one. The losses follow from the trial's id and nothing
//! else. The variable `FAKE_WORKER` holds a script, clauses separated by `;`:
//!
//! ```text
//! start=<behaviour>             at start, one of: silent, late:<ms>, version:<n>, garbage, exit:<status>, crash
//! end=linger                    does not end when its input closes
//! end=after-one-trial           says that it trains one trial and ends
//! data=<digits>                 the fingerprint of the data it says to have seen
//! <config>/<seed>=<behaviour>   for one range test, <config>/<training>/<seed> for one training; `*` stands for every
//!                               config, training or seed, and the first clause that fits counts
//! ```
//!
//! Behaviours of a trial, `finish` where nothing else is said:
//!
//! ```text
//! finish                 every step, or until every early stop given has fired
//! slow:<ms>              the same with a pause before each step
//! diverge:<step>         the loss of that step is infinite, and the curve ends
//! fail:<class>           reports a failure, for example fail:out-of-memory
//! hang                   says nothing at all          stall        goes silent after two steps
//! crash                  kills itself by SIGKILL after two steps
//! exit:<status>          ends after two steps, with a last word on standard error
//! finish-exit            ends right after the trial   finish-speak speaks out of turn after it
//! garbage                a line that is no JSON       half-line    half a line, then its end
//! flood                  a line without end           too-many     steps without end
//! wrong-trial            speaks of another trial      gap          leaves out a step
//! miscount               counts wrongly at the end    nan-midway   goes on after a loss that is not a number
//! other-weights          starts from other weights than the trial says
//! other-rates            trains each step with a learning rate 1 % above the planned one
//! long-log               a megabyte on standard error, then `finish`
//! child                  starts `sleep` in its place, writes its process id to standard error and hangs
//! allocate:<MiB>         takes so much memory and writes to all of it, then `finish`
//! times:<n>:<behaviour>  the behaviour in its first n attempts, then `finish`
//! at-most:<n>            reports out-of-memory where more than n trials run on its device, else `slow:2`
//! ```
//!
//! The last two need a folder for what workers know of each other: `FAKE_WORKER_FOLDER`. A script that says anything
//! else ends the worker at its start.
//!
//! With the variable `FAKE_WORKER_SAYS` it says what is in that file, whatever it is, and ends once it is asked for
//! something.

mod behaviour;
mod curve;
mod misbehave;
mod output;
mod save_init;
mod script;
mod shared_folder;
mod start;
mod train;

use clap::Parser;
use nix::unistd::Pid;
use output::log;
use script::Script;
use seedband_core::protocol::Request;
use shared_folder::SharedFolder;
use std::error::Error;
use std::io::BufRead;
use std::process::ExitCode;

/// What the worker says of itself.
const VERSION: &str = concat!("fake-worker ", env!("CARGO_PKG_VERSION"));

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

/// A worker that trains nothing.
#[derive(Parser)]
#[command(name = "fake-worker", version)]
struct Args {
    #[arg(long, default_value = "cpu")]
    device: String,
    #[arg(long, default_value_t = 1)]
    threads: u32,
}

fn main() -> ExitCode {
    match run(Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            log(&format!("fake-worker: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn run(args: Args) -> Result {
    let visible = std::env::var("CUDA_VISIBLE_DEVICES").unwrap_or_default();
    log(&format!(
        "fake-worker {} on {}, CUDA_VISIBLE_DEVICES=`{visible}`",
        Pid::this(),
        args.device
    ));
    let script: Script = std::env::var("FAKE_WORKER").unwrap_or_default().parse()?;
    let folder = SharedFolder::from_environment();
    let requests = output::connect()?;
    if let Some(path) = std::env::var_os("FAKE_WORKER_SAYS") {
        output::write(&std::fs::read(path)?)?;
        requests.lines().next();
        return Ok(());
    }
    start::greet(script.start, script.one_trial, args.device)?;
    for line in requests.lines() {
        match serde_json::from_str(&line?)? {
            Request::Train(request) => train::train(&request, &script, &folder)?,
            Request::SaveInit(request) => save_init::save_init(&request, &script, &folder)?,
        }
    }
    if script.lingers {
        misbehave::hang();
    }
    Ok(())
}
