//! The program that trains: finding it, running it, and what it may say.

pub(crate) mod channel;
pub(crate) mod client;
#[cfg(test)]
mod fuzz_tests;
pub(crate) mod lines;
pub(crate) mod log;
pub(crate) mod process;
pub(crate) mod program;
pub(crate) mod programs;
pub(crate) mod trial_protocol;
