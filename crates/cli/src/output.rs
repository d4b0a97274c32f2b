//! Data to standard output, everything else to standard error.

use crate::exit::{Failure, INTERNAL};
use serde::Serialize;
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
        Err(error) => Err(Failure {
            status: INTERNAL,
            message: format!("cannot write to standard output: {error}"),
        }),
    }
}

/// Prints a value as JSON.
pub(crate) fn json<T: Serialize>(value: &T) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value).map_err(|error| Failure {
        status: INTERNAL,
        message: error.to_string(),
    })?;
    data(&format!("{text}\n"))
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

/// Seconds as people say them: `8 s`, `3 min 20 s`, `2 h 5 min`.
pub(crate) fn duration(seconds: f64) -> String {
    let whole = seconds.max(0.0).round() as u64;
    match whole {
        0 if seconds > 0.0 => "under 1 s".into(),
        0..60 => format!("{whole} s"),
        60..3600 => format!("{} min {} s", whole / 60, whole % 60),
        _ => format!("{} h {} min", whole / 3600, whole % 3600 / 60),
    }
}

/// `1 trial`, `3 trials`.
pub(crate) fn count(n: usize, thing: &str) -> String {
    format!("{n} {thing}{}", if n == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_well() {
        let shown: Vec<String> = [0.0, 0.2, 8.4, 61.0, 7500.0].into_iter().map(duration).collect();
        assert_eq!(shown, ["0 s", "under 1 s", "8 s", "1 min 1 s", "2 h 5 min"]);
    }
}
