//! What the rest of seedband agrees on: studies, trials, curves, the rules that read a range off a curve, and the files
//! on disk.
//!
//! No async, no libtorch, no data frames: a program that only reads results needs nothing but this crate.

mod check;
pub mod failure;
pub mod files;
pub mod hex;
mod host_name;
pub mod invalid;
pub mod json_line;
mod listed;
pub mod number;
mod one_line;
mod printable;
pub mod protocol;
pub mod range_test;
pub mod recipe;
pub mod seeds;
pub mod settings;
mod shape;
pub mod step_plan;
pub mod study;
pub mod summary;
mod token;
pub mod train;
pub mod trainer;
pub mod trial;
mod version_0_1;

pub use host_name::host_name;
pub use invalid::Invalid;
pub use listed::listed;
pub use one_line::one_line;
pub use printable::printable;
pub use shape::Shape;
pub use token::token;
