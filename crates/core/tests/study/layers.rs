//! Files that build on others, and options on the command line.

use crate::support::{folder, load};
use seedband_core::settings::Algorithm;
use seedband_core::study::Study;

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
            "extends = [\"flavour.toml\"]\nseeds = [4, 2]\nschedule.end = 6.0\n\
             [[config]]\nname = \"a\"\n\
             [[config]]\nname = \"b\"\nschedule.end = 7.0\noptimizer.algorithm = \"adam\"",
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
        (
            a.trainer.built_in().unwrap().batches.batch_size,
            a.schedule.steps,
            a.schedule.end
        ),
        (8, 7, 6.0)
    );
    assert_eq!(
        (b.schedule.end, b.trainer.built_in().unwrap().optimizer.algorithm),
        (7.0, Algorithm::Adam)
    );
    // Adam has no momentum; the weight decay belongs to both.
    assert_eq!(
        (
            b.trainer.built_in().unwrap().optimizer.momentum,
            b.trainer.built_in().unwrap().optimizer.weight_decay
        ),
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

/// A config is never called by a value that it does not have.
#[test]
fn an_option_takes_the_place_of_an_axis() {
    let text = "[sweep.grid]\ntraining.batch-size = [8, 16]\n\
                optimizer = [{ algorithm = \"sgd\", momentum = 0.8 }, { algorithm = \"adam\" }]";
    let names = |sets: &[&str]| -> Vec<String> {
        let study = load(text, sets).unwrap();
        study.configs.iter().map(|config| config.name.clone()).collect()
    };
    assert_eq!(
        names(&["training.batch-size=32"]),
        ["algorithm=sgd,momentum=0.8", "algorithm=adam"]
    );
    assert_eq!(
        names(&["training.batch-size=32", "optimizer.weight-decay=0.0,0.1"]),
        [
            "algorithm=sgd,momentum=0.8,weight-decay=0.0",
            "algorithm=sgd,momentum=0.8,weight-decay=0.1",
            "algorithm=adam,weight-decay=0.0",
            "algorithm=adam,weight-decay=0.1"
        ]
    );
    assert_eq!(
        names(&[
            "training.batch-size=4,2",
            "optimizer.momentum=0.5",
            "optimizer.algorithm=sgd"
        ]),
        ["batch-size=4", "batch-size=2"]
    );
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
            "schedule.steps = 10\n\
             [optimizer]\nmomentum = 0.5\n\
             [[config]]\nname = \"a\"\nextends = \"deep/flavour.toml\"\nstop.factor = 6.0\n\
             [[config]]\nname = \"b\"",
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
        a.recipe
            .trainer
            .built_in()
            .unwrap()
            .data
            .path
            .as_ref()
            .unwrap()
            .ends_with("deep/bins"),
        "{:?}",
        a.recipe.trainer.built_in().unwrap().data
    );
    assert_eq!(
        (
            a.recipe.trainer.built_in().unwrap().optimizer.momentum,
            b.recipe.trainer.built_in().unwrap().data.path.as_ref()
        ),
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

/// Nothing is waited for and nothing read without end.
#[test]
fn what_is_no_file_is_not_read() {
    for path in ["/dev/zero", "/"] {
        let error = load(&format!("extends = \"{path}\""), &[]).unwrap_err();
        assert!(error.contains(&format!("cannot read `{path}`")), "{error}");
    }
}
