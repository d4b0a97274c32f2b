//! Curves that were damaged and still are curves: tables and report are made of whatever they say.

use crate::older::old;
use seedband_aggregator::{ConfigInput, ReadingCache, StudyInput};
use seedband_core::files::curve::Curve;
use seedband_core::files::layout::StudyDir;
use seedband_core::study::Study;
use seedband_testkit::Fuzz;
use std::cell::Cell;
use std::collections::HashSet;
use std::fs;

/// The study of the old results.
fn input(dir: &StudyDir) -> (Study, StudyInput) {
    let study = Study::load(&dir.study(), &[]).unwrap();
    let configs = study.configs.iter().zip(study.labels());
    let configs = configs.map(|(config, labels)| ConfigInput {
        name: config.name.clone(),
        labels,
        recipe: config.recipe.clone(),
        analysis: config.analysis.clone(),
        trainings: config.trainings.clone(),
        seeds: study.seeds.seeds().to_vec(),
    });
    let input = StudyInput {
        dir: dir.clone(),
        name: study.name.clone(),
        title: study.title.clone(),
        description: study.description.clone(),
        statistics: study.statistics.clone(),
        configs: configs.collect(),
        failed: HashSet::new(),
    };
    (study, input)
}

#[test]
fn damaged_curves_are_tabled_and_drawn() {
    let place = old();
    let dir = StudyDir::new(place.path("results/old"));
    let (study, input) = input(&dir);
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
                let mut cache = ReadingCache::default();
                let loaded = seedband_aggregator::load(&input, &mut cache).unwrap();
                let mut summary = seedband_aggregator::summarize(&input, &loaded).unwrap();
                let planned = study.trainings(&summary);
                let trained = seedband_aggregator::load_trainings(&input, &planned, &mut cache).unwrap();
                seedband_aggregator::summarize_trainings(&input, &trained, &mut summary).unwrap();
                assert!(!seedband_report::terminal(&summary).is_empty());
                // What is written of it is read as the same.
                let text = serde_json::to_string(&summary).unwrap();
                assert_eq!(
                    serde_json::to_string(&serde_json::from_str::<seedband_core::summary::Summary>(&text).unwrap())
                        .unwrap(),
                    text
                );
                curves.set(curves.get() + 1);
                // A figure takes a thousand times as long as a table.
                if curves.get() % 40 == 0 {
                    seedband_aggregator::write_tables(&loaded, &trained, &summary, &dir.aggregate()).unwrap();
                    seedband_report::write(&summary, None, &dir.report()).unwrap();
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
