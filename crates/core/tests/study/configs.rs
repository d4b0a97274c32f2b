//! Configs, sweeps, and the trials that they come to.

use crate::support::load;
use seedband_core::settings::{Architecture, Group};
use seedband_core::study::Study;

#[test]
fn sweeps_make_configs_and_labels() {
    let study = load(
        "seeds = \"0..2\"\n\
             [[config]]\nname = \"a\"\n\
             [[config]]\nname = \"b\"\nmodel.architecture = \"mlp\"\n\
             [sweep.grid]\ntraining.batch-size = [64, 128]",
        &["optimizer.momentum=0,0.9"],
    )
    .unwrap();
    let names: Vec<&str> = study.configs.iter().map(|config| config.name.as_str()).collect();
    assert_eq!(names.len(), 8);
    assert_eq!(names[0], "a,batch-size=64,momentum=0");
    assert_eq!(
        study.configs[7].recipe.trainer.built_in().unwrap().model.architecture,
        Architecture::Mlp
    );
    let labels = study.labels();
    assert!(
        labels[0].contains(&("training.batch-size".into(), "64".into())),
        "{labels:?}"
    );
    assert!(labels[0].iter().all(|(key, _)| key != "schedule.end"));
}

#[test]
fn configs_of_equal_recipe_share_trials() {
    let text = "seeds = \"0..3\"\n[[config]]\nname = \"a\"\n\
        [[config]]\nname = \"b\"\nsmoothing.beta = 0.5\n\
        [[config]]\nname = \"c\"\nloss.l2-conv = 0.1";
    let study = load(text, &[]).unwrap();
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

/// Two configs of one recipe that file losses under different rates share their trials; the written-out study says so
/// too.
#[test]
fn a_pairing_costs_no_training() {
    let text = "seeds = \"0..2\"\nschedule.lag = 1\n\
        [[config]]\nname = \"recorded\"\n\
        [[config]]\nname = \"used\"\npairing = \"used\"";
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

#[test]
fn groups_of_parameters_are_part_of_a_trial() {
    let text = "[[optimizer.group]]\nparameters = [\"fc.*\"]\nlr-multiplier = 10.0\n\
        [[optimizer.group]]\nparameters = [\"conv1.*\", \"bn1.*\"]\nfreeze = true\n";
    let id = |text: &str, sets: &[&str]| load(text, sets).unwrap().trials()[0].trial.id.clone();
    let study = load(text, &[]).unwrap();
    let groups = &study.configs[0].recipe.trainer.built_in().unwrap().optimizer.group;
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
            .built_in()
            .unwrap()
            .optimizer
            .group,
        *groups
    );
    let set = "optimizer.group=[{parameters=[\"fc.*\"], lr-multiplier=2}]";
    assert_eq!(
        load(text, &[set]).unwrap().configs[0]
            .recipe
            .trainer
            .built_in()
            .unwrap()
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

#[test]
fn the_resolved_study_is_the_same_study() {
    let text = "description = \"why\"\nseeds = \"3..6\"\n\
        [data]\nsource = \"cifar10\"\npath = \"${DATA}/x\"\n\
        [[config]]\nname = \"a\"\noptimizer.clip-norm = 1.0\n\
        [[config]]\nname = \"b\"\noptimizer.algorithm = \"adamw\"\nstreams.weights = 5";
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

/// The images of a validation that only trainings have are part of their identity.
#[test]
fn the_resolved_study_keeps_what_its_trainings_are_validated_on() {
    let text = "seeds = 2\n[validation]\nimages = 50\n[train]\nepochs = 1\nlr = [0.1, 1.0]";
    let study = load(text, &[]).unwrap();
    let resolved = load(&study.to_toml(), &[]).unwrap();
    assert_eq!(study.to_toml(), resolved.to_toml());
    assert!(resolved.changes_since(&study).is_empty());
    assert_eq!(resolved.configs[0].recipe.validation.images, Some(50));
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
