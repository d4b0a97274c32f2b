//! Data sets from a server that does what servers do.

mod archives;
mod disk;
mod folders;
mod server;
mod servers;
mod support;
