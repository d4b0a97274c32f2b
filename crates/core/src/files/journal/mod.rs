//! The journal: every change of a trial's state, one JSON line each, appended and synced before the runner goes on.
//!
//! ```text
//! {"journal":2,"runner":"node7-4711-…","at":"2026-11-23T18:40:00Z"}
//! {"at":"…","trial":"…","attempt":1,"state":"running","device":"cpu"}
//! {"at":"…","trial":"…","attempt":1,"state":"finished","end":"completed","steps":100}
//! ```
//!
//! Each runner writes a file of its own. A line that is cut short at the end of a file is what a crash leaves behind:
//! it is cut off and the rest counts. Any other line that is no entry is named and passed over. The journal tells what
//! happened; whether a trial is finished is told by its curve.
//!
//! Version 1 had neither `again` nor the failure classes `host-out-of-memory`, `lost-device` and `non-finite-start`.

mod entry;
mod reader;
#[cfg(test)]
mod tests;
mod writer;

pub use entry::{Change, Entry, last};
pub use reader::{DamagedJournal, JournalError, Journals, read, read_all};
pub use writer::Writer;

/// Version of the format. Readers take this version and older ones.
pub const VERSION: u32 = 2;
