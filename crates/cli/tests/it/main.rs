//! End-to-end tests of the binary: with the fake worker, which needs no libtorch, and with the real one.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod answers;
mod bad_input;
mod boundaries;
mod commands;
mod compatibility;
mod containers;
mod damaged;
mod data;
mod data_fetch;
mod design;
mod failing_calls;
mod failures;
mod gc;
mod guarantees;
mod ids;
mod import;
mod interruption;
mod journals;
mod links;
mod logs;
mod memory_format;
mod modules;
mod moved;
mod partial;
mod provenance;
mod script_devices;
mod script_metrics;
mod scripts;
mod seeds;
mod snapshots;
mod soak;
mod strangers;
mod support;
mod sweeps;
mod training;
mod trainings;
mod truncation;
mod watching;
