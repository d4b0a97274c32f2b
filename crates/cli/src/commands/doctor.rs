//! `seedband doctor`: what a run would find on this machine.

use crate::args::Doctor;
use crate::exit::{BAD_SETUP, DONE, Failure};
use crate::output;
use seedband::{VERSION, doctor, error_chain};
use std::fmt::Write;

pub(crate) fn run(args: &Doctor) -> Result<u8, Failure> {
    let found = doctor(args.worker.as_deref(), &args.results);
    let mut text = format!("seedband {VERSION}\n");
    // Writing to a string cannot fail.
    let _ = writeln!(text, "processor: {}, {} cores to use", found.cpu, found.machine.cores);
    if let Some(memory) = found.machine.memory {
        let _ = writeln!(text, "memory: {} to use", output::bytes(memory));
    }
    let named = found.machine.cuda.iter().enumerate();
    let named: Vec<String> = named.map(|(index, entry)| format!("cuda:{index} `{entry}`")).collect();
    let cuda = if named.is_empty() {
        "none".to_owned()
    } else {
        named.join(", ")
    };
    let _ = writeln!(text, "CUDA devices: {cuda} (by {})", found.machine.cuda_source);
    match &found.worker {
        Ok(worker) => {
            let _ = writeln!(text, "worker: `{}`, {}", worker.path.display(), worker.version);
            for (device, tried) in &found.devices {
                let _ = match tried {
                    Ok(ready) => writeln!(text, "{device}: a worker is ready there, {ready}"),
                    Err(problem) => writeln!(text, "{device}: no worker starts there: {problem}"),
                };
            }
            for (name, value) in &worker.variables {
                let _ = writeln!(text, "worker runs with: {}={}", name.display(), value.display());
            }
        }
        Err(error) => {
            output::error(&error_chain(error));
            let _ = writeln!(text, "worker: not usable; show, aggregate and report work without it");
        }
    }
    let results = args.results.display();
    let _ = match found.free_bytes {
        Some(bytes) => writeln!(
            text,
            "results: `{results}`, {:.1} GiB free",
            bytes as f64 / 1_073_741_824.0
        ),
        None => writeln!(text, "results: `{results}` cannot be looked at"),
    };
    output::data(&text)?;
    let is_usable = found.worker.is_ok() && found.devices.iter().all(|(_, tried)| tried.is_ok());
    Ok(if is_usable { DONE } else { BAD_SETUP })
}
