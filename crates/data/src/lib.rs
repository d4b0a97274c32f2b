//! Training and validation data of the built-in trainer: whatever the `[data]` table of a study names, read into memory.
//!
//! No libtorch: the trainer moves to its device what is read here, and `plan` looks at the same files by the same code.

pub mod arrays;
pub mod cifar;
pub mod fit;
pub mod folder;
pub mod idx;
pub mod synthetic;

mod array;
mod class_limit;
mod error;
mod examples;
mod file;
mod labelled;
mod look;
mod moments;
mod read;

pub use error::DataError;
pub use examples::{Examples, Values};
pub use fit::{DataMismatch, Fit};
pub use look::{Depth, Look, Validated, look};
pub use moments::Moments;
pub use read::{read, read_validation};
pub use seedband_core::Shape;

#[cfg(test)]
#[global_allocator]
static HEAP: seedband_testkit::Heap = seedband_testkit::Heap;
