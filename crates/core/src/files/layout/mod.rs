//! Every path under a study's results folder, and nowhere else.

mod listing;
mod study_dir;
mod trial_dir;
mod trial_index;

pub use study_dir::StudyDir;
pub use trial_dir::TrialDir;
pub use trial_index::TrialIndex;
