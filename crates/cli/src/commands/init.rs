//! `seedband init`: a commented study to start from.

use crate::args::Init;
use crate::exit::{DONE, Failure};
use crate::output::say;
use seedband_core::files::fsio;

/// The study that `init` writes.
pub(crate) const TEMPLATE: &str = include_str!("../../templates/study.toml");

pub(crate) fn run(args: &Init) -> Result<u8, Failure> {
    let shown = args.file.display();
    if args.file.exists() && !args.force {
        return Err(Failure::setup(format!(
            "`{shown}` is there already; name another file, or overwrite it with `--force`"
        )));
    }
    fsio::write_atomic(&args.file, TEMPLATE.as_bytes())?;
    say(&format!("wrote `{shown}`; next: seedband run {shown}"));
    Ok(DONE)
}
