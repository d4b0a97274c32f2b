//! `seedband doctor`: what a run would find on this machine.

use crate::args::Doctor;
use crate::exit::{BAD_SETUP, DONE, Failure, chain};
use crate::machine;
use crate::output::{self, say};
use nix::sys::statvfs::statvfs;
use seedband_runner::{Machine, WorkerProgram};
use std::fmt::Write;
use std::path::Path;
use std::process::{Command, Stdio};

pub(crate) fn run(args: &Doctor) -> Result<u8, Failure> {
    let machine = Machine::detect();
    let mut text = format!("seedband {}\n", env!("CARGO_PKG_VERSION"));
    // Writing to a string cannot fail.
    let _ = writeln!(
        text,
        "processor: {}, {} cores to use",
        machine::cpu_model(),
        machine.cores
    );
    let cuda = if machine.cuda.is_empty() {
        "none".into()
    } else {
        let named = machine.cuda.iter().enumerate();
        let named: Vec<String> = named.map(|(index, entry)| format!("cuda:{index} `{entry}`")).collect();
        named.join(", ")
    };
    let _ = writeln!(text, "CUDA devices: {cuda} (by {})", machine.cuda_source);
    let mut healthy = true;
    match WorkerProgram::find(args.worker.as_deref()) {
        Ok(worker) => {
            let _ = writeln!(text, "worker: `{}`, {}", worker.path.display(), version(&worker));
            for (name, value) in &worker.variables {
                let _ = writeln!(text, "worker runs with: {}={}", name.display(), value.display());
            }
        }
        Err(error) => {
            healthy = false;
            say(&format!("error: {}", chain(&error)));
            let _ = writeln!(text, "worker: not usable; show, aggregate and report work without it");
        }
    }
    match free_gib(&args.results) {
        Some(free) => {
            let _ = writeln!(text, "results: `{}`, {free:.1} GiB free", args.results.display());
        }
        None => {
            let _ = writeln!(text, "results: `{}` cannot be looked at", args.results.display());
        }
    }
    output::data(&text)?;
    Ok(if healthy { DONE } else { BAD_SETUP })
}

/// What the worker says of itself.
fn version(worker: &WorkerProgram) -> String {
    let output = Command::new(&worker.path)
        .envs(worker.variables.iter().cloned())
        .arg("--version")
        .stdin(Stdio::null())
        .output();
    output.map_or_else(
        |error| error.to_string(),
        |output| String::from_utf8_lossy(&output.stdout).trim().replace('\n', ", "),
    )
}

/// Free space where `folder` is or would be made.
fn free_gib(folder: &Path) -> Option<f64> {
    let absolute = std::path::absolute(folder).ok()?;
    let there = absolute.ancestors().find(|folder| folder.is_dir())?;
    let stat = statvfs(there).ok()?;
    Some(stat.blocks_available() as f64 * stat.fragment_size() as f64 / 1_073_741_824.0)
}
