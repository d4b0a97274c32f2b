//! A small process that ends what a runner leaves behind when it is killed.
//!
//! The kernel kills each worker with its runner ([`os::prepare`](crate::os::unsafe_calls::prepare)), but not what the
//! worker itself has started, such as the data loaders of a Python program. So a shell stands beside the runner, in a
//! process group of its own and deaf to the signals that end or suspend a job, and reads from a pipe which groups there
//! are. The pipe closes when the runner ends, in whatever way; then the shell kills the groups that are left, and ends.

use nix::unistd::Pid;
use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, Command, Stdio};

/// POSIX shell. `live` holds the groups between blanks.
const SCRIPT: &str = r#"
trap '' HUP INT QUIT TERM TSTP USR1 USR2
live=' '
while read -r what group; do
    case $what in
    add) live="$live$group " ;;
    end) live="${live%% $group *} ${live#* $group }" ;;
    esac
done
for group in $live; do kill -s KILL -- "-$group"; done
"#;

/// A guard at work. It ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Guard {
    shell: Child,
    /// None once it is to end.
    orders: Option<ChildStdin>,
}

impl Guard {
    /// Starts a guard that knows of no group.
    ///
    /// # Errors
    /// There is no `/bin/sh`, or no process to be had.
    pub(crate) fn start() -> io::Result<Self> {
        let mut shell = Command::new("/bin/sh")
            .args(["-c", SCRIPT, "seedband-guard"])
            // Nothing of the runner's is held: neither its folder nor its output.
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()?;
        let orders = shell.stdin.take();
        Ok(Self { shell, orders })
    }

    /// Kills this group too, once this process has ended.
    ///
    /// # Errors
    /// The guard is gone.
    pub(crate) fn add(&mut self, group: Pid) -> io::Result<()> {
        self.tell("add", group)
    }

    /// Forgets a group that was added.
    ///
    /// # Errors
    /// The guard is gone.
    pub(crate) fn end(&mut self, group: Pid) -> io::Result<()> {
        self.tell("end", group)
    }

    fn tell(&mut self, what: &str, group: Pid) -> io::Result<()> {
        let orders = self.orders.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        // In one write, so that a runner that is killed meanwhile has said all of it or nothing.
        orders.write_all(format!("{what} {group}\n").as_bytes())
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        // A guard that is dropped is one that was killed by somebody: it only has to be taken note of.
        self.orders = None;
        let _ = self.shell.wait();
    }
}
