//! Studies: files with what they build on, options, lists of seeds.

use crate::{files, root};
use seedband_core::study::{Config, SeedList, Study};
use seedband_testkit::Fuzz;
use std::fs;
use std::path::Path;

/// Words that decide how a study is read.
const WORDS: [&str; 34] = [
    "extends",
    "seeds",
    "config",
    "sweep.grid",
    "sweep.zip",
    "train",
    "train.variant",
    "rule.own",
    "rules",
    "name",
    "model",
    "data.path",
    "init.from",
    "schedule",
    "steps",
    "policy",
    "lr",
    "\"consensus\"",
    "\"apart\"",
    "\"until 1e-300, at most 100000\"",
    "\"0..18446744073709551615\"",
    "\"1..100000,200000..300000\"",
    "\"../configs/rules.toml\"",
    "\"study.toml\"",
    "\"/dev/zero\"",
    "\"${HOME}\"",
    "[[config]]",
    "[[train.variant]]",
    "[sweep.grid]",
    "hidden",
    "depth",
    "architecture",
    "\"mlp\"",
    "group",
];

/// A study among copies of the files that the repository's studies build on.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir_in("/dev/shm")
            .or_else(|_| tempfile::tempdir())
            .unwrap();
        for part in ["", "data", "flavours", "models"] {
            let (from, to) = (
                root().join("configs").join(part),
                folder.path().join("configs").join(part),
            );
            fs::create_dir_all(&to).unwrap();
            for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
                if entry.path().is_file() {
                    fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
                }
            }
        }
        fs::create_dir(folder.path().join("studies")).unwrap();
        Self(folder)
    }

    fn study(&self) -> std::path::PathBuf {
        self.0.path().join("studies/study.toml")
    }
}

/// What a study is asked once it is read.
fn ask(study: &Study) {
    // Curves that were recorded elsewhere are those of the seeds that they are of, and no others.
    let is_recorded = |config: &Config| config.recipe.trainer.recorded().is_some();
    assert!(!study.trials().is_empty() || study.configs.iter().all(is_recorded));
    assert_eq!(study.labels().len(), study.configs.len());
    let _ = (study.rules().len(), study.has_trainings());
}

/// What is written as the resolved study is read as the same study.
fn same_when_resolved(study: &Study, beside: &Path) {
    let text = study.to_toml();
    let path = beside.with_file_name("resolved.toml");
    fs::write(&path, &text).unwrap();
    let again = Study::load(&path, &[]).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert!(again.changes_since(study).is_empty(), "{text}");
    assert_eq!(again.to_toml(), text);
}

/// A study of the most trials there may be, 100,000, takes 155 MB once all are looked at, and one of the most configs,
/// 10,000, as much. Its text is read twice, by values and by places, and a value of some bytes takes some hundred in a
/// table.
fn most(length: usize) -> usize {
    250_000_000 + 1000 * length
}

fn corpus() -> Vec<Vec<u8>> {
    files(
        &[
            "crates/core/tests/fuzz/studies",
            "experiments",
            "configs/flavours",
            "configs",
        ],
        ".toml",
    )
}

#[test]
fn study_files() {
    let place = Place::new();
    let seeds = corpus();
    Fuzz::new(&seeds).words(&WORDS).memory(most).run(|bytes| {
        fs::write(place.study(), bytes).unwrap();
        match Study::load(&place.study(), &[]) {
            Ok(study) => ask(&study),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    });
}

#[test]
fn resolved_studies() {
    let place = Place::new();
    let seeds = corpus();
    Fuzz::new(&seeds).words(&WORDS).run(|bytes| {
        fs::write(place.study(), bytes).unwrap();
        match Study::load(&place.study(), &[]) {
            // Thousands of configs are thousands of times the same.
            Ok(study) if study.configs.len() < 100 => same_when_resolved(&study, &place.study()),
            _ => (),
        }
    });
}

#[test]
fn options() {
    let place = Place::new();
    fs::write(place.study(), "name = \"a\"\nseeds = \"0..3\"\n[schedule]\nsteps = 5\n").unwrap();
    let seeds = [
        "optimizer.momentum=0,0.9",
        "model.hidden=[8],[16, 16]",
        "seeds=0..3,7",
        "model.architecture=mlp",
        "train.lr=[0.1,1.0]",
        "optimizer.group=[{match=\"*.bias\",weight-decay=0.0}]",
        "rule.a.suggestion={rule=\"valley\"}",
        "data.path=\"a,b\",'c'",
    ];
    let seeds = seeds.map(|text| text.as_bytes().to_vec());
    Fuzz::new(&seeds).words(&WORDS).memory(most).run(|bytes| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        if let Ok(study) = Study::load(&place.study(), &[text]) {
            ask(&study);
            same_when_resolved(&study, &place.study());
        }
    });
}

#[test]
fn lists_of_seeds() {
    let seeds = [
        "0..20",
        "7",
        "0..3,7,9..12",
        "until 0.3",
        "until 0.3, at most 40",
        "0..18446744073709551615",
        "0..90000,0..90000,5",
    ];
    let seeds = seeds.map(|text| text.as_bytes().to_vec());
    Fuzz::new(&seeds)
        .words(&["until", "at most", "0..100000", ".."])
        .memory(|length| 2_500_000 + 100 * length)
        .run(|bytes| {
            let text = String::from_utf8_lossy(bytes);
            if let Ok(list) = text.parse::<SeedList>() {
                assert!(
                    (1..=100_000).contains(&list.seeds().len()),
                    "{} seeds",
                    list.seeds().len()
                );
            }
        });
}
