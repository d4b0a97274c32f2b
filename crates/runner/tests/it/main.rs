//! The engine with workers that train nothing: see `crates/testkit/fake-worker` for what they can be told to do.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod autotune;
mod claims;
mod deferred;
mod devices;
mod disk;
mod failures;
mod links;
mod many;
mod memory;
mod orphans;
mod processes;
mod replay;
mod results;
mod retries;
mod starting;
mod stopping;
mod storage;
mod support;
mod suspending;
mod truncation;
mod weights;
