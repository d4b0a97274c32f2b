//! What a run would find on this machine.

use crate::machine::cpu_model;
use nix::sys::statvfs::statvfs;
use seedband_core::printable;
use seedband_core::protocol::{CHANNEL, Event};
use seedband_core::settings::Run;
use seedband_runner::{Machine, Slot, WorkerProgram, WorkerProgramError, ask_program, slots};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// Loading libtorch from a cold network disk can take the better part of a minute.
const LIMIT: Duration = Duration::from_mins(1);

/// What a run would find on this machine.
#[derive(Debug)]
pub struct Diagnosis {
    /// The processor as the system names it.
    pub cpu: String,
    /// Cores to use, and CUDA devices.
    pub machine: Machine,
    /// The worker program, or why there is none that starts.
    pub worker: Result<WorkerInfo, WorkerProgramError>,
    /// The devices that a run would use, `cpu` or `cuda:<index>`, each with what a worker says of it once it has
    /// computed there; or why it does not start. Empty without a worker.
    pub devices: Vec<(String, Result<String, String>)>,
    /// Free bytes where results would go; absent where the disk cannot be looked at.
    pub free_bytes: Option<u64>,
}

/// A worker program that starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerInfo {
    /// The executable.
    pub path: PathBuf,
    /// What it says of itself, for example `seedband-worker 0.1.0, libtorch 2.11.0`.
    pub version: String,
    /// Environment variables that it is started with.
    pub variables: Vec<(OsString, OsString)>,
}

/// Looks at processor, devices, worker and the disk of the folder `results`, which need not exist. `worker` as in
/// [`RunOptions`](crate::RunOptions). Runs programs and may take some seconds.
pub fn doctor(worker: Option<&Path>, results: &Path) -> Diagnosis {
    let machine = Machine::detect();
    let worker = WorkerProgram::find(worker);
    let each = Run {
        cpu_slots: Some(1),
        ..Run::default()
    };
    let slots = slots(&each, &machine, usize::MAX).unwrap_or_default();
    let devices = worker.as_ref().map_or_else(
        |_| Vec::new(),
        |worker| {
            let tried = slots.iter().map(|slot| (slot.device.to_string(), ready(worker, slot)));
            tried.collect()
        },
    );
    Diagnosis {
        cpu: cpu_model(),
        machine,
        worker: worker.map(info),
        devices,
        free_bytes: free_bytes(results),
    }
}

fn info(worker: WorkerProgram) -> WorkerInfo {
    let mut command = Command::new(&worker.path);
    command.envs(worker.variables.iter().cloned()).arg("--version");
    let version = ask_program(&mut command, Instant::now() + LIMIT).map_or_else(
        |error| error.to_string(),
        |answer| String::from_utf8_lossy(&answer.stdout).trim().replace('\n', ", "),
    );
    WorkerInfo {
        path: worker.path,
        version,
        variables: worker.variables,
    }
}

/// Starts a worker on a device as a run does, and reads what it says once it is ready.
fn ready(worker: &WorkerProgram, slot: &Slot) -> Result<String, String> {
    let mut command = Command::new(&worker.path);
    command
        .args(slot.arguments())
        .envs(worker.variables.iter().cloned())
        .envs(slot.variables())
        .env_remove(CHANNEL);
    let answer = ask_program(&mut command, Instant::now() + LIMIT).map_err(|error| error.to_string())?;
    let first = answer.stdout.split(|byte| *byte == b'\n').next().unwrap_or_default();
    match serde_json::from_slice(first) {
        Ok(Event::Ready(ready)) if answer.status.success() => {
            Ok(format!("{} ({})", ready.device, ready.libraries.join(", ")))
        }
        _ => {
            let said = String::from_utf8_lossy(&answer.stderr);
            let last = said.lines().map(str::trim).rfind(|line| !line.is_empty());
            Err(last.map_or_else(
                || format!("it ended, {}", answer.status),
                |line| printable(line).into_owned(),
            ))
        }
    }
}

/// Free space where `folder` is or would be made.
fn free_bytes(folder: &Path) -> Option<u64> {
    let absolute = std::path::absolute(folder).ok()?;
    let there = absolute.ancestors().find(|folder| folder.is_dir())?;
    let stat = statvfs(there).ok()?;
    Some(stat.blocks_available().saturating_mul(stat.fragment_size()))
}
