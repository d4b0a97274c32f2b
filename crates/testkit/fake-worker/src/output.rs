//! Where the worker speaks: over the runner's socket, or by hand over standard input and output.

use crate::Result;
use seedband_core::protocol::{CHANNEL, Event, to_line};
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::sync::OnceLock;

static SOCKET: OnceLock<UnixStream> = OnceLock::new();

/// Connects to the runner, if there is one, and gives what it will ask.
pub(crate) fn connect() -> Result<Box<dyn BufRead>> {
    let Some(path) = std::env::var_os(CHANNEL) else {
        return Ok(Box::new(io::stdin().lock()));
    };
    let socket = SOCKET.get_or_init(|| UnixStream::connect(path).unwrap_or_else(|error| panic!("no runner: {error}")));
    Ok(Box::new(BufReader::new(socket.try_clone()?)))
}

/// Says an event.
pub(crate) fn say(event: &Event) -> Result {
    write(to_line(event).as_bytes())
}

/// Writes anything where events belong.
pub(crate) fn write(bytes: &[u8]) -> Result {
    if let Some(mut socket) = SOCKET.get() {
        return Ok(socket.write_all(bytes)?);
    }
    let mut output = io::stdout().lock();
    output.write_all(bytes)?;
    Ok(output.flush()?)
}

/// A line on standard error.
pub(crate) fn log(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}
