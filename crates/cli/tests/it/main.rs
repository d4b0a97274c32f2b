//! End-to-end tests of the binary: with the fake worker, which needs no libtorch, and with the real one.

mod bad_input;
mod boundaries;
mod commands;
mod interruption;
mod support;
mod training;
