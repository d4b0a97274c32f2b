//! Each curve file is read once as long as it is the same file.

use crate::study::study;
use crate::support::{config, curve, input, recipe, write_curve};
use seedband_aggregator::{Outcome, ReadingCache, StudyInput, load, summarize};
use seedband_core::files::curve::End;
use seedband_core::range_test::{Stop, WhenShort};
use seedband_core::settings::StreamSeed;
use seedband_core::trial::Trial;
use std::fs::File;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// The summary as text, since a NaN is not equal to itself, and how many files have been read by now.
fn aggregated(input: &StudyInput, cache: &mut ReadingCache) -> (String, u64) {
    let summary = summarize(input, &load(input, cache).unwrap()).unwrap();
    (serde_json::to_string(&summary).unwrap(), cache.files_read())
}

/// Six of eight seeds have a file, one of which is cut off and one too short.
#[test]
fn what_has_not_changed_is_not_read_again() {
    let root = tempfile::tempdir().unwrap();
    let input = study(root.path());
    let mut cache = ReadingCache::default();
    let (first, reads) = aggregated(&input, &mut cache);
    assert_eq!(reads, 6);
    assert_eq!(aggregated(&input, &mut cache), (first, 6));
}

/// The file of seed 6 was cut off; it is whole now, of the length that it had. That of seed 4 was not there, and goes
/// again.
#[test]
fn what_has_changed_is_read_again_alone() {
    let root = tempfile::tempdir().unwrap();
    let input = study(root.path());
    let mut cache = ReadingCache::default();
    aggregated(&input, &mut cache);
    let file = |seed| input.dir.trial(&Trial::new("a", seed, &recipe())).curve();
    let length = |seed| std::fs::metadata(file(seed)).unwrap().len();
    let before = length(6);
    let whole = curve(&[3.0], End::StoppedEarly).to_jsonl();
    let padded = format!("{}{whole}", " ".repeat(before as usize - whole.len()));
    std::fs::write(file(6), padded).unwrap();
    // As if more time had passed than a file system's clock ticks in.
    let later = SystemTime::now() + Duration::from_secs(1);
    File::options()
        .append(true)
        .open(file(6))
        .unwrap()
        .set_modified(later)
        .unwrap();
    assert_eq!(length(6), before);
    let six = [3.0, 2.0, 1.0, 1.0, 1.0, 1.0];
    write_curve(&input, &Trial::new("a", 4, &recipe()), &curve(&six, End::Completed));
    let curves = load(&input, &mut cache).unwrap();
    assert_eq!(cache.files_read(), 6 + 2);
    let steps = |seed: usize| {
        let read = curves.configs()[0].trials[seed].outcome.finished();
        read.map(|read| read.curve.steps.len())
    };
    assert_eq!([steps(4), steps(6), steps(7)], [Some(6), Some(1), None]);

    std::fs::remove_file(file(4)).unwrap();
    let again = load(&input, &mut cache).unwrap();
    assert_eq!(again.configs()[0].trials[4].outcome, Outcome::Missing);
    assert_eq!(cache.files_read(), 8);
    assert_eq!(
        aggregated(&input, &mut cache).0,
        aggregated(&input, &mut ReadingCache::default()).0
    );
}

/// Three configs share their trials; two of them read them by the same rules.
#[test]
fn configs_of_one_recipe_share_what_is_read() {
    let root = tempfile::tempdir().unwrap();
    let mut other = config("b", recipe(), 3);
    other.analysis.stop = Stop {
        factor: Some(2.0),
        ..Stop::default()
    };
    let input = input(
        root.path(),
        vec![config("a", recipe(), 2), other, config("c", recipe(), 3)],
    );
    for seed in 0..3 {
        let losses = [3.0, 2.5, 1.0, 1.5, 3.0, 3.5];
        write_curve(
            &input,
            &Trial::new("a", seed, &recipe()),
            &curve(&losses, End::Completed),
        );
    }
    let mut cache = ReadingCache::default();
    let curves = load(&input, &mut cache).unwrap();
    assert_eq!(cache.files_read(), 3);
    let [a, b, c] = [0, 1, 2].map(|config| match &curves.configs()[config].trials[0].outcome {
        Outcome::Finished(read) => Arc::clone(read),
        outcome => panic!("{outcome:?}"),
    });
    assert!(
        Arc::ptr_eq(&a, &c) && !Arc::ptr_eq(&a, &b),
        "one reading for each analysis"
    );
    assert!(Arc::ptr_eq(&a.curve, &b.curve));
    assert_eq!((a.reading.stop_step, b.reading.stop_step), (None, Some(4)));
}

/// A changed rule is a new reading of the curve that is known.
#[test]
fn another_analysis_reads_no_file() {
    let root = tempfile::tempdir().unwrap();
    let mut input = study(root.path());
    let mut cache = ReadingCache::default();
    let (before, reads) = aggregated(&input, &mut cache);
    input.configs[0].analysis.range.max.skip_start = Some(3);
    input.configs[0].analysis.range.max.when_short = Some(WhenShort::AllPoints);
    let (after, reads_after) = aggregated(&input, &mut cache);
    assert_eq!(reads, reads_after);
    assert_ne!(before, after);
    assert_eq!(after, aggregated(&input, &mut ReadingCache::default()).0);
}

/// Where nothing follows the seed, all seeds are one trial.
#[test]
fn a_trial_of_many_seeds_is_read_once() {
    let root = tempfile::tempdir().unwrap();
    let mut fixed = recipe();
    let all = StreamSeed::Fixed(0);
    (fixed.streams.weights, fixed.streams.order, fixed.streams.augmentation) = (all, all, all);
    let input = input(root.path(), vec![config("a", fixed.clone(), 5)]);
    let losses = [3.0, 2.5, 1.0, 1.5, 3.0, 3.5];
    write_curve(&input, &Trial::new("a", 0, &fixed), &curve(&losses, End::Completed));
    let mut cache = ReadingCache::default();
    let curves = load(&input, &mut cache).unwrap();
    assert_eq!((curves.configs()[0].read().count(), cache.files_read()), (5, 1));
}
