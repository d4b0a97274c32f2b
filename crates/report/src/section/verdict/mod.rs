//! What to do with each config: use its range, run more seeds, or give up on a common one.

mod overview;
mod words;

use super::data::ConfigData;
use seedband_core::summary::verdict::{Verdict, verdict};

pub(crate) use overview::{Overview, overview};

/// What can be said of a config in a sentence.
#[derive(Debug)]
pub(crate) struct Statement {
    pub(crate) text: String,
    /// Whether it is a range to use.
    pub(crate) is_usable: bool,
}

impl Statement {
    pub(crate) fn of(data: &ConfigData<'_>) -> Self {
        let (summary, config) = (data.summary, data.config);
        let verdict = verdict(config, summary.precision, summary.confidence);
        Self {
            text: words::statement(summary, config),
            is_usable: !config.counts.is_partial() && matches!(verdict, Verdict::Use { .. }),
        }
    }
}
