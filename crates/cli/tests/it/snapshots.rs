//! What people read, to the letter: errors, `plan`, and the table of `show`. `INSTA_UPDATE=always cargo test …` takes
//! what is said now; look at the difference before it is committed.

use crate::support::{Place, STUDY, said};
use std::fmt::Write;

/// The study with a `[run]` that comes to the same on every machine.
fn study(settings: &str) -> String {
    let named = "[run]\ndevices = \"cpu\"\ncpu-slots = 2\nmemory-format = \"contiguous\"\n";
    STUDY.replace("[run]\n", named) + settings
}

/// `text` without what differs from call to call: the folder of the test.
fn redacted(place: &Place, text: &str) -> String {
    let folder = place.path("").display().to_string();
    text.replace(folder.trim_end_matches('/'), "/folder")
}

/// What a command with the fake worker says, as in a terminal.
fn session(place: &Place, arguments: &[&str], script: &str) -> String {
    let (status, out, err) = said(&mut place.fake(arguments, script));
    let mut text = format!("$ seedband {}\n", arguments.join(" "));
    for (name, said) in [("", out), ("2> ", err)] {
        for line in redacted(place, &said).lines() {
            let _ = writeln!(text, "{}", format!("{name}{line}").trim_end());
        }
    }
    let _ = writeln!(text, "[{status}]\n");
    text
}

/// Everything that one place says to these commands.
fn sessions(place: &Place, commands: &[&[&str]]) -> String {
    commands.iter().map(|arguments| session(place, arguments, "")).collect()
}

#[test]
fn wrong_command_lines() {
    let place = Place::new(&study(""));
    let text = sessions(
        &place,
        &[
            &["run"],
            &["ron", "study.toml"],
            &["run", "none.toml"],
            &["run", "/"],
            &["run", "study.toml", "--max-fails", "1", "--fail-fast"],
            &["plan", "study.toml", "--set", "optimizer.momentun=0.5"],
            &["plan", "study.toml", "--set", "optimizer.momentum"],
            &["plan", "study.toml", "--seeds", "5..5"],
            &["plan", "study.toml", "--devices", "cuda:x"],
            &["plan", "study.toml", "--timeout", "soon"],
            &["run", "study.toml", "--worker", "/no/such/worker"],
            &["init", "study.toml"],
            &["show", "study.toml"],
            &["aggregate", "study.toml"],
            &["weights", "study.toml", "--config", "plane"],
            &["logs", "study.toml", "plain"],
            &["logs", "study.toml", "plain/7"],
            &["logs", "study.toml", "plain/1"],
            &["status", "study.toml", "--watch", "soon"],
            &["gc", "study.toml", "--results", "study.toml"],
        ],
    );
    insta::assert_snapshot!(text);
}

#[test]
fn wrong_studies() {
    let studies = [
        "name = \"a b\"",
        "seeds = \"0..0\"",
        "seeds = \"until 0.3, 40\"",
        "[optimiser]\nmomentum = 0.9",
        "[model]\narchitecture = \"vgg\"",
        "[training]\nbatch-size = 0",
        "[schedule]\nstart = 1.0\nend = 0.1",
        "extends = \"study.toml\"",
        "extends = \"none.toml\"",
        "[data]\nsource = \"cifar10\"",
        "[data]\nsource = \"cifar10\"\npath = \"study.toml\"",
        "[data]\nsource = \"cifar10\"\npath = \"${SEEDBAND_NO_SUCH_VARIABLE}\"",
        "[init]\nfrom = \"none.safetensors\"",
        "[[config]]\nname = \"a\"\n[[config]]\nname = \"a\"",
        "[run]\nretries = 3\nretry-delay = \"soon\"",
        "seeds = [0, 1",
    ];
    let mut text = String::new();
    for study in studies {
        let said = session(&Place::new(study), &["plan", "study.toml"], "");
        writeln!(text, "{study}").unwrap();
        text.push_str(&said);
    }
    insta::assert_snapshot!(text);
}

#[test]
fn results_that_do_not_fit() {
    let place = Place::new(&study(""));
    place.fake(&["run", "study.toml"], "").assert().code(0);
    let mut text = sessions(
        &place,
        &[
            &["run", "study.toml", "--set", "optimizer.momentum=0.5"],
            &["logs", "study.toml", "plain/1", "--attempt", "3"],
        ],
    );
    // Without the lines of trials, which end in whatever order.
    let more = ["run", "study.toml", "--seeds", "0..4", "-q"];
    let damaged: [(&str, &str, &[&[&str]]); 3] = [
        ("aggregate/summary.json", "{", &[&["show", "study.toml"]]),
        ("provenance.jsonl", "{\"run\": {\"version\": 1", &[&more]),
        ("study.toml", "name = ", &[&more, &["status", "results/tiny"]]),
    ];
    for (file, content, commands) in damaged {
        std::fs::write(place.path("results/tiny").join(file), content).unwrap();
        let _ = writeln!(text, "{file}: {content:?}");
        text += &sessions(&place, commands);
    }
    insta::assert_snapshot!(text);
}

#[test]
fn plans() {
    let place = Place::new(&study("[train]\nsteps = 3\nlr = \"median\"\n"));
    let grown = ["plan", "study.toml", "--seeds", "until 0.3, at most 18"];
    let commands: [&[&str]; 3] = [&["plan", "study.toml"], &["plan", "study.toml", "--json"], &grown];
    let text = sessions(&place, &commands);
    insta::assert_snapshot!(text);
}

#[test]
fn tables() {
    let place = Place::new(&study(""));
    place
        .fake(&["run", "study.toml"], "plain/1=diverge:30;decay/2=fail:bad-data")
        .assert()
        .code(100);
    let text = sessions(&place, &[&["show", "study.toml"], &["status", "study.toml"]]);
    insta::assert_snapshot!(text);
}
