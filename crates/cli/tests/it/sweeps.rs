//! Configs that a sweep makes: their names, and errors about their axes.

use crate::support::{Place, said};
use std::collections::HashSet;

fn study(sweep: &str) -> Place {
    Place::new(&format!("name = \"s\"\nseeds = [0]\nschedule.steps = 40\n{sweep}"))
}

/// The names of the configs, by `plan --json`.
fn names(sweep: &str) -> Vec<String> {
    let (status, out, err) = said(&mut study(sweep).fake(&["plan", "study.toml", "--json"], ""));
    assert_eq!(status, 0, "{err}");
    let plan: serde_json::Value = serde_json::from_str(&out).unwrap();
    let configs = plan["configs"].as_array().unwrap().iter();
    configs
        .map(|config| config["name"].as_str().unwrap().to_owned())
        .collect()
}

fn refused(sweep: &str, parts: &[&str]) {
    for command in ["plan", "run"] {
        let (status, _, err) = said(&mut study(sweep).fake(&[command, "study.toml"], ""));
        assert_eq!(status, 96, "{err}");
        for part in parts {
            assert!(err.contains(part), "no `{part}` in: {err}");
        }
    }
}

#[test]
fn many_axes_have_short_names_and_whole_labels() {
    let axes = [
        "optimizer.weight-decay = [0.0, 1e-4]",
        "optimizer.momentum = [0.9, 0.95]",
        "optimizer.nesterov = [true, false]",
        "training.batch-size = [16, 32]",
        "schedule.start = [1e-7, 1e-6]",
        "schedule.end = [1.0, 10.0]",
        "augment.crop-padding = [0, 4]",
        "augment.padding-mode = [\"reflect\", \"zero\"]",
        "augment.flip = [true, false]",
        "loss.l2-conv = [0.0, 1e-4]",
        "loss.l2-dense = [0.0, 1e-4]",
    ];
    let sweep = format!("[sweep.grid]\n{}\n", axes.join("\n"));
    let found = names(&sweep);
    assert_eq!(found.len(), 2048);
    assert_eq!(found.iter().collect::<HashSet<_>>().len(), 2048);
    assert!(found.iter().all(|name| name.len() < 70), "{}", found[0]);
    // Golden: a digest is part of a name, and names must not change.
    assert_eq!(
        found[0],
        "weight-decay=0.0,momentum=0.9,nesterov=true,batch-size=16-e8510c43"
    );
    assert_eq!(found, names(&sweep));
    let place = study(&sweep);
    let (_, out, _) = said(&mut place.fake(&["plan", "study.toml", "--json"], ""));
    let plan: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(plan["configs"][0]["settings"].as_array().unwrap().len(), axes.len());
}

#[test]
fn an_axis_of_tables_holds_keys_that_go_together() {
    let tables = "optimizer = [{algorithm = \"sgd\", momentum = 0.8}, {algorithm = \"sgd\", momentum = 0.9}, {algorithm = \"adam\"}]";
    let expected = [
        "algorithm=sgd,momentum=0.8",
        "algorithm=sgd,momentum=0.9",
        "algorithm=adam",
    ];
    assert_eq!(names(&format!("[sweep.grid]\n{tables}\n")), expected);
    let crossed = names(
        &format!("[sweep.grid]\n{tables}\noptimizer2 = []\n").replace("optimizer2 = []", "training.batch-size = [8]"),
    );
    assert_eq!(crossed[2], "algorithm=adam,batch-size=8");
    let place = study(&format!("[sweep.grid]\n{tables}\n"));
    place.fake(&["run", "study.toml"], "").assert().code(0);
    assert_eq!(place.curves("results/s").len(), 3);
    refused(
        "[sweep.grid]\noptimizer = [\n  { algorithm = \"sgd\", momentun = 0.8 },\n  { algorithm = \"adam\" },\n]\n",
        &[
            "axis `optimizer`: unknown key `momentun` in `[optimizer]`",
            "study.toml:6:24",
            "did you mean `momentum`",
        ],
    );
    refused(
        "[sweep.grid]\noptimizer = [{ momentum = 0.9 }, { momentum = \"high\" }]\n",
        &["axis `optimizer`: invalid type", "study.toml:5:47"],
    );
    refused(
        "[sweep.grid]\noptimizer.algorithm = [\"sgd\", \"adam\"]\noptimizer.momentum = [0.8, 0.9]\n",
        &[
            "study.toml:6:",
            "`optimizer = [{ algorithm = \"sgd\", momentum = 0.8 }, { algorithm = \"adam\" }]`",
        ],
    );
}

#[test]
fn equal_values_are_marked_on_their_axis() {
    for (axis, column, problem) in [
        ("training.batch-size = [16, 8, 16]", 31, "the value 16 is there twice"),
        (
            "optimizer.weight-decay = [0.1, 1e-1]",
            32,
            "the value 0.1 is there twice",
        ),
        ("optimizer.weight-decay = [0, 0.0]", 30, "0 and 0.0 are the same value"),
        (
            "model.architecture = [\"mlp\", \"mlp\"]",
            30,
            "the value \"mlp\" is there twice",
        ),
        (
            "optimizer = [{momentum = 0.5}, { momentum = 0.5 }]",
            32,
            "is there twice",
        ),
        (
            "init.from = [\"w\", \"./w\"]",
            19,
            "\"w\" and \"./w\" are the same value",
        ),
    ] {
        refused(
            &format!("[sweep.grid]\n{axis}\n"),
            &[problem, &format!("study.toml:5:{column}"), "add seeds"],
        );
    }
    let zip = "[sweep.zip]\ntraining.batch-size = [16, 16]\nschedule.end = [1.0, 2.0]\n";
    assert_eq!(names(zip), ["batch-size=16,end=1.0", "batch-size=16,end=2.0"]);
    refused(
        &zip.replace("2.0", "1"),
        &["the zipped values number 1 and 2 are the same"],
    );
}

#[test]
fn any_value_gives_a_valid_name() {
    let place = Place::new(
        "name = \"s\"\nseeds = [0]\ntrainer.command = [\"true\"]\n[sweep.grid]\n\
         trainer.args.note = [\"=1+1\", \"a b/c\", \"学習:率\", \"\", -1, 1.5, [1, 2], true, \"~\", \"'\\\"\\t\"]\n",
    );
    let (status, out, err) = said(&mut place.fake(&["plan", "study.toml", "--json"], ""));
    assert_eq!(status, 0, "{err}");
    let plan: serde_json::Value = serde_json::from_str(&out).unwrap();
    let names: HashSet<&str> = plan["configs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["name"].as_str().unwrap())
        .collect();
    assert_eq!(names.len(), 10);
    assert!(names.iter().all(|name| name.starts_with("note=")), "{names:?}");
    assert!(
        names.contains("note=a-b-c") && names.contains("note=1.5") && names.contains("note=1+2"),
        "{names:?}"
    );
}

#[test]
fn names_that_are_formulas_are_harmless_in_csv_alone() {
    let place = study("[[config]]\nname = \"+aug\"\n[[config]]\nname = \"=1+1\"\noptimizer.momentum = 0.8\n");
    place.fake(&["run", "study.toml"], "").assert().code(0);
    let csv = place.read("results/s/aggregate/trials.csv");
    assert!(csv.contains("'+aug") && csv.contains("'=1+1"), "{csv}");
    for cell in csv.lines().flat_map(|line| line.split(',')) {
        assert!(!cell.starts_with(['=', '+', '@']), "{cell}");
    }
    assert!(place.read("results/s/aggregate/summary.json").contains("\"=1+1\""));
}

#[test]
fn letters_that_figures_lack_are_said_and_their_files_are_told_apart() {
    let place = study("[[config]]\nname = \"基準\"\n[[config]]\nname = \"база\"\noptimizer.momentum = 0.8\n");
    let (status, out, err) = said(&mut place.fake(&["run", "study.toml"], ""));
    assert_eq!(status, 0, "{err}");
    assert!(out.contains("基準") && out.contains("font lacks 2 letters"), "{out}");
    let figures = std::fs::read_dir(place.path("results/s/report/figures")).unwrap();
    let names: Vec<String> = figures
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(names.iter().all(|name| !name.contains("config-2.")), "{names:?}");
    // `printf 基準 | sha256sum`
    assert!(names.iter().any(|name| name.contains("config-")), "{names:?}");
}
