//! Files of results and lines of the protocol.

use crate::files;
use seedband_core::files::curve::Curve;
use seedband_core::files::journal;
use seedband_core::files::provenance::Provenance;
use seedband_core::protocol::{Event, Request, to_line};
use seedband_core::step_plan::StepPlan;
use seedband_core::summary::Summary;
use seedband_core::trial::Trial;
use seedband_testkit::Fuzz;
use std::fs;

const OLD: &str = "crates/cli/tests/data/results-0.1/old";

/// The words of all these files.
const WORDS: [&str; 24] = [
    "journal",
    "runner",
    "at",
    "trial",
    "attempt",
    "state",
    "\"running\"",
    "\"finished\"",
    "\"failed\"",
    "\"interrupted\"",
    "end",
    "\"completed\"",
    "\"halted\"",
    "\"non-finite\"",
    "steps",
    "step",
    "loss",
    "lr",
    "type",
    "config",
    "seed",
    "recipe",
    "training",
    "\"NaN\"",
];

/// The most that one of these may take: the text, and what it says. What takes the least text for its size is a list of
/// empty strings, three bytes each that become 24, which are there twice while the list doubles.
fn most(length: usize) -> usize {
    100_000 + 40 * length
}

/// Every folder of a trial in the old results.
fn of_trials(file: &str) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for config in ["plain", "decay"] {
        let folder = crate::root().join(OLD).join("trials").join(config);
        let mut folders: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        folders.sort();
        found.extend(folders.iter().filter_map(|folder| fs::read(folder.join(file)).ok()));
    }
    assert!(found.len() > 4, "{file}");
    found
}

#[test]
fn journals() {
    let folder = tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap();
    let path = folder.path().join("runner.jsonl");
    let seeds = files(&[&format!("{OLD}/journal")], ".jsonl");
    Fuzz::new(&seeds).words(&WORDS).memory(most).run(|bytes| {
        fs::write(&path, bytes).unwrap();
        match journal::read_all(folder.path()) {
            Ok(journals) => assert!(journal::last(&journals.entries).len() <= journals.entries.len()),
            Err(error) => assert!(error.to_string().contains("runner.jsonl"), "{error}"),
        }
    });
}

#[test]
fn curves() {
    let seeds = of_trials("curve.jsonl");
    Fuzz::new(&seeds).words(&WORDS).memory(most).run(|bytes| {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        if let Ok(curve) = Curve::parse(text) {
            // No curve is taken for another: each step in its place, as many as the last line says, and what is written
            // is read as the same.
            assert!(curve.steps.iter().zip(0..).all(|(step, number)| step.step == number));
            let last: serde_json::Value = serde_json::from_str(text.lines().next_back().unwrap()).unwrap();
            assert_eq!(last["steps"], curve.steps.len());
            assert_eq!(text.lines().count(), curve.steps.len() + 1);
            let written = curve.to_jsonl();
            assert_eq!(Curve::parse(&written).unwrap().to_jsonl(), written);
        }
    });
}

#[test]
fn trials() {
    let seeds = of_trials("trial.json");
    Fuzz::new(&seeds).words(&WORDS).memory(most).run(|bytes| {
        let Ok(trial) = serde_json::from_slice::<Trial>(bytes) else {
            return;
        };
        let _ = (trial.id.short(), trial.weights(), trial.validation());
        // What nobody should make a course of is not valid.
        if trial.recipe.validate().is_ok() && trial.recipe.schedule.steps <= 1000 && trial.training.is_none() {
            let course = StepPlan::new(&trial, 4).unwrap();
            assert_eq!(course.planned() as usize, trial.recipe.schedule.steps);
        }
    });
}

#[test]
fn summaries() {
    let seeds = files(&[&format!("{OLD}/aggregate")], "summary.json");
    Fuzz::new(&seeds).words(&WORDS).memory(most).run(|bytes| {
        if let Ok(summary) = serde_json::from_slice::<Summary>(bytes) {
            let _ = summary.all_run();
        }
    });
}

#[test]
fn provenances() {
    let seeds = files(&[OLD], "provenance.json");
    Fuzz::new(&seeds)
        .words(&WORDS)
        .memory(most)
        .run(|bytes| serde_json::from_slice::<Provenance>(bytes).map(|provenance| provenance.runs.len()));
}

/// The conversation about a trial, one message a line: the request first.
fn conversation() -> Vec<Vec<u8>> {
    let trial: Trial = serde_json::from_slice(&of_trials("trial.json")[0]).unwrap();
    let id = trial.id.as_str().to_owned();
    let request = Request::Train(seedband_core::protocol::Train {
        data_path: Some("/data".into()),
        init_path: Some("/init".into()),
        ..seedband_core::protocol::Train::new(trial, vec![])
    });
    let mut lines = vec![to_line(&request)];
    lines.extend(
        [
            r#"{"type":"ready","protocol":1,"worker":"w","device":"cpu","libraries":["a"]}"#,
            r#"{"type":"started","trial":"ID","steps":24,"parameters":10,"data":"aa","epoch":4,"weights":"bb"}"#,
            r#"{"type":"step","trial":"ID","step":0,"lr":1e-7,"loss":2.5,"validation":{"loss":"NaN","accuracy":0.5}}"#,
            r#"{"type":"finished","trial":"ID","end":"completed","steps":24}"#,
            r#"{"type":"failed","trial":"ID","class":"out-of-memory","message":"m"}"#,
            r#"{"type":"saved","trial":"ID"}"#,
        ]
        .map(|line| format!("{}\n", line.replace("ID", &id))),
    );
    lines.into_iter().map(String::into_bytes).collect()
}

#[test]
fn lines_of_the_protocol() {
    let seeds = conversation();
    Fuzz::new(&seeds).words(&WORDS).memory(most).run(|bytes| {
        if let Ok(request) = serde_json::from_slice::<Request>(bytes) {
            // It arrives as it was sent.
            let line = to_line(&request);
            assert_eq!(to_line(&serde_json::from_str::<Request>(&line).unwrap()), line);
        }
        if let Ok(event) = serde_json::from_slice::<Event>(bytes) {
            let line = to_line(&event);
            assert_eq!(to_line(&serde_json::from_str::<Event>(&line).unwrap()), line);
        }
    });
}
