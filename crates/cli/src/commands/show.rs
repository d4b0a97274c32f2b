//! `seedband show`: the result in the terminal.

use crate::args::Show;
use crate::exit::{DONE, Failure};
use crate::output;
use seedband::terminal_table;

pub(crate) fn run(args: &Show) -> Result<u8, Failure> {
    let summary = args.study.open(None)?.summary()?;
    if args.json {
        output::json(&summary)?;
    } else {
        output::data(&terminal_table(&summary))?;
    }
    Ok(DONE)
}
