//! The tables with all numbers, which the aggregator puts beside the report.

use crate::section::Contents;
use std::path::Path;

/// Those of every study. The names of others are in the sections that have something to say.
const OF_EVERY_STUDY: [&str; 5] = ["curves.csv", "bands.csv", "ranges.csv", "risk.csv", "overlaps.csv"];
/// The list of all trials, which comes last.
const TRIALS: &str = "trials.csv";

/// The names of the tables to link to: those that lie in `folder` and have rows.
pub(crate) fn of(contents: &Contents, folder: &Path) -> Vec<&'static str> {
    let mut names = OF_EVERY_STUDY.to_vec();
    for name in contents.sections().flat_map(|section| section.data) {
        if !names.contains(name) {
            names.push(name);
        }
    }
    names.push(TRIALS);
    names.retain(|name| folder.join(name).is_file());
    names
}
