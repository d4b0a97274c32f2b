//! The command line of the worker.

use crate::device::DeviceName;
use clap::Parser;

/// Trains the trials that arrive over the socket in `SEEDBAND_CHANNEL`, one JSON line each, and answers with one JSON
/// line an event; without that variable, over standard input and output.
#[derive(Debug, Clone, PartialEq, Eq, Parser)]
#[command(name = "seedband-worker", disable_version_flag = true, args_override_self = true, after_help = AFTER_HELP)]
pub struct Args {
    /// Where to compute: `cpu` or `cuda:<index>`
    #[arg(long, default_value = "cpu")]
    pub device: DeviceName,
    /// Threads of one operation on the CPU, 1 to 1024
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(i32).range(1..=1024))]
    pub threads: i32,
    /// Print the version, and that of libtorch, and end
    #[arg(short = 'V', long)]
    pub version: bool,
}

const AFTER_HELP: &str = "\
The log goes to standard error; RUST_LOG sets what it holds (default: warn).
Exit status: 0 the other side has closed, 1 writing failed, 2 wrong usage or an unreadable request,
3 the device is not there.";

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Args, String> {
        let words = std::iter::once("seedband-worker").chain(line.split_whitespace());
        Args::try_parse_from(words).map_err(|error| error.to_string())
    }

    #[test]
    fn options_have_defaults_and_two_spellings() {
        let default = Args {
            device: DeviceName::Cpu,
            threads: 1,
            version: false,
        };
        assert_eq!(parsed(""), Ok(default.clone()));
        let cuda = Ok(Args {
            device: DeviceName::Cuda(3),
            threads: 4,
            ..default
        });
        assert_eq!(parsed("--device cuda:3 --threads 4"), cuda);
        assert_eq!(parsed("--device=cuda:3 --threads=4"), cuda);
        assert_eq!(parsed("--threads 1 --device cpu --device cuda:3 --threads 4"), cuda);
        assert!(parsed("--threads 2 -V").is_ok_and(|args| args.version));
    }

    #[test]
    fn nonsense_is_named() {
        for (line, part) in [
            ("--devise cpu", "'--devise'"),
            ("--device", "'--device <DEVICE>'"),
            (
                "--device tpu",
                "unknown device `tpu`; known are `cpu` and `cuda:<index>`",
            ),
            ("--threads 0", "0 is not in 1..=1024"),
            ("--threads 1025", "1025 is not in 1..=1024"),
            ("--threads many", "'many'"),
        ] {
            let message = parsed(line).unwrap_err();
            assert!(message.contains(part), "{line}: {message}");
        }
    }
}
