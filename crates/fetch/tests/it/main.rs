//! Data sets from a server that does what servers do.

mod archives;
mod disk;
mod folders;
mod servers;
mod support;
