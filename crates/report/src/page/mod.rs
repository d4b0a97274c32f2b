//! Where a report is shown: a page in HTML, a summary in Markdown, a table for the terminal.

pub(crate) mod context;
pub(crate) mod html;
pub(crate) mod markdown;
mod terminal;

pub use terminal::terminal;
