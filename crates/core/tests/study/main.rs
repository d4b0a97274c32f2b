//! Studies from files: merging, sweeps, trials, and what an error shows.

#![expect(clippy::unwrap_used, reason = "tests")]

mod configs;
mod errors;
mod extends;
mod layers;
mod limits;
mod reference;
mod rules;
mod support;
mod weights;
