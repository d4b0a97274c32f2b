//! How the numbers were made, in words.

use crate::format;
use crate::section::{self, Contents};
use seedband_core::settings::{EarlyEnd, LrSpace};
use seedband_core::summary::Summary;

/// What the template's list of definitions needs to know of the study.
#[derive(Debug)]
pub(crate) struct Definitions {
    /// The lower quantile in percent, and the upper one.
    pub(crate) lower: String,
    pub(crate) upper: String,
    pub(crate) confidence: String,
    pub(crate) lr_space: &'static str,
    pub(crate) early_end: &'static str,
    pub(crate) diverged: String,
    /// Those of the sections: term and definition, each once.
    pub(crate) of_sections: Vec<(&'static str, &'static str)>,
}

impl Definitions {
    pub(crate) fn of(summary: &Summary, contents: &Contents) -> Self {
        let mut of_sections: Vec<(&str, &str)> = Vec::new();
        for definition in contents.sections().flat_map(|section| section.definitions) {
            if !of_sections.contains(definition) {
                of_sections.push(*definition);
            }
        }
        Self {
            lower: format::percent(summary.quantiles[0]),
            upper: format::percent(summary.quantiles[1]),
            confidence: format::percent(summary.confidence),
            diverged: section::divergence_definition(summary),
            lr_space: match summary.lr_space {
                LrSpace::Log10 => "log10 of the learning rate, carried back afterwards",
                LrSpace::Raw => "the learning rate itself",
            },
            early_end: match summary.early_end {
                EarlyEnd::DivergedIsInfinite => {
                    "as infinite: worse than any finite loss from there on, so a band that leaves the plot at the top \
                     means divergence"
                }
                EarlyEnd::PadLast => {
                    "with its last value from there on, as the reference study does; bands then understate divergence"
                }
            },
            of_sections,
        }
    }
}
