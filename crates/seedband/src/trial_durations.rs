//! How long trials of a study have taken so far.

use seedband_core::files::journal;
use seedband_core::files::journal::Change;
use seedband_core::files::layout::StudyDir;
use std::collections::HashMap;

/// Median wall-clock seconds of the finished attempts of a study, by its journals; none if there are none or they
/// cannot be read.
pub(crate) fn median_seconds(dir: &StudyDir) -> Option<f64> {
    let entries = journal::read_all(&dir.journals()).ok()?.entries;
    let mut started = HashMap::new();
    let mut seconds = Vec::new();
    for entry in &entries {
        let attempt = (&entry.trial, entry.attempt);
        match entry.change {
            Change::Running { .. } => {
                started.insert(attempt, entry.at);
            }
            Change::Finished { .. } => {
                let since = started
                    .get(&attempt)
                    .map(|start| entry.at.duration_since(*start).as_secs_f64());
                seconds.extend(since);
            }
            Change::Failed { .. } | Change::Interrupted => {}
        }
    }
    seconds.sort_by(f64::total_cmp);
    seconds.get(seconds.len() / 2).copied()
}
