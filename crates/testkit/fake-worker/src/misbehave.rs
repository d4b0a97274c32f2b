//! What no worker should do.

use crate::Result;
use crate::output::log;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::process::Command;

/// Kills itself, as nothing inside the process can foresee.
pub(crate) fn crash() -> ! {
    let _ = kill(Pid::this(), Signal::SIGKILL);
    hang()
}

pub(crate) fn hang() -> ! {
    loop {
        std::thread::park();
    }
}

/// Takes memory and writes to every page of it.
pub(crate) fn allocate(mebibytes: usize) {
    let mut taken = Vec::new();
    for _ in 0..mebibytes {
        taken.push(vec![1_u8; 1 << 20]);
    }
    log(&format!("{} MiB taken", std::hint::black_box(taken).len()));
}

/// Leaves the work to a child.
pub(crate) fn start_child() -> Result {
    let child = Command::new("sleep").arg("600").spawn()?;
    log(&format!("child {}", child.id()));
    hang()
}
