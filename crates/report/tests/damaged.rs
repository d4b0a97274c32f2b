//! `seedband show` reads a summary that may be damaged: whatever it says is shown or refused.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use seedband_core::summary::Summary;
use seedband_testkit::Fuzz;
use std::path::Path;

#[global_allocator]
static HEAP: seedband_testkit::Heap = seedband_testkit::Heap;

fn old() -> Summary {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cli/tests/data/results-0.1/old/aggregate/summary.json");
    seedband_core::files::fsio::read_json(&path).unwrap()
}

#[test]
fn damaged_summaries_are_shown_or_refused() {
    let whole = old();
    // Short lists: most of what the file holds are curves by step, and damage to them is all alike.
    let mut small = serde_json::to_value(&whole).unwrap();
    shorten(&mut small);
    let seeds = [
        serde_json::to_vec(&small).unwrap(),
        serde_json::to_vec_pretty(&whole).unwrap(),
    ];
    let words = [
        "null",
        "[]",
        "{}",
        "\"Infinity\"",
        "configs",
        "counts",
        "finished",
        "seeds",
        "min-lr",
        "max-lr",
        "trainings",
    ];
    // The values as they are read, and a table of them.
    Fuzz::new(&seeds)
        .words(&words)
        .memory(|length| 1_000_000 + 100 * length)
        .run(|bytes| {
            if let Ok(summary) = serde_json::from_slice::<Summary>(bytes) {
                assert!(!seedband_report::terminal(&summary).is_empty());
            }
        });
}

/// Twice as many seeds as there can be are more than a count holds.
#[test]
fn counts_as_large_as_they_may_be_are_shown() {
    let mut summary = old();
    for config in &mut summary.configs {
        config.counts.finished = u32::MAX;
        config.counts.wanted = u32::MAX;
    }
    assert!(seedband_report::terminal(&summary).contains("4294967295"));
}

/// Sums over configs, trainings and groups are more than a count holds, too.
#[test]
fn sums_of_such_counts_are_shown() {
    let mut summary = old();
    for config in &mut summary.configs {
        // Two of them have a sum.
        config.trainings.extend(config.trainings.clone());
        for counts in std::iter::once(&mut config.counts).chain(config.trainings.iter_mut().map(|one| &mut one.counts))
        {
            (counts.finished, counts.failed, counts.missing) = (u32::MAX, u32::MAX, u32::MAX);
        }
        config.min_lr.without = vec![("a".into(), u32::MAX), ("b".into(), u32::MAX)];
        for group in &mut config.decades {
            group.seeds = u32::MAX;
        }
    }
    assert!(summary.configs.len() > 1 && summary.configs.iter().any(|config| config.trainings.len() > 1));
    let folder = tempfile::tempdir().unwrap();
    let written = seedband_report::write(&summary, None, folder.path()).unwrap();
    assert!(std::fs::read_to_string(written.index).unwrap().contains("4294967295"));
}

fn shorten(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Array(items) => {
            if items.iter().all(serde_json::Value::is_number) {
                items.truncate(3);
            }
            items.iter_mut().for_each(shorten);
        }
        serde_json::Value::Object(map) => map.values_mut().for_each(shorten),
        _ => (),
    }
}
