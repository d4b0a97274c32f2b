//! Whether there are threads to be had, before libraries ask for them that end the process where there are none.

use crate::error::Error;
use nix::sched::{CpuSet, sched_setaffinity};
use nix::unistd::Pid;
use std::io;
use std::num::NonZero;
use std::sync::OnceLock;
use std::sync::mpsc::channel;
use std::thread::{Builder, JoinHandle, available_parallelism};

/// What a run or an aggregation needs with one thread for each library that has several.
const FEWEST: usize = 10;

/// Makes sure once that there are threads to be had. Where there are some, but fewer than the libraries would ask for by
/// the number of cores, the process is bound to one core, by which they go.
///
/// # Errors
/// There are too few ([`Error::NoThreads`]).
pub(crate) fn check() -> Result<(), Error> {
    static FOUND: OnceLock<Result<(), usize>> = OnceLock::new();
    let found = FOUND.get_or_init(|| {
        let cores = available_parallelism().map_or(1, NonZero::get);
        // Data frames and curves are each worked on by as many threads as there are cores.
        let wanted = FEWEST + 2 * cores;
        let there = available(wanted);
        if there >= wanted {
            return Ok(());
        }
        if there < FEWEST {
            return Err(there);
        }
        tracing::warn!("this process may have {there} threads more and no more, so it works on one core");
        bind_to_one_core();
        Ok(())
    });
    found.map_err(|there| Error::NoThreads { there, fewest: FEWEST })
}

/// How many threads there are to be had at once, `most` at most.
fn available(most: usize) -> usize {
    let (sender, receiver) = channel::<()>();
    let receiver = std::sync::Arc::new(std::sync::Mutex::new(receiver));
    let spawn = |_| -> io::Result<JoinHandle<()>> {
        let receiver = receiver.clone();
        // Each waits until all that there are to be had are there.
        Builder::new().stack_size(64 << 10).spawn(move || {
            let _ = receiver.lock().map(|receiver| receiver.recv());
        })
    };
    let threads: Vec<JoinHandle<()>> = (0..most).map_while(|number| spawn(number).ok()).collect();
    drop(sender);
    let there = threads.len();
    for thread in threads {
        let _ = thread.join();
    }
    there
}

fn bind_to_one_core() {
    let own = Pid::from_raw(0);
    let one = nix::sched::sched_getaffinity(own).ok().and_then(|allowed| {
        let core = (0..CpuSet::count()).find(|core| allowed.is_set(*core) == Ok(true))?;
        let mut one = CpuSet::new();
        one.set(core).ok()?;
        Some(one)
    });
    if let Some(one) = one {
        let _ = sched_setaffinity(own, &one);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_are_counted_and_let_go() {
        assert_eq!(available(0), 0);
        assert_eq!(available(5), 5);
        assert_eq!(available(5), 5);
    }
}
