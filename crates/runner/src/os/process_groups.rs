//! The process groups of all workers of this process, whatever run they belong to: signals come to a process, not to a
//! run.

use crate::os::guard::Guard;
use nix::sys::signal::{Signal, killpg, raise};
use nix::unistd::Pid;
use std::io;
use std::os::unix::process::CommandExt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::process::{Child, Command};

static GROUPS: Mutex<ProcessGroups> = Mutex::new(ProcessGroups {
    all: Vec::new(),
    guard: None,
});

fn groups() -> MutexGuard<'static, ProcessGroups> {
    GROUPS.lock().unwrap_or_else(PoisonError::into_inner)
}

#[derive(Debug)]
struct ProcessGroups {
    all: Vec<Pid>,
    /// Started with the first worker. Again with the next one, should somebody have killed it.
    guard: Option<Guard>,
}

impl ProcessGroups {
    fn add(&mut self, group: Pid) {
        self.all.push(group);
        let known = self.guard.as_mut().is_some_and(|guard| guard.add(group).is_ok());
        if !known {
            self.guard = None;
            match self.guarded() {
                Ok(guard) => self.guard = Some(guard),
                Err(error) => {
                    tracing::warn!(%error, "no guard: what workers start outlives this process if it is killed");
                }
            }
        }
    }

    /// A new guard that knows of every group.
    fn guarded(&self) -> io::Result<Guard> {
        let mut guard = Guard::start()?;
        for &group in &self.all {
            guard.add(group)?;
        }
        Ok(guard)
    }

    fn end(&mut self, group: Pid) {
        self.all.retain(|&other| other != group);
        if let Some(guard) = &mut self.guard {
            // One that is gone is noticed by the next worker.
            let _ = guard.end(group);
        }
    }

    fn signal(&self, signal: Signal) {
        for &group in &self.all {
            // One that has ended has nothing to be signalled.
            let _ = killpg(group, signal);
        }
    }
}

/// A worker's process group: the worker and all it has started, but for what left the group. Killed when this is
/// dropped.
#[derive(Debug)]
pub(crate) struct ProcessGroup(Pid);

impl ProcessGroup {
    /// Starts `command` as the first of a new group.
    ///
    /// # Errors
    /// It does not start.
    pub(crate) fn spawn(command: &mut Command) -> io::Result<(Child, Self)> {
        command.process_group(0);
        // Locked meanwhile, so that no worker starts while all are being stopped.
        let mut groups = groups();
        let child = command.spawn()?;
        // A process that was just started has an id.
        let id = child.id().ok_or_else(|| io::Error::other("it has no process id"))?;
        Ok((child, Self::of(&mut groups, id)))
    }

    /// The same of a program that is waited for without tokio.
    ///
    /// # Errors
    /// It does not start.
    pub(crate) fn spawn_std(command: &mut std::process::Command) -> io::Result<(std::process::Child, Self)> {
        command.process_group(0);
        let mut groups = groups();
        let child = command.spawn()?;
        let id = child.id();
        Ok((child, Self::of(&mut groups, id)))
    }

    fn of(groups: &mut ProcessGroups, id: u32) -> Self {
        let group = Pid::from_raw(id as i32);
        groups.add(group);
        Self(group)
    }
}

impl Drop for ProcessGroup {
    /// The group's number is that of the worker's process, and is not given to another one while a process of the group
    /// is left. If none is, the worker has ended a moment ago, and process ids are not used again before all others
    /// have been.
    fn drop(&mut self) {
        let _ = killpg(self.0, Signal::SIGKILL);
        groups().end(self.0);
    }
}

/// Kills every worker with what it has started. Not where somebody starts one at this moment, and a disk does not let
/// it: then the guard does, once this process has ended.
pub(crate) fn kill_all() {
    if let Ok(groups) = GROUPS.try_lock() {
        groups.signal(Signal::SIGKILL);
    }
}

/// Stops every worker with what it has started, then this process; when that is continued, it continues them.
///
/// Stopped by `SIGSTOP`: the kernel ignores `SIGTSTP` for a process group that no shell looks after.
pub(crate) fn suspend() {
    let groups = groups();
    groups.signal(Signal::SIGSTOP);
    // Sent to this thread, so that it has happened when the call returns.
    let _ = raise(Signal::SIGSTOP);
    groups.signal(Signal::SIGCONT);
}
