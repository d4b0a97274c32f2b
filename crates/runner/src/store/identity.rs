//! Who is running: the name, the process and the place that stand in journals and claims.

use nix::errno::Errno;
use nix::sys::signal::kill;
use nix::unistd::Pid;
use seedband_core::files::fsio;
use seedband_core::{host_name, token};
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::Path;

/// A process that runs trials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunnerIdentity {
    /// `<host>-<pid>-<token>`, a name that no other runner has; names its journal.
    pub name: String,
    /// The process.
    pub process: Process,
}

/// A process and where it is: what tells it from every other one that ever was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Process {
    /// Host name.
    pub host: String,
    /// Process id, in its own namespace.
    pub pid: u32,
    /// When the process started, in clock ticks since boot; 0 where that cannot be told.
    #[serde(rename = "process-start")]
    pub start: u64,
    /// The boot that it belongs to: `/proc/sys/kernel/random/boot_id`. Absent where that cannot be told.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub boot: Option<String>,
    /// Its namespaces of process ids and of times, by which both numbers are counted: `pid:[4026531836]
    /// time:[4026531834]`. Absent where they cannot be told.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub namespaces: Option<String>,
    /// The job of a scheduler that it belongs to, for example `SLURM_JOB_ID=4711`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub job: Option<String>,
}

/// What can be told of whether a process lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Liveness {
    Alive,
    /// It is gone for certain.
    Dead,
    /// It runs on another host or in another container, or the system does not say.
    Unknown,
}

/// Variables by which schedulers name a job: Slurm, PBS, LSF, Grid Engine, `HTCondor`.
const JOBS: [&str; 5] = ["SLURM_JOB_ID", "PBS_JOBID", "LSB_JOBID", "JOB_ID", "CONDOR_JOB_ID"];

impl RunnerIdentity {
    /// This process, under a name of its own for each call.
    pub fn this_process() -> Self {
        let process = Process::this();
        let name = format!("{}-{}-{}", file_name(&process.host), process.pid, token());
        Self { name, process }
    }

    /// The host's name as part of a file name.
    pub(crate) fn host_as_file_name(&self) -> String {
        file_name(&self.process.host)
    }
}

impl Process {
    /// This process.
    pub fn this() -> Self {
        let pid = std::process::id();
        let has_proc = proc_is_ours(pid);
        let namespace = |name: &str| {
            let link = fs::read_link(format!("/proc/self/ns/{name}")).ok()?;
            link.into_os_string().into_string().ok()
        };
        let namespaces = || Some(format!("{} {}", namespace("pid")?, namespace("time")?));
        let boot = fsio::read(Path::new("/proc/sys/kernel/random/boot_id")).ok();
        let job = |name: &str| Some(format!("{name}={}", std::env::var(name).ok()?));
        Self {
            host: host_name(),
            pid,
            start: stat_of(pid).filter(|_| has_proc).map_or(0, |(_, start)| start),
            boot: boot.map(|boot| boot.trim().to_owned()),
            namespaces: namespaces().filter(|_| has_proc),
            job: JOBS.iter().find_map(|name| job(name)),
        }
    }

    /// Whether this process is known to live, as far as `here` can tell. Nothing is taken for death but the word of the
    /// kernel that counts this process: the same boot, the same namespaces, and no such process, or one that started
    /// later.
    pub(crate) fn liveness(&self, here: &Self) -> Liveness {
        if !self.is_beside(here) {
            return Liveness::Unknown;
        }
        let Some(pid) = i32::try_from(self.pid).ok().filter(|pid| *pid > 0) else {
            return Liveness::Unknown;
        };
        if kill(Pid::from_raw(pid), None) == Err(Errno::ESRCH) {
            return Liveness::Dead;
        }
        match stat_of(self.pid) {
            // A zombie cannot write any more.
            Some(('Z' | 'X', _)) => Liveness::Dead,
            Some((_, start)) if start == self.start => Liveness::Alive,
            Some(_) if self.start > 0 => Liveness::Dead,
            // Other users' processes can be hidden, and files can be short.
            Some(_) | None => Liveness::Unknown,
        }
    }

    /// Whether both are counted by the same kernel in the same namespaces.
    fn is_beside(&self, here: &Self) -> bool {
        let is_same = |one: &Option<String>, other: &Option<String>| one.is_some() && one == other;
        self.host == here.host && is_same(&self.boot, &here.boot) && is_same(&self.namespaces, &here.namespaces)
    }
}

/// Whether `/proc` counts processes as this one is counted: a container may see that of its host.
fn proc_is_ours(pid: u32) -> bool {
    fs::read_link("/proc/self").is_ok_and(|link| link.to_str() == Some(&pid.to_string()))
}

fn file_name(text: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '-');
    text.chars()
        .map(|letter| if plain(letter) { letter } else { '-' })
        .collect()
}

fn stat_of(pid: u32) -> Option<(char, u64)> {
    parse_stat(&fsio::read(Path::new(&format!("/proc/{pid}/stat"))).ok()?)
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
    fn names_are_file_names_and_differ() {
        let (one, other) = (RunnerIdentity::this_process(), RunnerIdentity::this_process());
        assert_eq!(file_name("a/b c"), "a-b-c");
        assert!(one.name.starts_with(&file_name(&one.process.host)));
        assert_ne!(one.name, other.name);
    }

    /// Whatever cannot be known is not death.
    #[test]
    fn dead_is_what_is_known_to_be_dead() {
        let here = Process::this();
        let liveness = |change: fn(&mut Process)| {
            let mut process = here.clone();
            change(&mut process);
            process.liveness(&here)
        };
        assert_eq!(liveness(|_| ()), Liveness::Alive);
        assert_eq!(liveness(|process| process.start += 1), Liveness::Dead);
        // Linux counts processes below 2^22.
        assert_eq!(liveness(|process| process.pid = 5_000_000), Liveness::Dead);
        for change in [
            (|process: &mut Process| process.host.push('x')) as fn(&mut Process),
            |process| process.boot = Some("another".into()),
            |process| process.boot = None,
            |process| process.namespaces = Some("pid:[1] time:[1]".into()),
            |process| process.namespaces = None,
            |process| process.start = 0,
            |process| process.pid = 0,
            |process| process.pid = u32::MAX,
        ] {
            assert_eq!(liveness(change), Liveness::Unknown);
        }
    }
}
