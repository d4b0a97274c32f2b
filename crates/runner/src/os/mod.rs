//! What the operating system is asked for: processes and their groups, signals, cores, and time without suspensions.

pub(crate) mod ask;
mod control_groups;
pub(crate) mod cores;
pub(crate) mod guard;
pub(crate) mod memory;
pub(crate) mod out_of_memory;
pub(crate) mod process_groups;
pub(crate) mod signals;
pub(crate) mod suspend_clock;
pub(crate) mod unsafe_calls;
