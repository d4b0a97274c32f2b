//! Files of a results folder that only commands read, cut short: one clean message or the same results, never a panic
//! and never other curves. What a run reads is cut in the runner's own tests.

use crate::support::{Place, STUDY, said};
use seedband_core::files::fsio;
use seedband_core::files::layout::StudyDir;
use seedband_core::files::provenance::Provenance;
use seedband_core::study::Study;
use seedband_core::summary::Summary;
use std::fs;

/// A finished study, and the content of one of its files.
fn finished(file: &str) -> (Place, Vec<u8>) {
    let place = Place::new(STUDY);
    place.fake(&["run", "study.toml"], "").assert().code(0);
    let bytes = fs::read(place.path("results/tiny").join(file)).unwrap();
    (place, bytes)
}

/// Some of the lengths up to `length`: none, one, and others evenly apart.
fn some(length: usize) -> impl Iterator<Item = usize> {
    [0, 1].into_iter().chain((1..6).map(move |part| length * part / 6))
}

/// Checks that a command ended without a panic, with one error or none.
fn clean(status: i32, err: &str) {
    assert!([0, 96].contains(&status), "{status}: {err}");
    assert!(!err.contains("panicked"), "{err}");
    assert_eq!(err.matches("error: ").count(), usize::from(status == 96), "{err}");
}

#[test]
fn a_damaged_provenance_costs_what_it_said_and_no_training() {
    let (place, bytes) = finished("provenance.jsonl");
    let path = place.path("results/tiny/provenance.jsonl");
    let runs = |place: &Place| {
        let dir = StudyDir::new(place.path("results/tiny"));
        Provenance::read(&dir).unwrap().runs.len()
    };
    assert_eq!(runs(&place), 1);
    for (length, seeds) in some(bytes.len()).zip(3..) {
        fs::write(&path, &bytes[..length]).unwrap();
        let more = ["run", "study.toml", "--seeds", &format!("0..{}", seeds + 1)];
        let (status, _, err) = said(&mut place.fake(&more, ""));
        clean(status, &err);
        assert_eq!(status, 0, "{length}: {err}");
        let is_whole = length + 1 >= bytes.len();
        assert_eq!(runs(&place), if is_whole { 2 } else { 1 }, "{length}");
        let is_said = err.contains("says nothing of how results were made");
        assert_eq!(is_said, length > 0 && !is_whole, "{length}: {err}");
    }
}

#[test]
fn a_cut_summary_is_named_and_made_anew() {
    let (place, bytes) = finished("aggregate/summary.json");
    let path = place.path("results/tiny/aggregate/summary.json");
    for length in (0..bytes.len() - 1).step_by(11) {
        fs::write(&path, &bytes[..length]).unwrap();
        assert!(fsio::read_json::<Summary>(&path).is_err(), "{length}");
    }
    for length in some(bytes.len()) {
        fs::write(&path, &bytes[..length]).unwrap();
        let (status, out, err) = said(&mut place.seedband(&["show", "study.toml"]));
        clean(status, &err);
        assert_eq!((status, out.as_str()), (96, ""), "{length}");
        assert!(err.contains("summary.json` is not valid"), "{err}");
    }
    place.fake(&["run", "study.toml"], "start=crash").assert().code(0);
    assert_eq!(fs::read(&path).unwrap(), bytes);
}

/// What the folder says about its study is compared with the study file; where it says less, or nothing any more, the
/// file counts or the run ends.
#[test]
fn a_cut_study_in_the_results_is_named_or_written_again() {
    let (place, bytes) = finished("study.toml");
    let path = place.path("results/tiny/study.toml");
    let whole = Study::load(&path, &[]).unwrap();
    let mut same = 0;
    for length in 0..bytes.len() {
        fs::write(&path, &bytes[..length]).unwrap();
        // Some cuts leave a study, a shorter one: no more is asked than an answer.
        same += usize::from(Study::load(&path, &[]).is_ok_and(|study| study == whole));
    }
    assert!(same < bytes.len() / 2, "{same} of {}", bytes.len());
    let curves = place.curves("results/tiny");
    for length in some(bytes.len()) {
        fs::write(&path, &bytes[..length]).unwrap();
        for command in [["status", "results/tiny"], ["show", "results/tiny"]] {
            let (status, _, err) = said(&mut place.seedband(&command));
            assert!(
                [0, 5, 96].contains(&status) && !err.contains("panicked"),
                "{length}: {err}"
            );
        }
        let (status, _, err) = said(&mut place.fake(&["run", "study.toml"], "start=crash"));
        clean(status, &err);
        let said_which = err.contains("study.toml") || err.contains("--update");
        assert!(status == 0 || said_which, "{length}: {err}");
        assert_eq!(place.curves("results/tiny"), curves, "{length}");
    }
    fs::remove_file(&path).unwrap();
    place.fake(&["run", "study.toml"], "start=crash").assert().code(0);
    assert_eq!(fs::read(&path).unwrap(), bytes);
}
