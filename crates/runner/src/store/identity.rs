//! Who is running: the name, host and process that stand in journals and claims.

use nix::errno::Errno;
use nix::sys::signal::kill;
use nix::unistd::{Pid, gethostname};
use std::fs;

/// A process that runs trials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunnerIdentity {
    /// `<host>-<pid>-<Unix time in milliseconds>`; names its journal.
    pub name: String,
    /// Host name.
    pub host: String,
    /// Process id on that host.
    pub pid: u32,
    /// When the process started, in clock ticks since boot: what tells it from a later process of the same id.
    pub process_start: u64,
}

impl RunnerIdentity {
    /// This process, under a name of its own for each call.
    pub fn this_process() -> Self {
        let host = this_host();
        let pid = std::process::id();
        let name = format!("{}-{pid}-{}", file_name(&host), jiff::Timestamp::now().as_millisecond());
        Self {
            name,
            host,
            pid,
            process_start: start_of(pid).unwrap_or_default(),
        }
    }

    /// The host's name as part of a file name.
    pub(crate) fn host_as_file_name(&self) -> String {
        file_name(&self.host)
    }

    /// Whether a process of this host with this id and start time is alive. A zombie is not: it cannot write any more.
    pub(crate) fn is_alive(pid: u32, process_start: u64) -> bool {
        match fs::read_to_string(format!("/proc/{pid}/stat")) {
            Ok(stat) => {
                parse_stat(&stat).is_some_and(|(state, start)| start == process_start && !matches!(state, 'Z' | 'X'))
            }
            // The processes of other users can be hidden from /proc; a signal that may not be sent still tells that
            // they are there.
            Err(_) => kill(Pid::from_raw(pid as i32), None) == Err(Errno::EPERM),
        }
    }
}

/// The name of this host.
pub(crate) fn this_host() -> String {
    let name = gethostname().ok().and_then(|name| name.into_string().ok());
    name.filter(|name| !name.is_empty())
        .unwrap_or_else(|| "localhost".to_owned())
}

fn file_name(text: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '-');
    text.chars()
        .map(|letter| if plain(letter) { letter } else { '-' })
        .collect()
}

fn start_of(pid: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    parse_stat(&stat).map(|(_, start)| start)
}

/// State and start time (fields 3 and 22) of `/proc/<pid>/stat`, see `proc_pid_stat(5)`. Field 2 is the program's name
/// in parentheses and may hold anything, parentheses and blanks among it, so fields are counted from the last closing
/// one.
fn parse_stat(stat: &str) -> Option<(char, u64)> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_ascii_whitespace();
    let state = fields.next()?.chars().next()?;
    Some((state, fields.nth(18)?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_program_names_do_not_shift_the_fields() {
        let stat = "7 (a) b) S 1 7 7 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 424242 1 2 3";
        assert_eq!(parse_stat(stat), Some(('S', 424_242)));
        assert_eq!(parse_stat("7 (a"), None);
        assert_eq!(parse_stat(""), None);
    }

    #[test]
    fn this_process_is_alive_and_its_name_is_a_file_name() {
        let runner = RunnerIdentity::this_process();
        assert!(RunnerIdentity::is_alive(runner.pid, runner.process_start));
        assert!(!RunnerIdentity::is_alive(runner.pid, runner.process_start + 1));
        assert_eq!(file_name("a/b c"), "a-b-c");
        assert!(runner.name.starts_with(&file_name(&runner.host)));
    }
}
