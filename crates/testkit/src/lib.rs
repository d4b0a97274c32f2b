//! What the tests of several crates share: damaged inputs for whatever reads files and lines, a watch on the heap, and
//! processes, files, and a server of HTTP.
//!
//! The fake worker, which trains nothing and misbehaves on request, is the program of `fake-worker` in this folder.
//!
//! ```
//! #[global_allocator]
//! static HEAP: seedband_testkit::Heap = seedband_testkit::Heap;
//!
//! let seeds = [b"1 2 3".to_vec()];
//! seedband_testkit::Fuzz::new(&seeds).memory(|length| 100 + 30 * length).run(|bytes| {
//!     let text = String::from_utf8_lossy(bytes);
//!     let _: Vec<f64> = text.split(' ').filter_map(|number| number.parse().ok()).collect();
//! });
//! ```
//!
//! Every run damages alike, so that what passed once passes again. `SEEDBAND_FUZZ_CASES` asks for more cases than the
//! usual 1000, and `SEEDBAND_FUZZ_SEED` for others; `SEEDBAND_FUZZ_FROM` skips those before the one of that number, as
//! the message of a hang names it.

pub mod files;
pub mod http_server;
pub mod process;

mod failing_calls;
mod fuzz;
mod heap;
mod program;
mod random;

pub use failing_calls::failing_calls;
pub use fuzz::Fuzz;
pub use heap::{Heap, peak};
pub use program::program;
pub use random::Random;

#[cfg(test)]
#[global_allocator]
static HEAP: Heap = Heap;
