//! What to keep in mind when reading a study's numbers. Each warning ends with one piece of advice.

mod find;
#[cfg(test)]
mod tests;
mod warning;
mod words;

use super::content::Section;
use super::data::{ConfigData, StudyData};

pub use warning::{RangeEnd, Warning};

/// The warnings of the study as a whole.
pub(crate) fn of_study(data: &StudyData<'_>) -> Vec<Section> {
    vec![Section {
        warnings: Warning::of_study(data.summary),
        ..Section::default()
    }]
}

/// The warnings of a config.
pub(crate) fn of_config(data: &ConfigData<'_>) -> Vec<Section> {
    vec![Section {
        warnings: Warning::of_config(data.summary, data.config),
        ..Section::default()
    }]
}
