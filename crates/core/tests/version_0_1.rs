//! Studies with the names of version 0.1 for min LR and max LR (low and high) are those with the present names.

#![expect(clippy::unwrap_used, reason = "tests")]

use seedband_core::study::{Study, StudyError};
use seedband_core::summary::Summary;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// `study.toml` of `files`, read with `sets`; an error without the name of the folder.
fn load(files: &[(&str, &str)], sets: &[&str]) -> Result<Study, String> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
    let shown = |error: StudyError| error.to_string().replace(&folder.path().display().to_string(), "DIR");
    Study::load(&folder.path().join("study.toml"), &sets).map_err(shown)
}

fn study(text: &str) -> Study {
    load(&[("study.toml", text)], &[]).unwrap_or_else(|error| panic!("{text}\n{error}"))
}

/// The same in old names.
fn old(text: &str) -> String {
    let names = [
        ("range.min", "range.low"),
        ("range.max", "range.high"),
        ("\"max-lr\"", "\"high\""),
        ("\"min-lr\"", "\"low\""),
        ("{ min = ", "{ low = "),
        (", max = ", ", high = "),
    ];
    let replace = |text: String, (now, then): (&str, &str)| text.replace(now, then);
    names.into_iter().fold(text.to_owned(), replace)
}

/// A resolved study as version 0.1 would have written it, with the names of its configs as they are.
fn old_file(text: &str) -> String {
    let line = |line: &str| {
        if line.starts_with("name = ") {
            line.to_owned()
        } else {
            old(line)
        }
    };
    text.lines().map(|text| line(text) + "\n").collect()
}

/// Everywhere that a study can name one of the two rates.
const STUDIES: [&str; 9] = [
    "[range.min]\nrule = \"valley\"\n[range.max]\nrule = \"least-loss\"\ndivide-by = 5.0",
    "range = { min = { rule = \"valley\" }, max = { rule = \"slide\", window = 7 } }",
    "range.max.rule = \"slide\"",
    "[[config]]\nname = \"a\"\n[config.range.min]\nrule = \"valley\"\n\
     [[config]]\nname = \"b\"\nrange.max.rule = \"slide\"",
    "[sweep.grid]\n\"range.max.rule\" = [\"slide\", \"least-loss\"]\n[sweep.zip]\n\"range.min.rule\" = [\"valley\"]",
    "[sweep.grid.range.min]\nrule = [\"valley\", \"steepest\"]\n[sweep.zip]\nrange.max.rule = [\"slide\"]",
    "[train]\nsteps = 5\nrule = \"min-lr\"\n[[train.variant]]\nname = \"a\"\nrule = \"max-lr\"\n\
     [[train.variant]]\nname = \"b\"\nfloor = \"min-lr\"\npolicy.kind = \"triangular\"",
    "[[config]]\n[config.train]\nsteps = 5\nrule = \"min-lr\"\n[[config.train.variant]]\nname = \"a\"\n\
     floor = \"min-lr\"\npolicy.kind = \"triangular\"",
    "[train]\nsteps = 5\npolicy.kind = \"cosine\"\n[sweep.grid]\ntrain.rule = [\"min-lr\", \"max-lr\"]\n\
     \"train.floor\" = [\"min-lr\", 1e-6]",
];

#[test]
fn a_study_in_old_names_is_the_one_in_present_names() {
    for text in STUDIES {
        let (now, then) = (study(text), study(&old(text)));
        assert_ne!(old(text), text);
        assert_eq!(then, now, "{text}");
        assert_eq!(now.labels(), then.labels());
        let written = then.to_toml();
        assert_eq!(written, now.to_toml());
        for name in ["low", "high"] {
            let word = |line: &&str| {
                line.split(|part: char| !part.is_alphanumeric())
                    .any(|word| word == name)
            };
            assert_eq!(written.lines().find(word), None, "{text}");
        }
        // What version 0.1 wrote is read, and is no change.
        let again = study(&old_file(&written));
        assert_eq!(again.to_toml(), written);
        assert!(again.changes_since(&now).is_empty() && now.changes_since(&again).is_empty());
        let ids = |study: &Study| -> Vec<String> {
            let trials = study.trials().into_iter();
            trials.map(|train| train.trial.id.to_string()).collect()
        };
        assert_eq!(ids(&again), ids(&now));
    }
}

#[test]
fn options_in_old_names_are_those_in_present_names() {
    let base = "[train]\nsteps = 5\npolicy.kind = \"cosine\"";
    for set in [
        "range.max.rule=slide",
        "range.max={rule = \"slide\", window = 7}",
        "range.min.rule=valley,steepest",
        "train.rule=\"min-lr\"",
        "train.rule=\"min-lr\",\"max-lr\"",
        "train.floor=\"min-lr\"",
    ] {
        let load = |set: &str| load(&[("study.toml", base)], &["range.max.rule=least-loss", set]).unwrap();
        assert_eq!(load(&old(set)), load(set), "{set}");
    }
    // As a shell leaves it.
    let unquoted = |set: &str| load(&[("study.toml", base)], &[set]).unwrap();
    assert_eq!(unquoted("train.rule=low"), unquoted("train.rule=min-lr"));
}

/// Four texts that lie over one another, each in old or in present names. A rule that is named starts its table afresh,
/// so what the lower layers say of it must be forgotten whatever name the table has there.
#[test]
fn layers_in_old_and_in_present_names_merge() {
    let base = "[range.min]\nrule = \"steepest\"\nskip-end = 2\n[range.max]\nrule = \"least-loss\"\ndivide-by = 5.0\n\
        [train]\nsteps = 5\nrule = \"min-lr\"";
    let study = "extends = \"base.toml\"\n[range.max]\nrule = \"least-loss\"\nsnap = true\n[train]\nrule = \"max-lr\"\n\
        [[config]]\nname = \"a\"\nextends = \"own.toml\"\n[config.range.min]\nrule = \"valley\"\nskip-start = 3";
    let own = "[range.min]\nrule = \"steepest\"\nskip-end = 4\n[range.max]\nrule = \"slide\"";
    let set = "range.max={rule = \"least-loss\", skip-end = 6}";
    let load = |texts: [&str; 4]| {
        let [base, study, own, set] = texts;
        load(&[("base.toml", base), ("study.toml", study), ("own.toml", own)], &[set]).unwrap()
    };
    let now = load([base, study, own, set]);
    let range = &now.configs[0].analysis.range;
    assert_eq!(
        (range.max.skip_end, range.max.divide_by, range.max.snap),
        (Some(6), None, None)
    );
    assert_eq!((range.min.skip_start, range.min.skip_end), (Some(3), None));
    assert_eq!(now.configs[0].trainings[0].settings.rule, "max-lr");
    for mask in 1..16 {
        let mut texts = [base, study, own, set].map(str::to_owned);
        for (bit, text) in texts.iter_mut().enumerate().filter(|(bit, _)| mask >> bit & 1 == 1) {
            *text = old(text);
            assert!(text.contains("range.low") || text.contains("range.high"), "{bit}");
        }
        let mixed = load([&texts[0], &texts[1], &texts[2], &texts[3]]);
        assert_eq!(mixed, now, "{mask:04b}");
    }
}

#[test]
fn one_thing_by_two_names_is_an_error() {
    for (text, keys, line) in [
        (
            "[range.min]\nrule = \"valley\"\n[range.low]\nrule = \"valley\"",
            ["range.low", "range.min"],
            3,
        ),
        (
            "[range.high]\nrule = \"slide\"\n[range.max]\nrule = \"slide\"",
            ["range.high", "range.max"],
            3,
        ),
        (
            "[[config]]\nrange.low.rule = \"valley\"\nrange.min.snap = true",
            ["range.low", "range.min"],
            3,
        ),
        (
            "[sweep.grid]\n\"range.low.rule\" = [\"valley\"]\n\"range.min.rule\" = [\"slide\"]",
            ["range.low.rule", "range.min.rule"],
            3,
        ),
    ] {
        let error = load(&[("study.toml", text)], &[]).unwrap_err();
        let [then, now] = keys;
        assert!(
            error.starts_with(&format!("`{then}` and `{now}` are two names of one setting\n")),
            "{error}"
        );
        assert!(error.contains(&format!("DIR/study.toml:{line}:")), "{error}");
        assert!(
            error.contains(&format!("help: keep `{now}`; `{then}` is what version 0.1 called it")),
            "{error}"
        );
    }
}

#[test]
fn errors_say_what_the_user_wrote() {
    let error = |text: &str| load(&[("study.toml", text)], &[]).unwrap_err();
    // A key that does not exist, with an example from the reference.
    let unknown = error("[range.low]\nrule = \"steepest\"\nskip-stat = 3");
    assert!(
        unknown.starts_with("unknown key `skip-stat` in `[range.low]`\n"),
        "{unknown}"
    );
    assert!(
        unknown.contains("did you mean `skip-start`? for example `skip-start = 10`"),
        "{unknown}"
    );
    // Old names are none to recommend.
    let misspelt = error("[range.lo]\nrule = \"steepest\"");
    assert!(misspelt.contains("known keys: `min`, `max`"), "{misspelt}");
    // A value that makes no sense, in a table and as an axis.
    let value = error("[range.high]\nrule = \"least-loss\"\nwindow = 3");
    assert!(value.starts_with("`range.high.window = "), "{value}");
    assert!(value.contains("DIR/study.toml:3:1"), "{value}");
    let now = error("[range.max]\nrule = \"least-loss\"\nwindow = 3");
    assert_eq!(now, value.replace("range.high", "range.max"));
    let axis = error("[sweep.grid]\n\"range.high.rule\" = [\"slid\"]");
    assert!(axis.starts_with("axis `range.high.rule`: "), "{axis}");
    assert!(axis.contains("DIR/study.toml:2:22"), "{axis}");
    let set = load(&[("study.toml", "")], &["range.low={rule = \"steepest\", window = 3}"]).unwrap_err();
    assert!(
        set.contains("`range.low.window = ") && set.contains("--> --set range.low={rule"),
        "{set}"
    );
    // A key with a dot in it is a key of that name, not a path.
    let quoted = error("\"range.low\" = 1");
    assert!(quoted.starts_with("unknown key `range.low`"), "{quoted}");
    let train = error("[train]\nsteps = 5\nlr = 0.1\nrule = \"low\"");
    assert!(
        train.contains("rule = \"low\"\n") && train.contains("concerns a suggestion"),
        "{train}"
    );
}

/// The summary that version 0.1 wrote, with what its few seeds do not have.
#[test]
fn a_summary_in_old_names_is_read() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cli/tests/data/results-0.1/old/aggregate/summary.json");
    let mut old: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let config = &mut old["configs"][0];
    config["high"]["estimate"]["interval"] = json!({"low": 0.25, "high": 0.5, "confidence": 0.97});
    config["labels"] = json!([
        ["range.high.divide-by", "5.0"],
        ["train.rule", "low"],
        ["loss.shown", "low"]
    ]);
    config["trainings"][0]["source"] = "own high end x 0.5".into();
    config["trainings"][0]["without"] = json!([["no low end: too few points", 2]]);
    let scaling = json!({"n": 2, "exponent": {"median": 1.0, "lower": 1.0, "upper": 1.0, "middle": 1.0}});
    old["scalings"] = json!([{
        "configs": [], "batch-sizes": [], "shared": [["range.low.rule", "valley"]], "steps-differ": false,
        "low": scaling, "high": {"n": 3},
    }]);
    let summary: Summary = serde_json::from_value(old.clone()).unwrap();
    let config = &summary.configs[0];
    assert_eq!(
        (&*config.rules.min_lr, &*config.rules.max_lr),
        ("steepest descent", "least loss / 10")
    );
    let interval = config.max_lr.estimate.unwrap().interval.unwrap();
    assert_eq!((interval.lower, interval.upper), (0.25, 0.5));
    assert_eq!(config.answer, None, "it is made anew from the curves");
    let lr = |value: &Value| value["is"]["lr"].as_f64();
    let (seed, then) = (&config.seeds[0], &old["configs"][0]["seeds"][0]);
    assert_eq!(
        (seed.min_lr.lr(), seed.max_lr.lr()),
        (lr(&then["low"]), lr(&then["high"]))
    );
    assert!(seed.min_lr.lr().is_some() && seed.min_lr.lr() != seed.max_lr.lr());
    assert_eq!(
        u64::from(config.decades[0].min_lr.n),
        old["configs"][0]["decades"][0]["low"]["n"].as_u64().unwrap()
    );
    let labels = [
        ("range.max.divide-by", "5.0"),
        ("train.rule", "min-lr"),
        ("loss.shown", "low"),
    ];
    assert_eq!(
        config.labels,
        labels.map(|(key, value)| (key.to_owned(), value.to_owned()))
    );
    assert_eq!(config.trainings[0].source, "own max LR x 0.5");
    assert_eq!(
        config.trainings[0].without,
        [("no min LR: too few points".to_owned(), 2)]
    );
    let scaling = &summary.scalings[0];
    assert_eq!((scaling.min_lr.n, scaling.max_lr.n), (2, 3));
    assert_eq!(scaling.shared, [("range.min.rule".to_owned(), "valley".to_owned())]);
    // It is written in present names only.
    let again = serde_json::to_value(&summary).unwrap();
    assert_eq!(serde_json::from_value::<Summary>(again.clone()).unwrap(), summary);
    let text = again["configs"][0].to_string();
    assert!(!text.contains("\"high\"") && !text.contains(" end"), "{text}");
}

/// The files that this version comes with say nothing by its old name.
#[test]
fn the_repository_has_present_names() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for folder in [
        "configs",
        "configs/flavours",
        "experiments",
        "crates/seedband/templates",
    ] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "toml") {
                let text = fs::read_to_string(&path).unwrap();
                assert!(
                    !text.contains("range.low") && !text.contains("range.high"),
                    "{}",
                    path.display()
                );
            }
        }
    }
}
