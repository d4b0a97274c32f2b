//! Where the worker speaks.

use crate::Result;
use seedband_core::protocol::{Event, to_line};
use std::io::{self, Write};

/// Says an event on standard output.
pub(crate) fn say(event: &Event) -> Result {
    write(to_line(event).as_bytes())
}

/// Writes anything to standard output.
pub(crate) fn write(bytes: &[u8]) -> Result {
    let mut output = io::stdout().lock();
    output.write_all(bytes)?;
    Ok(output.flush()?)
}

/// A line on standard error.
pub(crate) fn log(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}
