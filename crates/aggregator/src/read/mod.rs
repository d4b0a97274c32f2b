//! Curves of a study from disk, read by each config's rules.

mod cache;
mod curve;
mod file_version;
mod frame;
mod load;
mod training;
mod trainings;

pub use cache::ReadingCache;
pub use curve::ReadCurve;
pub use load::{ConfigCurves, Curves, Outcome, TrialCurve, load};
pub use training::TrainingCurve;
pub use trainings::{TrainedSeed, TrainingCurves, load_trainings};

pub(crate) use frame::{AFTER_STOP, curve_frame, training_frame};
