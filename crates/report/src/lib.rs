//! The report of a study: a page that is one file, a summary in Markdown, figures as SVG and PNG, and a table for the terminal.
//!
//! The only input is [`Summary`](seedband_core::summary::Summary), which the aggregator makes. [`write`](write()) puts files into a folder,
//! [`terminal`](terminal()) gives text, [`Warning`] says what to keep in mind. No fonts or libraries of the system are needed.

mod arms;
mod calibration;
mod context;
mod error;
#[cfg(test)]
mod example;
mod figure;
pub mod format;
mod groups;
mod html;
mod markdown;
mod name;
mod overlap;
mod partial;
mod risk;
mod rules;
mod scaling;
mod statement;
mod terminal;
#[cfg(test)]
mod tests;
mod theme;
mod trainings;
mod warning;
mod write;

pub use error::ReportError;
pub use terminal::terminal;
pub use warning::{RangeEnd, Warning};
pub use write::{Written, write};
