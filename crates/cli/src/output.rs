//! Data to standard output, everything else to standard error.

use crate::exit::{Failure, INTERNAL};
use seedband::{Report, terminal_table};
use serde::Serialize;
use std::fmt::Display;
use std::io::{self, ErrorKind, Write};

/// Prints data. A reader that has gone, as in `seedband show … | head`, is no error.
pub(crate) fn data(text: &str) -> Result<(), Failure> {
    is_read(text).map(|_| ())
}

/// The same for who has more to print; false once the reader has gone.
pub(crate) fn is_read(text: &str) -> Result<bool, Failure> {
    let mut out = io::stdout().lock();
    still_read(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
}

/// Whether a write to standard output still found a reader.
pub(crate) fn still_read(written: io::Result<()>) -> Result<bool, Failure> {
    match written {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(internal(format!("cannot write to standard output: {error}"))),
    }
}

/// Prints a value as JSON.
pub(crate) fn json<T: Serialize>(value: &T) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value).map_err(internal)?;
    data(&format!("{text}\n"))
}

/// A value as JSON on one line.
pub(crate) fn json_line<T: Serialize>(value: &T) -> Result<String, Failure> {
    let text = serde_json::to_string(value).map_err(internal)?;
    Ok(format!("{text}\n"))
}

fn internal(error: impl Display) -> Failure {
    Failure {
        status: INTERNAL,
        message: error.to_string(),
    }
}

/// Says something to the person at the terminal.
pub(crate) fn say(text: &str) {
    // There is nobody to tell if standard error is gone.
    let _ = writeln!(io::stderr(), "{text}");
}

/// Says what went wrong.
pub(crate) fn error(text: &str) {
    say(&format!("error: {text}"));
}

/// Prints the result of a study, and where its page is.
pub(crate) fn report(report: &Report, quiet: bool) -> Result<(), Failure> {
    data(&terminal_table(&report.summary))?;
    if !quiet {
        say(&format!("report: {}", report.page.display()));
    }
    Ok(())
}
