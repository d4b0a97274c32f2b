//! The calls into the operating system that Rust counts as unsafe.
#![expect(
    unsafe_code,
    reason = "code between fork and exec, and resetting a signal, have no safe form"
)]

use nix::sched::{CpuSet, sched_setaffinity};
use nix::sys::prctl::set_pdeathsig;
use nix::sys::signal::{SigHandler, Signal, signal};
use nix::unistd::{Pid, getppid};
use std::io;
use std::os::unix::process::CommandExt;
use std::process::Command;

/// Makes the child of `command` die with the thread that spawns it, by `SIGKILL`; with `cores`, binds it and all it
/// starts to them.
///
/// Cores that the child may not use (any more) are left out by the kernel, and if none is left, it runs where the
/// runner may.
///
/// The kernel sends the signal when the spawning *thread* ends, not the process (prctl(2), `PR_SET_PDEATHSIG`). So
/// spawn from a task of the runtime: its worker threads live until the runtime is dropped. Not from `spawn_blocking`,
/// and with no `block_in_place` in the same runtime: both leave a task on a thread that ends after some idle seconds.
pub(crate) fn prepare(command: &mut Command, cores: Option<CpuSet>) {
    let parent = Pid::this();
    let prepare = move || {
        set_pdeathsig(Signal::SIGKILL)?;
        // Had the parent died before the line above, no signal would ever come.
        if getppid() != parent {
            return Err(io::Error::from(nix::errno::Errno::ESRCH));
        }
        if let Some(cores) = &cores {
            let _ = sched_setaffinity(Pid::from_raw(0), cores);
        }
        Ok(())
    };
    // SAFETY: between fork and exec only async-signal-safe functions may be called. The closure makes three system
    // calls, allocates nothing and takes no lock: the conversions from `Errno` store a number.
    unsafe { command.pre_exec(prepare) };
}

/// Ignores a signal, in this process and in those that it starts.
pub(crate) fn ignore(which: Signal) {
    // SAFETY: to ignore a signal runs no code of this program.
    let _ = unsafe { signal(which, SigHandler::SigIgn) };
}

/// Gives a signal its default action again.
pub(crate) fn reset(which: Signal) {
    // SAFETY: the default action runs no code of this program. The only error is an unknown signal, and callers name
    // known ones.
    let _ = unsafe { signal(which, SigHandler::SigDfl) };
}
