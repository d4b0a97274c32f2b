//! `seedband aggregate`: medians, bands and ranges of what has been run.

use crate::args::Results;
use crate::exit::{DONE, Failure};
use crate::output::{self, say};
use seedband::terminal_table;

pub(crate) fn run(args: &Results, quiet: bool) -> Result<u8, Failure> {
    let session = args.study.open(None)?;
    output::data(&terminal_table(&session.aggregate()?))?;
    if !quiet {
        say(&format!("tables: {}", session.dir().aggregate().display()));
    }
    Ok(DONE)
}
