//! `seedband show`: the result in the terminal.

use crate::args::Show;
use crate::exit::{DONE, Failure};
use crate::opened::Opened;
use crate::output;
use seedband_core::fsio;
use seedband_core::summary::Summary;

pub(crate) fn run(args: &Show) -> Result<u8, Failure> {
    let opened = Opened::new(&args.study, None)?;
    let path = opened.dir.summary();
    if !path.is_file() {
        let shown = opened.dir.root().display();
        return Err(Failure::setup(format!(
            "no results in `{shown}` yet; make them with `seedband run {}`",
            opened.file.display()
        )));
    }
    if args.json {
        output::data(&fsio::read(&path)?)?;
        return Ok(DONE);
    }
    let summary: Summary = fsio::read_json(&path)?;
    output::data(&seedband_report::terminal(&summary))?;
    Ok(DONE)
}
