//! Where the trials of a study stand.

mod observe;
mod runners;
mod trial;
mod view;

pub use observe::StudyMonitor;
pub use runners::{RunnerReport, RunnerView};
pub use trial::{StateFacts, TrialView};
pub use view::{GroupView, StudyView, TrialCounts};
