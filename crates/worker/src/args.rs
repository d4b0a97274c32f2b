//! The command line of the worker.

use crate::device::Place;
use std::ffi::OsString;

/// The text of `--help`.
pub const HELP: &str = "\
Trains the trials that arrive on standard input, one JSON line each, and writes one JSON line an event to standard output.

Usage: seedband-worker [--device cpu|cuda:<index>] [--threads <count>]

  --device <device>  where to compute: `cpu` or `cuda:<index>` (default: cpu)
  --threads <count>  threads of one operation on the CPU, 1 to 1024 (default: 1)
  --version          say the version and end
  --help             say this and end

The log goes to standard error; RUST_LOG sets what it holds (default: warn).
Exit status: 0 standard input or output was closed, 1 writing failed, 2 wrong usage or an unreadable request,
3 the device is not there.
";

/// What the command line asks for.
#[derive(Debug, PartialEq, Eq)]
pub enum Command {
    /// Say the help text.
    Help,
    /// Say the version.
    Version,
    /// Train what standard input asks for.
    Serve {
        /// Where to compute.
        device: Place,
        /// Threads of one operation on the CPU.
        threads: i32,
    },
}

/// A command line that makes no sense.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum UsageError {
    /// No such option.
    #[error("unknown argument `{0}`; known are `--device`, `--threads`, `--version`, `--help`")]
    Unknown(String),
    /// An option without its value.
    #[error("`{0}` needs a value")]
    NoValue(String),
    /// A device that has no such name.
    #[error("unknown device `{0}`; known are `cpu` and `cuda:<index>`, for example `cuda:0`")]
    Device(String),
    /// Not a number of threads.
    #[error("`{0}` is not a number of threads from 1 to 1024")]
    Threads(String),
}

/// Reads the arguments after the program's name. Both `--key value` and `--key=value` are understood; the last of several counts.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, UsageError> {
    let mut arguments = arguments
        .into_iter()
        .map(|argument| argument.to_string_lossy().into_owned());
    let (mut device, mut threads) = (Place::Cpu, 1);
    while let Some(argument) = arguments.next() {
        let (key, mut value) = match argument.split_once('=') {
            Some((key, value)) => (key.to_owned(), Some(value.to_owned())),
            None => (argument, None),
        };
        match key.as_str() {
            "--help" | "-h" => return Ok(Command::Help),
            "--version" | "-V" => return Ok(Command::Version),
            "--device" | "--threads" => {
                let value = value
                    .take()
                    .or_else(|| arguments.next())
                    .ok_or_else(|| UsageError::NoValue(key.clone()))?;
                if key == "--device" {
                    device = Place::parse(&value).ok_or(UsageError::Device(value))?;
                } else {
                    let count = value.parse().ok().filter(|count| (1..=1024).contains(count));
                    threads = count.ok_or(UsageError::Threads(value))?;
                }
            }
            _ => return Err(UsageError::Unknown(key)),
        }
    }
    Ok(Command::Serve { device, threads })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Command, UsageError> {
        parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn options_have_defaults_and_two_spellings() {
        assert_eq!(
            parsed(""),
            Ok(Command::Serve {
                device: Place::Cpu,
                threads: 1
            })
        );
        let cuda = Ok(Command::Serve {
            device: Place::Cuda(3),
            threads: 4,
        });
        assert_eq!(parsed("--device cuda:3 --threads 4"), cuda);
        assert_eq!(parsed("--device=cuda:3 --threads=4"), cuda);
        assert_eq!(parsed("--threads 2 --version"), Ok(Command::Version));
        assert_eq!(parsed("--help"), Ok(Command::Help));
    }

    #[test]
    fn nonsense_is_named() {
        assert_eq!(parsed("--devise cpu"), Err(UsageError::Unknown("--devise".into())));
        assert_eq!(parsed("--device"), Err(UsageError::NoValue("--device".into())));
        for name in ["tpu", "cuda", "cuda:", "cuda:-1", "cuda:x", "CPU"] {
            assert_eq!(
                parsed(&format!("--device {name}")),
                Err(UsageError::Device(name.into()))
            );
        }
        for count in ["0", "-1", "1025", "many"] {
            assert_eq!(
                parsed(&format!("--threads {count}")),
                Err(UsageError::Threads(count.into()))
            );
        }
    }
}
