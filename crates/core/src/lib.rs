//! What the rest of seedband agrees on: studies, trials, curves, the rules that read a range off a curve, and the files on disk.
//!
//! No async, no libtorch, no data frames: a program that only reads results needs nothing but this crate.

pub mod arms;
pub mod course;
pub mod curve;
pub mod fsio;
pub mod invalid;
pub mod journal;
pub mod layout;
pub mod number;
pub mod overlap;
pub mod protocol;
pub mod provenance;
pub mod range_test;
pub mod recipe;
pub mod seeds;
pub mod settings;
pub mod study;
pub mod summary;
pub mod train;
pub mod trial;
pub mod verdict;

pub use invalid::Invalid;
