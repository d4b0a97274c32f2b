//! Curves that were damaged and still are curves: tables and report are made of whatever they say.

use crate::compatibility::old;
use seedband::{OpenOptions, StudySession, terminal_table};
use seedband_core::files::curve::Curve;
use seedband_core::summary::Summary;
use seedband_testkit::Fuzz;
use std::cell::Cell;
use std::fs;

#[test]
fn damaged_curves_are_tabled_and_drawn() {
    let place = old();
    let session = StudySession::open(&place.path("results/old"), &OpenOptions::default()).unwrap();
    let dir = session.dir().clone();
    let (tests, trainings): (Vec<_>, Vec<_>) = place
        .curves("results/old")
        .into_iter()
        .partition(|(path, _)| !path.contains("/own-"));
    let (curves, drawn) = (Cell::new(0), Cell::new(0));
    for of_one_kind in [tests, trainings] {
        let paths: Vec<_> = of_one_kind.iter().map(|(path, _)| dir.root().join(path)).collect();
        let seeds: Vec<Vec<u8>> = of_one_kind.into_iter().map(|(_, text)| text.into_bytes()).collect();
        let words = [
            "\"NaN\"",
            "\"Infinity\"",
            "\"halted\"",
            "\"non-finite\"",
            "1e308",
            "1e-300",
        ];
        Fuzz::new(&seeds).words(&words).cases(400).run(|bytes| {
            if std::str::from_utf8(bytes).is_ok_and(|text| Curve::parse(text).is_ok()) {
                // Two of the four trials of its kind have it.
                fs::write(&paths[0], bytes).unwrap();
                fs::write(&paths[3], bytes).unwrap();
                // Without a summary on disk it is made anew.
                let _ = fs::remove_file(dir.summary());
                let summary = session.summary().unwrap();
                assert!(!terminal_table(&summary).is_empty());
                // What is written of it is read as the same.
                let text = serde_json::to_string(&summary).unwrap();
                assert_eq!(
                    serde_json::to_string(&serde_json::from_str::<Summary>(&text).unwrap()).unwrap(),
                    text
                );
                curves.set(curves.get() + 1);
                // A figure takes a thousand times as long as a table.
                if curves.get() % 40 == 0 {
                    session.report().unwrap();
                    drawn.set(drawn.get() + 1);
                }
            }
        });
        for (path, bytes) in paths.iter().zip(&seeds) {
            fs::write(path, bytes).unwrap();
        }
    }
    assert!(curves.get() > 100 && drawn.get() > 1, "{curves:?} {drawn:?}");
}
