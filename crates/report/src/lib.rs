//! The report of a study: a page that is one file, a summary in Markdown, figures as SVG and PNG, and a table for the
//! terminal.
//!
//! The only input is [`Summary`](seedband_core::summary::Summary), which the aggregator makes. [`write`](write()) puts
//! files into a folder, [`terminal`](terminal()) gives text, [`Warning`] says what to keep in mind. No fonts or
//! libraries of the system are needed.

mod draw;
mod error;
#[cfg(test)]
mod example;
pub mod format;
mod page;
mod section;
#[cfg(test)]
pub(crate) mod tests;
mod write;

pub use error::ReportError;
pub use page::terminal;
pub use section::warnings::{RangeEnd, Warning};
pub use write::{Written, write};
