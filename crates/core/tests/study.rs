//! Studies from files: merging, sweeps, trials, and what an error shows.

#![expect(clippy::unwrap_used, reason = "tests")]

use seedband_core::range_test::{NamedRule, Smoothing, SmoothingKind, Stop};
use seedband_core::settings::{Algorithm, Architecture, Group};
use seedband_core::study::{Study, reference};
use std::fs;
use std::path::{Path, PathBuf};

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn load(text: &str, sets: &[&str]) -> Result<Study, String> {
    let folder = folder(&[("study.toml", text)]);
    let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
    let shown = |error: seedband_core::study::StudyError| {
        error.to_string().replace(&folder.path().display().to_string(), "DIR")
    };
    Study::load(&folder.path().join("study.toml"), &sets).map_err(shown)
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn an_empty_study_is_the_reference() {
    let empty = load("name = \"a\"", &[]).unwrap();
    let reference = load(&format!("name = \"a\"\n{}", reference::TEXT), &[]).unwrap();
    assert_eq!(
        empty,
        Study {
            title: "a".into(),
            ..reference
        }
    );
    assert_eq!(empty.configs.len(), 1);
    assert_eq!(empty.configs[0].name, "base");
    assert_eq!(empty.seeds.seeds().len(), 20);
}

#[test]
fn the_reference_has_every_known_key() {
    for table in [
        "",
        "model",
        "init",
        "data",
        "pixels",
        "augment",
        "training",
        "loss",
        "optimizer",
        "optimizer.group",
        "schedule",
        "streams",
        "validation",
        "smoothing",
        "stop",
        "divergence",
        "range.min",
        "rule.<name>",
        "train",
        "train.policy",
        "statistics",
        "run",
        "sweep",
    ] {
        let rule = if table == "range.min" {
            "rule = \"steepest\"\n"
        } else {
            ""
        };
        let header = if table.is_empty() {
            String::new()
        } else if table == "rule.<name>" {
            "[rule.a]\n".to_owned()
        } else if table == "optimizer.group" {
            "[[optimizer.group]]\n".to_owned()
        } else {
            format!("[{table}]\n{rule}")
        };
        let error = load(&format!("{header}zzzzzzzzzzzzzz = 1"), &[]).unwrap_err();
        let known = error.split("known keys: ").nth(1).unwrap();
        for key in known.split('`').skip(1).step_by(2) {
            let heading = |line: &str| line.contains(&format!("[{key}")) || line.contains(&format!("[{table}.{key}"));
            let set = |line: &str| line.trim_start_matches("# ").starts_with(&format!("{key} = "));
            assert!(
                reference::TEXT.lines().any(|line| set(line) || heading(line)),
                "`{key}` of `[{table}]` is not in the reference"
            );
        }
    }
}

#[test]
fn every_flavour_and_every_experiment_parses() {
    let mut seen = 0;
    for folder in ["configs/flavours", "configs/data", "configs/models", "experiments"] {
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "toml") {
                Study::load(&path, &[]).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                seen += 1;
            }
        }
    }
    Study::load(&root().join("configs/rules.toml"), &[]).unwrap();
    assert!(seen >= 8, "{seen}");
}

#[test]
fn layers_lie_over_each_other_in_order() {
    let folder = folder(&[
        (
            "base.toml",
            "training.batch-size = 8\nschedule.steps = 7\n[optimizer]\nmomentum = 0.5\nweight-decay = 0.1",
        ),
        ("flavour.toml", "extends = \"base.toml\"\nschedule.end = 5.0"),
        (
            "study.toml",
            "extends = [\"flavour.toml\"]\nseeds = [4, 2]\nschedule.end = 6.0\n[[config]]\nname = \"a\"\n[[config]]\nname = \"b\"\nschedule.end = 7.0\noptimizer.algorithm = \"adam\"",
        ),
    ]);
    let load = |sets: &[&str]| {
        let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
        Study::load(&folder.path().join("study.toml"), &sets).unwrap()
    };
    let study = load(&[]);
    let (a, b) = (&study.configs[0].recipe, &study.configs[1].recipe);
    assert_eq!(study.seeds.seeds(), [4, 2]);
    assert_eq!(
        (a.trainer.batches.batch_size, a.schedule.steps, a.schedule.end),
        (8, 7, 6.0)
    );
    assert_eq!((b.schedule.end, b.trainer.optimizer.algorithm), (7.0, Algorithm::Adam));
    // Adam has no momentum; the weight decay belongs to both.
    assert_eq!(
        (b.trainer.optimizer.momentum, b.trainer.optimizer.weight_decay),
        (None, Some(0.1))
    );
    let over = load(&["schedule.end=9", "seeds=0..3"]);
    assert!(
        over.configs
            .iter()
            .all(|config| (config.recipe.schedule.end - 9.0).abs() < f64::EPSILON)
    );
    assert_eq!(over.seeds.seeds(), [0, 1, 2]);
}

#[test]
fn sweeps_make_configs_and_labels() {
    let study = load(
        "seeds = \"0..2\"\n[[config]]\nname = \"a\"\n[[config]]\nname = \"b\"\nmodel.architecture = \"mlp\"\n[sweep.grid]\ntraining.batch-size = [64, 128]",
        &["optimizer.momentum=0,0.9"],
    )
    .unwrap();
    let names: Vec<&str> = study.configs.iter().map(|config| config.name.as_str()).collect();
    assert_eq!(names.len(), 8);
    assert_eq!(names[0], "a,batch-size=64,momentum=0");
    assert_eq!(study.configs[7].recipe.trainer.model.architecture, Architecture::Mlp);
    let labels = study.labels();
    assert!(
        labels[0].contains(&("training.batch-size".into(), "64".into())),
        "{labels:?}"
    );
    assert!(labels[0].iter().all(|(key, _)| key != "schedule.end"));
}

#[test]
fn configs_of_equal_recipe_share_trials() {
    let study = load("seeds = \"0..3\"\n[[config]]\nname = \"a\"\n[[config]]\nname = \"b\"\nsmoothing.beta = 0.5\n[[config]]\nname = \"c\"\nloss.l2-conv = 0.1", &[]).unwrap();
    let trials = study.trials();
    assert_eq!(trials.len(), 6);
    assert_eq!(trials[0].early_stops.len(), 2, "both analyses have to stop");
    assert_eq!(
        trials.iter().map(|planned| planned.trial.seed).collect::<Vec<_>>(),
        [0, 0, 1, 1, 2, 2]
    );
    let never = load(
        "[[config]]\nname = \"a\"\n[[config]]\nname = \"b\"\nstop.kind = \"never\"",
        &[],
    )
    .unwrap();
    assert!(never.trials().iter().all(|planned| planned.early_stops.is_empty()));
}

/// Two rules, of which one leaves out what has a default.
const RULES: &str = "rules = [\n  \"late\",\n  \"early\",\n]\n\
    [rule.early.suggestion]\nrule = \"valley\"\n\
    [rule.late.smoothing]\nkind = \"none\"\n[rule.late.stop]\nfactor = 9.0\n[rule.late.suggestion]\nrule = \"least-loss\"\n\
    [rule.unused.suggestion]\nrule = \"slide\"\n";

#[test]
fn rules_have_the_defaults_and_the_order_of_the_list() {
    let study = load(&format!("{RULES}[smoothing]\nbeta = 0.5\n[stop]\nfactor = 2.0"), &[]).unwrap();
    let names: Vec<&str> = study.rules().iter().map(|rule| rule.name.as_str()).collect();
    assert_eq!(names, ["late", "early"]);
    let early = &study.rules()[1];
    assert_eq!(
        (&early.smoothing, &early.stop),
        (&Smoothing::default(), &Stop::default())
    );
    let over = load(RULES, &["rule.early.smoothing.beta=0.9", "rules=[\"early\"]"]).unwrap();
    assert_eq!((over.rules().len(), over.rules()[0].smoothing.beta), (1, Some(0.9)));
    assert!(load("", &[]).unwrap().rules().is_empty());
}

#[test]
fn rules_change_no_trial_but_keep_it_going() {
    let (bare, ruled) = (
        load("seeds = \"0..2\"", &[]).unwrap(),
        load(&format!("seeds = \"0..2\"\n{RULES}"), &[]).unwrap(),
    );
    for (bare, ruled) in bare.trials().iter().zip(ruled.trials()) {
        assert_eq!(bare.trial.id, ruled.trial.id);
        // `early` stops as the study does, so only `late` is one more.
        assert_eq!((bare.early_stops.len(), ruled.early_stops.len()), (1, 2));
        assert_eq!(ruled.early_stops[1].stop.factor, Some(9.0));
    }
    let never = load(RULES, &["rule.late.stop.kind=never"]).unwrap();
    assert!(never.trials().iter().all(|planned| planned.early_stops.is_empty()));
    assert!(ruled.changes_since(&bare).is_empty());
}

#[test]
fn a_smoothing_that_looks_ahead_is_not_watched() {
    let text = "rules = [\"a\"]\n[rule.a.smoothing]\nkind = \"lowess\"\n[rule.a.suggestion]\nrule = \"valley\"\n";
    let error = load(text, &[]).unwrap_err();
    assert!(
        error.contains("study.toml:3:1") && error.contains("cannot watch") && error.contains("stop.signal = \"raw\""),
        "{error}"
    );
    let raw = load(text, &["rule.a.stop.signal=raw"]).unwrap();
    assert_eq!(raw.trials()[0].early_stops[1].smoothing.kind, SmoothingKind::None);
    assert!(load(text, &["rule.a.stop.kind=never"]).is_ok());
    assert!(load("smoothing.kind = \"lowess\"", &[]).is_err());
}

#[test]
fn the_resolved_study_keeps_its_rules() {
    let study = load(
        &format!("{RULES}[[config]]\nname = \"a\"\n[[config]]\nname = \"b\"\nsmoothing.beta = 0.5"),
        &[],
    )
    .unwrap();
    let resolved = load(&study.to_toml(), &[]).unwrap();
    assert_eq!(resolved.to_toml(), study.to_toml());
    let explicit: Vec<_> = study.rules().iter().map(NamedRule::explicit).collect();
    assert_eq!(resolved.rules(), explicit);
    assert_eq!(resolved.configs[1].analysis.rules, explicit);
    assert_eq!(resolved.trials(), study.trials());
    // All configs share the rules, so rules tell none from another.
    assert!(study.labels().iter().flatten().all(|(key, _)| key == "smoothing.beta"));
}

#[test]
fn the_resolved_study_is_the_same_study() {
    let text = "description = \"why\"\nseeds = \"3..6\"\n[data]\nsource = \"cifar10\"\npath = \"${DATA}/x\"\n[[config]]\nname = \"a\"\noptimizer.clip-norm = 1.0\n[[config]]\nname = \"b\"\noptimizer.algorithm = \"adamw\"\nstreams.weights = 5";
    let study = load(text, &[]).unwrap();
    let resolved = load(&study.to_toml(), &[]).unwrap();
    let ids = |study: &Study| {
        study
            .trials()
            .into_iter()
            .map(|planned| planned.trial.id)
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&study), ids(&resolved));
    assert_eq!(study.to_toml(), resolved.to_toml());
    assert!(resolved.changes_since(&study).is_empty());
}

#[test]
fn a_change_of_training_is_seen_and_a_change_of_analysis_is_none() {
    let before = load("seeds = \"0..2\"", &[]).unwrap();
    let analysis = load("seeds = \"0..4\"\nsmoothing.beta = 0.9", &[]).unwrap();
    assert!(analysis.changes_since(&before).is_empty());
    let training = load("optimizer.momentum = 0.5", &[]).unwrap();
    let changes = training.changes_since(&before);
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].to_string(), "`base`: `optimizer.momentum` was 0.9, is 0.5");
}

#[test]
fn errors_show_the_place_and_a_way_out() {
    for (text, expected) in [
        (
            "[optimizer]\nmomentun = 0.9",
            "unknown key `momentun` in `[optimizer]`\n --> DIR/study.toml:2:1\n  |\n2 | momentun = 0.9\n  | ^^^^^^^^\n  = help: did you mean `momentum`? for example `momentum = 0.9`\n  = help: known keys: `algorithm`, `momentum`, `nesterov`, `betas`, `eps`, `weight-decay`, `weight-decay-mode`, `clip-norm`, `group`",
        ),
        (
            "[model]\narchitecture = \"resnett\"",
            "unknown value `resnett` for `architecture` in `[model]`\n --> DIR/study.toml:2:16\n  |\n2 | architecture = \"resnett\"\n  |                ^^^^^^^^^\n  = help: did you mean `architecture = \"resnet\"`\n  = help: known values: `resnet`, `cnn`, `mlp`",
        ),
        (
            "schedule.start = 1.0\nschedule.end = 0.5",
            "`schedule.end = 0.5`: must be above `start`, which is 1\n --> DIR/study.toml:2:10\n  |\n2 | schedule.end = 0.5\n  |          ^^^^^^^^^\n  = help: for example `end = 10.0`",
        ),
        (
            "seeds = []",
            "seeds: a study needs at least one seed; for example `seeds = \"0..20\"`\n --> DIR/study.toml:1:9\n  |\n1 | seeds = []\n  |         ^^\n  = help: for example `seeds = \"0..20\"`",
        ),
        (
            "[[config]]\nname = \"a\"\n[[config]]\nname = \"a\"",
            "`config.name = \"a\"`: there is a config of this name already\n --> DIR/study.toml:2:1\n  |\n2 | name = \"a\"\n  | ^^^^^^^^^^\n  = help: for example `name = \"large-batch\"`",
        ),
        (
            "[training]\nbatch-size = \"big\"",
            "invalid type: string \"big\", expected u32\n --> DIR/study.toml:2:14\n  |\n2 | batch-size = \"big\"\n  |              ^^^^^\n  = help: for example `batch-size = 512`",
        ),
        (
            "rules = [\n  \"vally\",\n]\n[rule.valley.suggestion]\nrule = \"valley\"\n[rule.slide.suggestion]\nrule = \"slide\"",
            "unknown rule `vally` in `rules`\n --> DIR/study.toml:2:3\n  |\n2 |   \"vally\",\n  |   ^^^^^^^\n  = help: did you mean `valley`?\n  = help: known rules: `valley`, `slide`",
        ),
        (
            "[rule.a.smoothing]\nbeat = 0.5",
            "unknown key `beat` in `[rule.a.smoothing]`\n --> DIR/study.toml:2:1\n  |\n2 | beat = 0.5\n  | ^^^^\n  = help: did you mean `beta`? for example `beta = 0.98`\n  = help: known keys: `kind`, `beta`, `start`, `ahead`, `form`, `fraction`, `iterations`",
        ),
    ] {
        assert_eq!(load(text, &[]).unwrap_err(), expected);
    }
}

#[test]
fn errors_of_configs_axes_and_options_name_them() {
    for (text, sets, part) in [
        (
            "[[config]]\nname = \"a\"\n[[config]]\nname = \"b\"\nmodel.depth = 21",
            vec![],
            "study.toml:5:7",
        ),
        (
            "[sweep.grid]\ntraining.batch-size = [\"x\"]",
            vec![],
            "axis `training.batch-size`: invalid type",
        ),
        ("[sweep.grid]\ntrainin.batch-size = [1]", vec![], "known keys: `model`"),
        ("", vec!["schedule.end=1e-9"], "--> --set schedule.end=1e-9:1:10"),
        ("", vec!["optimizer.momentun=1"], "did you mean `momentum`"),
        (
            "[model]\narchitecture = \"mlp\"\ndepth = 20",
            vec![],
            "has no meaning with `architecture = \"mlp\"`, only with `\"resnet\"`",
        ),
        ("[data]\nsource = \"cifar10\"", vec![], "needs the folder of its files"),
        ("extends = \"study.toml\"", vec![], "extends itself"),
        ("extends = \"none.toml\"", vec![], "cannot read `DIR/none.toml`"),
        ("name = \"../x\"", vec![], "letters, digits"),
        ("momentum = 0.9", vec![], "`momentum` belongs in `[optimizer]`"),
        ("run.timeout = \"soon\"", vec![], "is not a duration"),
        ("run.devices = \"tpu\"", vec![], "is none of `auto`"),
        ("a = ", vec![], "study.toml:1"),
        ("rules = [\"x\"]", vec![], "extend `configs/rules.toml`"),
        ("[rule.a.stop]\nfactor = 3.0", vec![], "says no suggestion"),
        (
            "[rule.\"a b\".suggestion]\nrule = \"valley\"",
            vec![],
            "letters, digits",
        ),
        (
            "[rule.a.suggestion]\nrule = \"valley\"\nper = \"lr\"",
            vec![],
            "`rule.a.suggestion.per = \"lr\"`: has no meaning",
        ),
        (RULES, vec!["rules=[\"late\", \"late\"]"], "names this rule twice"),
        (RULES, vec!["rules=late"], "invalid type: string \"late\""),
    ] {
        let error = load(text, &sets).unwrap_err();
        assert!(error.contains(part), "{text}: {error}");
    }
}

proptest::proptest! {
    #[test]
    fn any_text_is_answered(text in "(\\[[a-z.]{0,9}\\]|[a-z-]{1,9} = |\"|[0-9.e-]{1,5}|\n|[^\u{0}]){0,40}") {
        let _ = load(&text, &[]);
    }
}

/// Two configs of one recipe that file losses under different rates share their trials; the written-out study says so too.
#[test]
fn a_pairing_costs_no_training() {
    let text = "seeds = \"0..2\"\nschedule.lag = 1\n[[config]]\nname = \"recorded\"\n[[config]]\nname = \"used\"\npairing = \"used\"";
    let study = load(text, &[]).unwrap();
    assert_eq!(study.trials().len(), 2);
    assert_eq!(study.labels()[1], [("pairing".to_owned(), "used".to_owned())]);
    let written = load(&study.to_toml(), &[]).unwrap();
    assert_eq!((written.labels(), written.trials().len()), (study.labels(), 2));
    let error = load(text, &["range.min={rule=\"steepest\",per=\"lr\",skip-start=0}"]).unwrap_err();
    assert!(
        error.contains("skip-start") && error.contains("first two steps"),
        "{error}"
    );
    let swept = load(
        "schedule.lag = 1\n[sweep.grid]\npairing = [\"recorded\", \"used\"]",
        &[],
    )
    .unwrap();
    assert_eq!(swept.configs[1].name, "pairing=used");
}

/// Trials from before `loss.shown` keep their ids.
#[test]
fn the_default_of_what_is_shown_is_not_written() {
    let study = load("loss.shown = \"total\"", &[]).unwrap();
    assert_eq!(study.trials()[0].trial.id, load("", &[]).unwrap().trials()[0].trial.id);
    assert!(!study.to_toml().contains("shown"));
    let other = load("loss.shown = \"cross-entropy\"", &[]).unwrap();
    assert_ne!(study.trials()[0].trial.id, other.trials()[0].trial.id);
    assert!(other.to_toml().contains("shown = \"cross-entropy\""));
}

/// Flavours side by side: each config builds on a file of its own, which lies over the study and under the config.
#[test]
fn configs_build_on_files_of_their_own() {
    let folder = folder(&[
        (
            "deep/base.toml",
            "schedule.steps = 30\nschedule.end = 3.0\n[data]\nsource = \"cifar10\"\npath = \"bins\"",
        ),
        (
            "deep/flavour.toml",
            "extends = \"base.toml\"\nschedule.steps = 40\n[stop]\nfactor = 5.0",
        ),
        (
            "study.toml",
            "schedule.steps = 10\n[optimizer]\nmomentum = 0.5\n[[config]]\nname = \"a\"\nextends = \"deep/flavour.toml\"\nstop.factor = 6.0\n[[config]]\nname = \"b\"",
        ),
        ("whole.toml", "[[config]]\nextends = \"study.toml\""),
        ("bad.toml", "[[config]]\nname = \"a\"\nextends = \"worse.toml\""),
        ("worse.toml", "[stop]\nfactor = 0.5"),
        ("circle.toml", "[[config]]\nextends = \"circle.toml\""),
    ]);
    let load = |name: &str| Study::load(&folder.path().join(name), &[]).map_err(|error| error.to_string());
    let study = load("study.toml").unwrap();
    let (a, b) = (&study.configs[0], &study.configs[1]);
    assert_eq!((a.recipe.schedule.steps, b.recipe.schedule.steps), (40, 10));
    assert_eq!((a.analysis.stop.factor, b.analysis.stop.factor), (Some(6.0), None));
    assert!(
        a.recipe.trainer.data.path.as_ref().unwrap().ends_with("deep/bins"),
        "{:?}",
        a.recipe.trainer.data
    );
    assert_eq!(
        (a.recipe.trainer.optimizer.momentum, b.recipe.trainer.data.path.as_ref()),
        (Some(0.5), None)
    );
    assert!((a.recipe.schedule.end - 3.0).abs() < f64::EPSILON);
    let error = load("whole.toml").unwrap_err();
    assert!(
        error.contains("concerns a whole study") && error.contains("study.toml"),
        "{error}"
    );
    let error = load("bad.toml").unwrap_err();
    assert!(error.contains("worse.toml:2") && error.contains("factor"), "{error}");
    assert!(load("circle.toml").is_err());
}

/// The first trial's id and what `init` came to.
fn started(folder: &Path, sets: &[String]) -> Result<(String, seedband_core::settings::Init), String> {
    let study = Study::load(&folder.join("study.toml"), sets).map_err(|error| error.to_string())?;
    let trial = study.trials()[0].trial.clone();
    Ok((trial.id.to_string(), trial.recipe.trainer.init))
}

/// The digests are those of `printf a | sha256sum` and `printf b | sha256sum`.
#[test]
fn a_file_of_weights_is_known_by_its_content() {
    const A: &str = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb";
    const B: &str = "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d";
    let folder = folder(&[
        ("base/base.toml", "[init]\nfrom = \"deep/w\"\nmissing = \"draw\""),
        ("base/deep/w", "a"),
        ("moved", "a"),
        ("other", "b"),
        ("study.toml", "extends = \"base/base.toml\""),
    ]);
    let root = folder.path();
    let set = |text: String| started(root, &[text]).unwrap();
    // The path starts at the file that says it.
    let (id, init) = started(root, &[]).unwrap();
    assert_eq!(init.sha256.as_deref(), Some(A));
    assert!(init.from.unwrap().ends_with("base/deep/w"));
    let moved = set(format!("init.from={}", root.join("moved").display()));
    assert_eq!((moved.0, moved.1.sha256.as_deref()), (id.clone(), Some(A)));
    let other = set(format!("init.from={}", root.join("other").display()));
    assert_eq!(other.1.sha256.as_deref(), Some(B));
    assert_ne!(other.0, id);
    let drawn = load("", &[]).unwrap().trials()[0].trial.id.to_string();
    assert!(drawn != id && drawn != other.0);

    // Changed content makes other trials, and where the digest was said it stays the trial's.
    let study = Study::load(&root.join("study.toml"), &[]).unwrap();
    fs::write(root.join("resolved.toml"), study.to_toml()).unwrap();
    fs::write(root.join("base/deep/w"), "b").unwrap();
    assert_eq!(started(root, &[]).unwrap().0, other.0);
    let now = Study::load(&root.join("study.toml"), &[]).unwrap();
    let changes = now.changes_since(&study);
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].to_string(), format!("`base`: `init.sha256` was {A}, is {B}"));
    // The results of a study can be read when the file is gone.
    fs::remove_dir_all(root.join("base/deep")).unwrap();
    let resolved = Study::load(&root.join("resolved.toml"), &[]).unwrap();
    assert_eq!(resolved.trials(), study.trials());
    assert!(resolved.changes_since(&study).is_empty());
}

#[test]
fn a_file_of_weights_that_cannot_be_had_is_shown_where_it_is_named() {
    for (text, part) in [
        (
            "[init]\nfrom = \"none\"",
            "`init.from = \"DIR/none\"`: cannot be read: No such file or directory (os error 2)\n --> DIR/study.toml:2:1\n",
        ),
        (
            "[init]\nfrom = \".\"",
            "cannot be read: it is not a file\n --> DIR/study.toml:2:1\n",
        ),
        ("[init]\nfrom = \"\"", "has to be the path of a safetensors file"),
        (
            "[init]\nfrom = \"${SEEDBAND_NO_SUCH_VARIABLE}/w\"",
            "`SEEDBAND_NO_SUCH_VARIABLE` is not set; set it, or pass `--set init.from=<path>`",
        ),
        (
            "[init]\nmissing = \"draw\"",
            "`init.missing = \"draw\"`: has no use without `from`",
        ),
        (
            "[init]\nsha256 = \"aa\"",
            "`init.sha256 = \"aa\"`: has no use without `from`",
        ),
        (
            "[init]\nfrom = \"study.toml\"\nsha256 = \"AA\"",
            "has to be 64 lower-case hexadecimal digits",
        ),
        (
            "[[config]]\nname = \"a\"\n[[config]]\nname = \"b\"\ninit.from = \"none\"",
            "study.toml:5:6",
        ),
        ("[sweep.grid]\ninit.from = [\"study.toml\", \"none\"]", "study.toml:2:6"),
    ] {
        let error = load(text, &[]).unwrap_err();
        assert!(error.contains(part), "{text}: {error}");
    }
    // Tables of before there were files say nothing new.
    let written = load("", &[]).unwrap().to_toml();
    assert!(
        !["missing", "from", "sha256"]
            .iter()
            .any(|key| written.contains(&format!("\n{key} = "))),
        "{written}"
    );
}

#[test]
fn groups_of_parameters_are_part_of_a_trial() {
    let text = "[[optimizer.group]]\nparameters = [\"fc.*\"]\nlr-multiplier = 10.0\n[[optimizer.group]]\nparameters = [\"conv1.*\", \"bn1.*\"]\nfreeze = true\n";
    let id = |text: &str, sets: &[&str]| load(text, sets).unwrap().trials()[0].trial.id.clone();
    let study = load(text, &[]).unwrap();
    let groups = &study.configs[0].recipe.trainer.optimizer.group;
    assert_eq!(groups.iter().map(Group::multiplier).collect::<Vec<_>>(), [10.0, 0.0]);
    assert!(groups[1].has("bn1.bias") && !groups[0].has("conv1.weight"));
    assert_ne!(id(text, &[]), id("", &[]));
    assert_eq!(
        id(&text.replace("freeze = true", "lr-multiplier = 0"), &[]),
        id(text, &[])
    );
    assert_ne!(id(&text.replace("10.0", "1.0"), &[]), id(text, &[]));
    let resolved = load(&study.to_toml(), &[]).unwrap();
    assert_eq!(resolved.trials(), study.trials());
    assert_eq!(resolved.to_toml(), study.to_toml());
    // Another algorithm keeps them, the command line replaces them.
    assert_eq!(
        load(text, &["optimizer.algorithm=adam"]).unwrap().configs[0]
            .recipe
            .trainer
            .optimizer
            .group,
        *groups
    );
    let set = "optimizer.group=[{parameters=[\"fc.*\"], lr-multiplier=2}]";
    assert_eq!(
        load(text, &[set]).unwrap().configs[0]
            .recipe
            .trainer
            .optimizer
            .group
            .len(),
        1
    );
    for (text, part) in [
        (
            "[[optimizer.group]]\nfreeze = true",
            "`optimizer.group = { parameters = [], … }`: has to name parameters",
        ),
        (
            "[[optimizer.group]]\nparameters = [\"a\"]\nlr-multiplier = -1",
            "`lr-multiplier = -1` has to be a number from 0 to 1000000",
        ),
        (
            "[[optimizer.group]]\nparameters = [\"a\"]\nfreeze = true\nlr-multiplier = 3",
            "is frozen and has an `lr-multiplier`",
        ),
        (
            "[[optimizer.group]]\nparameter = [\"a\"]",
            "did you mean `parameters`? for example `parameters = [\"fc.*\"]`",
        ),
    ] {
        let error = load(text, &[]).unwrap_err();
        assert!(error.contains(part) && error.contains("study.toml:"), "{text}: {error}");
    }
}

/// As many configs as there may be. What takes a thousand times as long for them as for ten is done in an instant; what takes a million times as
/// long, in a day.
#[test]
fn ten_thousand_configs_are_read_and_told_apart_at_once() {
    let ten = "[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0]";
    let text = format!(
        "seeds = \"0\"\n[sweep.grid]\nschedule.end = {ten}\noptimizer.clip-norm = {ten}\noptimizer.weight-decay = {ten}\n\
         training.batch-size = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]"
    );
    let study = load(&text, &[]).unwrap();
    assert_eq!(study.configs.len(), 10_000);
    let labels = study.labels();
    assert!(labels.iter().all(|label| label.len() == 4), "{:?}", labels[0]);
}

/// A thousand million trials are more than memory holds, and said in three lines.
#[test]
fn more_trials_than_a_study_may_have_are_refused() {
    let sweep = "[sweep.grid]\ntraining.batch-size = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]";
    let most = load(&format!("seeds = \"0..10000\"\n{sweep}"), &[]).unwrap();
    assert_eq!(most.configs.len() * most.seeds.seeds().len(), 100_000);
    let one_more = load(&format!("seeds = \"0..10001\"\n{sweep}"), &[]).unwrap_err();
    let said = "10 range tests and trainings of 10001 seeds each are 100010 trials, and a study has at most 100000";
    assert!(
        one_more.contains(said) && one_more.contains("study.toml:1:1"),
        "{one_more}"
    );
    // Seeds that a study may add by itself and trainings count too.
    let added = load(&format!("seeds = \"until 0.1, at most 10001\"\n{sweep}"), &[]);
    assert!(added.is_err_and(|error| error.contains(said)));
    let rates = (1..=1000)
        .map(|rate| format!("{rate}e-4"))
        .collect::<Vec<_>>()
        .join(", ");
    let trained = format!(
        "seeds = \"0\"\n[train]\nepochs = 1\nlr = [{rates}]\n{}",
        sweep.replace("[1,", "[11, 1,")
    );
    assert_eq!(load(&trained, &[]).unwrap().configs.len(), 11);
    let trained = format!("{trained}\nschedule.end = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0]");
    let error = load(&trained, &[]).unwrap_err();
    assert!(error.contains("100100 range tests and trainings"), "{error}");
}

/// Nothing is waited for and nothing read without end.
#[test]
fn what_is_no_file_is_not_read() {
    for path in ["/dev/zero", "/"] {
        let error = load(&format!("extends = \"{path}\""), &[]).unwrap_err();
        assert!(error.contains(&format!("cannot read `{path}`")), "{error}");
    }
}
