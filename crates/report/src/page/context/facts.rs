//! The size of a study.

use crate::format;
use seedband_core::summary::{Counts, Summary};

/// Configs, range tests and how they ended, each in a few words.
pub(crate) fn of(summary: &Summary) -> Vec<String> {
    let sum = |count: fn(&Counts) -> u32| {
        let counts = summary.configs.iter().map(|config| count(&config.counts));
        counts.fold(0, u32::saturating_add)
    };
    let (wanted, finished) = (sum(|counts| counts.wanted), sum(|counts| counts.finished));
    let tests = match (wanted == finished, sum(|counts| counts.missing) > 0) {
        (true, _) => format::count(finished, "range test"),
        (false, false) => format!("{finished} of {wanted} range tests"),
        (false, true) => format!("partial: {finished} of {wanted} range tests"),
    };
    let mut facts = vec![
        format::count(summary.configs.len() as u32, "config"),
        tests,
        format!("{} diverged", sum(|counts| counts.diverged)),
    ];
    let failed = sum(|counts| counts.failed);
    if failed > 0 {
        facts.push(format!("{failed} failed"));
    }
    facts
}
