//! Data sets from a server that does what servers do.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod archives;
mod disk;
mod folders;
mod servers;
mod support;
