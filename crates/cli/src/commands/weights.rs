//! `seedband weights`: initial weights of trials, trained or not, as files that PyTorch loads.

use crate::args::Weights;
use crate::exit::{DONE, Failure};
use crate::output;
use std::fmt::Write;

pub(crate) fn run(args: &Weights) -> Result<u8, Failure> {
    let session = args.study.open(None)?;
    let mut paths = String::new();
    let saved = session.save_weights(&args.configs, args.worker.as_deref(), |path| {
        // Writing to a string cannot fail.
        let _ = writeln!(paths, "{}", path.display());
    });
    // What was written before something went wrong is there, so it is said.
    output::data(&paths)?;
    saved?;
    Ok(DONE)
}
