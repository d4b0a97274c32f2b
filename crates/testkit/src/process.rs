//! Processes of others.

use std::time::{Duration, Instant};

/// No test waits a tenth of this; it only turns a hang into a failure.
const TIME_LIMIT: Duration = Duration::from_mins(2);

/// Waits for something that another process does, looking every 5 ms.
///
/// # Panics
/// It is not done after two minutes.
pub fn wait_for(what: &str, mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < TIME_LIMIT, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// What Linux says of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stat {
    /// One letter, for example `S` (asleep), `T` (stopped) or `Z` (zombie).
    pub state: char,
    /// Process id of the parent.
    pub parent: u32,
}

/// What `proc_pid_stat(5)` says of the process with this id; `None` where there is none.
pub fn stat(pid: &str) -> Option<Stat> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name of the program, in parentheses, may hold anything.
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_ascii_whitespace();
    Some(Stat {
        state: fields.next()?.parse().ok()?,
        parent: fields.next()?.parse().ok()?,
    })
}

/// Whether a process is there and no zombie.
pub fn is_alive(pid: &str) -> bool {
    stat(pid).is_some_and(|stat| !matches!(stat.state, 'Z' | 'X'))
}

/// Whether a process has been stopped by a signal.
pub fn is_stopped(pid: &str) -> bool {
    stat(pid).is_some_and(|stat| stat.state == 'T')
}

/// Ids of all processes whose parent is `parent`.
pub fn children(parent: u32) -> Vec<u32> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter(|pid: &u32| stat(&pid.to_string()).is_some_and(|stat| stat.parent == parent))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::{Command, Stdio};

    #[test]
    fn a_child_is_seen_from_its_start_to_its_end() {
        // `cat` ends with its input.
        let mut child = Command::new("cat").stdin(Stdio::piped()).spawn().unwrap();
        let pid = child.id().to_string();
        assert_eq!(stat(&pid).unwrap().parent, std::process::id());
        assert!(is_alive(&pid) && !is_stopped(&pid));
        assert!(children(std::process::id()).contains(&child.id()));
        drop(child.stdin.take());
        wait_for("the child to end", || !is_alive(&pid));
        // Nobody has waited for it yet.
        assert_eq!(stat(&pid).unwrap().state, 'Z');
        child.wait().unwrap();
        assert_eq!(stat(&pid), None);
    }
}
