//! `seedband weights`: initial weights of trials, trained or not, as files that PyTorch loads.

use crate::args::Weights;
use crate::exit::{DONE, Failure};
use crate::opened::Opened;
use crate::output;
use seedband_runner::{Timeouts, WorkerProgram, save_weights_blocking};
use std::fmt::Write;

pub(crate) fn run(args: &Weights) -> Result<u8, Failure> {
    let mut opened = Opened::new(&args.study, None)?;
    keep(&mut opened, &args.configs)?;
    let work = Opened::with_data(opened.study.trials())?;
    let program = WorkerProgram::find(args.worker.as_deref())?;
    let mut paths = String::new();
    let saved = save_weights_blocking(&opened.dir, &program, work, &Timeouts::default(), |_, path| {
        // Writing to a string cannot fail.
        let _ = writeln!(paths, "{}", path.display());
    });
    // What was written before something went wrong is there, so it is said.
    output::data(&paths)?;
    saved?;
    Ok(DONE)
}

/// Leaves the configs of these names in the study; all where none is named.
fn keep(opened: &mut Opened, names: &[String]) -> Result<(), Failure> {
    let configs = &mut opened.study.configs;
    if let Some(unknown) = names
        .iter()
        .find(|name| configs.iter().all(|config| config.name != **name))
    {
        let known: Vec<String> = configs.iter().map(|config| format!("`{}`", config.name)).collect();
        return Err(Failure::setup(format!(
            "unknown config `{unknown}`; known are {}",
            known.join(", ")
        )));
    }
    if !names.is_empty() {
        configs.retain(|config| names.contains(&config.name));
    }
    Ok(())
}
