//! Many seeds in, numbers with their spread out: quantile bands of losses, learning rate ranges, and the range that holds for most seeds.
//!
//! [`load`] reads the curves of a study and what each config's rules make of them, [`summarize`] takes statistics over seeds, [`export`]
//! writes the summary and tidy tables. [`load_trainings`] and [`summarize_trainings`] do the same for what is trained after the range tests.
//! [`aggregate`] is the first two at once.

mod align;
mod calibration;
mod columns;
mod consensus;
mod decades;
mod error;
mod export;
mod input;
mod interval;
mod load;
mod names;
mod proportion;
mod quantile;
mod ranges;
mod risk;
mod rules;
mod scaling;
mod summarize;
mod tables;
mod training_tables;
mod trainings;
mod validation;

pub use consensus::consensus;
pub use error::AggregateError;
pub use export::{SCHEMA_VERSION, export};
pub use input::{ConfigInput, StudyInput};
pub use interval::median_interval;
pub use load::{ConfigCurves, Curves, Outcome, Run, TrialCurve, load};
pub use quantile::{Sample, Scale};
pub use risk::{Followed, risk};
pub use summarize::summarize;
pub use trainings::{Trained, TrainedSeed, TrainingCurves, load_trainings, summarize_trainings};

use seedband_core::summary::Summary;

/// The statistics of a study as its results folder stands now; writes nothing. To export as well, call [`load`], [`summarize`] and [`export`],
/// which reads each curve only once.
///
/// # Errors
/// The results folder is there but cannot be listed.
pub fn aggregate(input: &StudyInput) -> Result<Summary, AggregateError> {
    Ok(summarize(input, &load(input)?))
}
