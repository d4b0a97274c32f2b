//! `seedband init`: a commented study to start from.

use crate::args::Init;
use crate::exit::{DONE, Failure};
use crate::output::say;

pub(crate) fn run(args: &Init) -> Result<u8, Failure> {
    seedband::init(&args.file, args.force)?;
    let shown = args.file.display();
    say(&format!("wrote `{shown}`; next: seedband run {shown}"));
    Ok(DONE)
}
