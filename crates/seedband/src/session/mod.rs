//! A study and its results folder.

mod aggregate;
mod data;
mod deferred;
mod input_files;
mod memory_format;
mod moved_data;
mod open;
mod options;
mod same_script;
#[cfg(test)]
mod tests;
mod trials;

pub(crate) use aggregate::Aggregated;
pub(crate) use input_files::resolve;
pub use open::StudySession;
pub use options::OpenOptions;
pub use trials::TrialSet;
