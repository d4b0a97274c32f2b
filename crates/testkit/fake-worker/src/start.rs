//! The worker's first words.

use crate::behaviour::Start;
use crate::misbehave::{crash, hang};
use crate::output::{log, say, write};
use crate::{Result, VERSION};
use seedband_core::protocol::{self, Event, Ready};
use std::process::exit;
use std::time::Duration;

/// Says `ready`, or what the script has in its place.
pub(crate) fn greet(start: Option<Start>, one_trial: bool, device: String) -> Result {
    let mut ready = Ready {
        one_trial,
        protocol: protocol::VERSION,
        worker: VERSION.into(),
        device,
        libraries: vec!["no libraries".into()],
    };
    match start {
        None => {}
        Some(Start::Silent) => hang(),
        Some(Start::Late(milliseconds)) => std::thread::sleep(Duration::from_millis(milliseconds)),
        Some(Start::Version(version)) => ready.protocol = version,
        Some(Start::Garbage) => write(b"hello\n")?,
        Some(Start::Exit(status)) => {
            log("error while loading shared libraries: libfake.so");
            exit(status);
        }
        Some(Start::Crash) => crash(),
    }
    say(&Event::Ready(ready))
}
