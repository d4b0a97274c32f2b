//! Data to standard output, everything else to standard error.

use crate::exit::{Failure, INTERNAL};
use seedband::{Report, printable, terminal_table};
use serde::Serialize;
use std::fmt::Display;
use std::io::{self, ErrorKind, Write};

/// Prints data. A reader that has gone, as in `seedband show … | head`, is no error.
pub(crate) fn data(text: &str) -> Result<(), Failure> {
    is_read(text).map(|_| ())
}

/// The same for who has more to print; false once the reader has gone.
pub(crate) fn is_read(text: &str) -> Result<bool, Failure> {
    is_read_as_is(&printable(text))
}

/// The same for JSON, whose strings are data.
pub(crate) fn is_read_as_is(text: &str) -> Result<bool, Failure> {
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
    is_read_as_is(&format!("{text}\n")).map(|_| ())
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
    let _ = writeln!(io::stderr(), "{}", printable(text));
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

/// A size as people say it, in powers of 1000.
pub(crate) fn bytes(bytes: u64) -> String {
    let units = ["kB", "MB", "GB", "TB"];
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    let mut value = bytes as f64 / 1000.0;
    let mut unit = 0;
    // 999.95 would be shown as 1000.0.
    while value >= 999.95 && unit + 1 < units.len() {
        value /= 1000.0;
        unit += 1;
    }
    format!("{value:.1} {}", units[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_well() {
        let shown: Vec<String> = [0, 999, 1000, 999_949, 999_950, 1_234_567_890, u64::MAX]
            .into_iter()
            .map(bytes)
            .collect();
        let expected = [
            "0 B",
            "999 B",
            "1.0 kB",
            "999.9 kB",
            "1.0 MB",
            "1.2 GB",
            "18446744.1 TB",
        ];
        assert_eq!(shown, expected);
    }
}
