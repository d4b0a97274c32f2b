//! The size of a study.

use crate::format;
use seedband_core::files::provenance::Provenance;
use seedband_core::summary::{Counts, Summary};

/// Configs, range tests and how they ended, each in a few words; what was trained on, as far as it is known; and where
/// curves were imported, that they were.
pub(crate) fn of(summary: &Summary, provenance: Option<&Provenance>) -> Vec<String> {
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
    // One alone: which of several belongs to what is said further down.
    if let Some([data]) = provenance
        .and_then(|provenance| provenance.runs.last())
        .map(|run| run.data.as_slice())
    {
        facts.push(format!("trained on {}", format::data_size(data)));
    }
    let imports = provenance.map_or(&[][..], |provenance| provenance.imports.as_slice());
    let files = imports.iter().flat_map(|import| &import.files);
    let imported = files.fold(0_u32, |sum, file| sum.saturating_add(file.curves));
    if imported > 0 {
        facts.push(format!(
            "{} recorded elsewhere and imported",
            format::count(imported, "curve")
        ));
    }
    facts
}
