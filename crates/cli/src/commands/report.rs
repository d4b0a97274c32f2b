//! `seedband report`: aggregate, and write the report.

use crate::args::Results;
use crate::exit::{DONE, Failure};
use crate::output;

pub(crate) fn run(args: &Results, quiet: bool) -> Result<u8, Failure> {
    output::report(&args.study.open(None)?.report()?, quiet)?;
    Ok(DONE)
}
