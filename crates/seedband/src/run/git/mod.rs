//! The state of the repository that a study lies in.
//!
//! A study may come from anybody, and with it a `.git/config`, which can name programs for git to run: a file system
//! monitor, hooks, filters that clean files before they are compared, a transport for objects that are missing. So
//! none of what the repository configures is in force while git compares files: see [`changes`].

mod changes;
mod command;
mod repository;
mod state;
#[cfg(test)]
mod tests;

pub(super) use state::GitState;
