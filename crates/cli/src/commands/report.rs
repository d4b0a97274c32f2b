//! `seedband report`: aggregate, and write the report.

use super::aggregate::aggregate;
use crate::args::Results;
use crate::exit::{DONE, Failure};
use crate::opened::Opened;
use crate::output::{self, say};
use seedband_core::files::fsio;
use seedband_core::files::provenance::Provenance;
use std::path::PathBuf;

pub(crate) fn run(args: &Results, quiet: bool) -> Result<u8, Failure> {
    let opened = Opened::new(&args.study, None)?;
    let (table, page) = report(&opened)?;
    output::data(&table)?;
    if !quiet {
        say(&format!("report: {}", page.display()));
    }
    Ok(DONE)
}

/// Aggregates what there is and writes the report; gives the terminal table and the page.
pub(crate) fn report(opened: &Opened) -> Result<(String, PathBuf), Failure> {
    let summary = aggregate(opened)?;
    let path = opened.dir.provenance();
    let provenance: Option<Provenance> = if path.is_file() {
        Some(fsio::read_json(&path)?)
    } else {
        None
    };
    let written = seedband_report::write(&summary, provenance.as_ref(), &opened.dir.report())?;
    Ok((seedband_report::terminal(&summary), written.index))
}
