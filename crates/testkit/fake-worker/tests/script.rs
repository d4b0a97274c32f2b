//! What the fake worker says, as its script has it. That this package has tests also makes `cargo test --workspace`
//! build the program for those of others.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use seedband_core::files::curve::End;
use seedband_core::protocol::{Event, Request, Train, to_line};
use seedband_core::recipe::Recipe;
use seedband_core::trial::Trial;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const PROGRAM: &str = env!("CARGO_BIN_EXE_fake-worker");

const STEPS: usize = 20;

/// The worker with a script; it is asked to train the seeds 0 and 1 of the config `a`.
fn output(script: &str, arguments: &[&str]) -> Output {
    let mut child = Command::new(PROGRAM)
        .args(arguments)
        .env("FAKE_WORKER", script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut recipe = Recipe::default();
    recipe.schedule.steps = STEPS;
    let request = |seed| to_line(&Request::Train(Train::new(Trial::new("a", seed, &recipe), Vec::new())));
    let mut input = child.stdin.take().unwrap();
    // It may be gone before it is asked, as the script says.
    let _ = input.write_all((request(0) + &request(1)).as_bytes());
    drop(input);
    child.wait_with_output().unwrap()
}

fn events(script: &str) -> Vec<Event> {
    let output = output(script, &[]);
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn each_trial_follows_the_first_clause_that_fits() {
    let events = events("a/1=diverge:3;*/*=finish;a/0=fail:internal");
    assert!(matches!(events[0], Event::Ready(_)));
    let ends: Vec<(End, u32)> = events
        .iter()
        .filter_map(|event| match event {
            Event::Finished(finished) => Some((finished.end, finished.steps)),
            _ => None,
        })
        .collect();
    assert_eq!(ends, [(End::Completed, STEPS as u32), (End::NonFinite, 4)]);
    assert_eq!(events.len(), 1 + 1 + STEPS + 1 + 1 + 4 + 1);
}

/// A test with a slip in its script would test nothing.
#[test]
fn a_script_that_says_nothing_known_ends_the_worker_at_its_start() {
    for (script, problem) in [
        ("a/1=dance", "no behaviour is called `dance`"),
        ("a/1=crash:2", "no behaviour is called `crash:2`"),
        ("start=later", "no start is called `later`"),
        ("a=crash", "`a=crash` is no clause of a script"),
        ("a/1=slow", "cannot parse integer from empty string"),
        ("a/1=fail:everything", "unknown variant `everything`"),
    ] {
        let output = output(script, &[]);
        let log = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && output.stdout.is_empty(), "{script}");
        assert!(log.contains(problem), "{script}: {log}");
    }
}

#[test]
fn it_takes_the_arguments_of_a_worker() {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    assert_eq!(
        text(output("", &["--version"]).stdout),
        concat!("fake-worker ", env!("CARGO_PKG_VERSION"), "\n")
    );
    let said = text(output("start=garbage", &["--device", "cuda:0", "--threads", "2"]).stdout);
    assert!(
        said.starts_with("hello\n{\"type\":\"ready\"") && said.contains("\"device\":\"cuda:0\""),
        "{said}"
    );
    assert_eq!(output("", &["--threads", "many"]).status.code(), Some(2));
    assert_eq!(output("start=exit:7", &[]).status.code(), Some(7));
}

#[test]
fn tests_of_other_packages_find_it() {
    assert_eq!(seedband_testkit::program("fake-worker"), Path::new(PROGRAM));
}
