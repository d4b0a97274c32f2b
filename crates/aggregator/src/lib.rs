//! Many seeds in, numbers with their spread out: quantile bands of losses, learning rate ranges, and the range that
//! holds for most seeds.
//!
//! [`load`] reads the curves of a study and what each config's rules make of them, [`summarize`] takes statistics over
//! seeds, [`write_tables`] writes the summary and tidy tables. [`load_trainings`] and [`summarize_trainings`] do the
//! same for what is trained after the range tests. [`aggregate`] is the first two at once.

mod error;
mod input;
mod read;
mod section;
mod stats;
mod summarize;
mod tables;

pub use error::AggregateError;
pub use input::{ConfigInput, StudyInput};
pub use read::{
    ConfigCurves, Curves, Outcome, ReadCurve, ReadingCache, TrainedSeed, TrainingCurve, TrainingCurves, TrialCurve,
    load, load_trainings,
};
pub use section::divergence_risk::divergence_risk;
pub use section::trainings::summarize_trainings;
pub use stats::{Followed, Sample, Scale, SeedRange, Shared, holds, median_ci, most_shared, shared_range, widest_shared};
pub use summarize::summarize;
pub use tables::{SCHEMA_VERSION, write_tables};

use seedband_core::summary::Summary;

/// The statistics of a study's range tests as its results folder stands now; writes nothing. Curves that are in `cache`
/// are not read again.
///
/// # Errors
/// The results folder is there but cannot be listed.
pub fn aggregate(input: &StudyInput, cache: &mut ReadingCache) -> Result<Summary, AggregateError> {
    summarize(input, &load(input, cache)?)
}
