//! Trainings after the range test: what a study may say, and which trials come of it.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use seedband_core::study::{Config, Study};
use seedband_core::summary::ConfigSummary;
use seedband_core::train::{self, DisjointPairs, PlannedTraining, RangeTests, Side, State};
use seedband_core::trial::Trial;
use serde_json::{Value, json};

fn load(text: &str, sets: &[&str]) -> Result<Study, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("study.toml");
    std::fs::write(&path, text).unwrap();
    let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
    Study::load(&path, &sets).map_err(|error| error.to_string())
}

fn config(text: &str) -> Config {
    load(text, &[]).unwrap().configs.remove(0)
}

fn names(study: &Study) -> Vec<&str> {
    let trainings = study.configs[0].trainings.iter();
    trainings.map(|training| training.name.as_str()).collect()
}

#[test]
fn without_its_table_nothing_is_trained() {
    let study = load("name = \"a\"", &[]).unwrap();
    assert!(!study.has_trainings() && !study.to_toml().contains("train.variant"));
}

#[test]
fn variants_and_lists_are_trainings_of_their_own() {
    let text = "[train]\nepochs = 3\n\
        [[train.variant]]\nname = \"own\"\n\
        [[train.variant]]\nname = \"grid\"\nlr = [0.1, 1]\nsteps = 7\npolicy.kind = \"cosine\"";
    let study = load(text, &[]).unwrap();
    assert_eq!(names(&study), ["own", "grid,lr=0.1", "grid,lr=1"]);
    let settings = |place: usize| &study.configs[0].trainings[place].settings;
    assert_eq!((settings(0).epochs, settings(0).steps), (Some(3), None));
    assert_eq!(
        (settings(2).epochs, settings(2).steps),
        (None, Some(7)),
        "the length of a variant is its own"
    );
    assert_eq!(
        (settings(1).source(), settings(1).policy.name()),
        ("0.1".into(), "cosine annealing")
    );
    assert_eq!(names(&load("train.steps = 5", &[]).unwrap()), ["train"]);
    assert_eq!(
        names(&load("train.steps = 5", &["train.lr=[0.1, 0.2]"]).unwrap()),
        ["lr=0.1", "lr=0.2"]
    );
    // One length from the command line replaces the other.
    let shorter = load(text, &["train.steps=2"]).unwrap();
    assert_eq!(shorter.configs[0].trainings[0].settings.epochs, None);
}

#[test]
fn the_resolved_study_says_the_same_trainings() {
    let text = "rules = [\"mine\"]\n\
        [rule.mine.suggestion]\nrule = \"steepest\"\n\
        [train]\nepochs = 3\n\
        [[train.variant]]\nname = \"a\"\nlr = \"partner\"\nseeds = \"apart\"\n\
        [[train.variant]]\nname = \"b\"\nlr = [0.5, 0.25]\nweights = \"other\"\n\
        [[train.variant]]\nname = \"c\"\nlr = \"seed\"\nseed = 4\nrule = \"mine\"\nfactor = 0.5\n\
        [[train.variant]]\nname = \"d\"\nfloor = \"min-lr\"\nseeds = [1, 2]\npolicy.kind = \"triangular\"";
    let study = load(text, &[]).unwrap();
    let again = load(&study.to_toml(), &[]).unwrap();
    let explicit = |study: &Study| -> Vec<_> {
        let trainings = study.configs[0].trainings.iter();
        trainings
            .map(|training| (training.name.clone(), training.settings.explicit()))
            .collect()
    };
    assert_eq!(explicit(&again), explicit(&study));
    assert_eq!(again.to_toml(), study.to_toml());
    assert_eq!(study.configs[0].trainings[3].settings.source(), "seed 4's mine x 0.5");
}

#[test]
fn trainings_can_be_an_axis() {
    let study = load("train.steps = 5\n[sweep.grid]\ntrain.lr = [0.1, \"median\"]", &[]).unwrap();
    let labels: Vec<_> = study.labels().into_iter().flatten().collect();
    assert_eq!(
        labels,
        [("train.lr".into(), "0.1".into()), ("train.lr".into(), "median".into())]
    );
    assert_eq!(
        study.trials().len(),
        20,
        "configs that differ in their trainings share their range tests"
    );
    assert!(load("train.steps = 5\n[sweep.grid]\ntrain.lr = [\"mine\"]", &[]).is_err());
}

#[test]
fn what_makes_no_sense_is_named_where_it_stands() {
    let table = |keys: &str| format!("[train]\n{keys}");
    let cases = [
        ("rule = \"min-lr\"", "says neither `epochs` nor `steps`"),
        ("epochs = 1\nsteps = 1", "one length"),
        ("epochs = 0", "from 1 to 10000000"),
        ("steps = 1\nlr = 0.0", "above 0"),
        ("steps = 1\nlr = []", "empty list"),
        ("steps = 1\nlr = [0.1, -1.0]", "above 0"),
        ("steps = 1\nlr = [0.1, 0.1]", "a training of this name already"),
        ("steps = 1\nlr = \"mine\"", "\"consensus\""),
        ("steps = 1\nlr = 0.1\nrule = \"min-lr\"", "concerns a suggestion"),
        ("steps = 1\nlr = 0.1\nfactor = 0.5", "concerns a suggestion"),
        ("steps = 1\nfactor = 0.0", "above 0"),
        ("steps = 1\nrule = \"valley\"", "no rule that the study lists"),
        ("steps = 1\nfloor = 0.1", "means nothing to the policy"),
        (
            "steps = 1\nlr = 0.1\nfloor = 0.2\npolicy.kind = \"cosine\"",
            "lies above the learning rate",
        ),
        (
            "steps = 1\nlr = 0.1\nfloor = \"min-lr\"\npolicy.kind = \"cosine\"",
            "min LR of a range",
        ),
        ("steps = 1\nfloor = -1.0\npolicy.kind = \"cosine\"", "at least 0"),
        ("steps = 1\nlr = \"partner\"", "needs pairs of seeds"),
        ("steps = 1\nlr = \"seed\"", "needs the seed"),
        ("steps = 1\nseed = 1", "belongs to `lr = \"seed\"`"),
        ("steps = 1\nlr = \"seed\"\nseed = 99", "none of the study's seeds"),
        ("steps = 1\nseeds = [99]", "none of the study's seeds"),
        ("steps = 1\nseeds = []", "names no seed"),
        ("steps = 1\npairs = 2", "belongs to `seeds = \"apart\"`"),
        ("steps = 1\nseeds = \"apart\"\npairs = 0", "at least 1"),
        ("steps = 1\npolicy.cycles = 2", "only with"),
        ("steps = 1\n[[train.variant]]\nname = \"a/b\"", "letters, digits"),
        (
            "steps = 1\n[[train.variant]]\nrate = 2",
            "unknown key `rate` in `[train.variant]`",
        ),
    ];
    for (keys, expected) in cases {
        let error = load(&table(keys), &[]).unwrap_err();
        assert!(
            error.contains(expected) && error.contains("study.toml"),
            "{keys}: {error}"
        );
    }
    let error = load("[train]\nstep = 5", &[]).unwrap_err();
    assert!(
        error.contains("did you mean `steps`? for example `steps = 1000`"),
        "{error}"
    );
}

/// Another draw of weights that all come from a file would be the same weights.
#[test]
fn weights_from_a_file_have_no_other_draw() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("w"), "weights").unwrap();
    let load = |init: &str| {
        let text = format!("[init]\nfrom = \"w\"\n{init}[train]\nsteps = 5\nweights = \"other\"");
        std::fs::write(folder.path().join("study.toml"), text).unwrap();
        Study::load(&folder.path().join("study.toml"), &[]).map_err(|error| error.to_string())
    };
    let error = load("").unwrap_err();
    assert!(
        error.contains("needs weights that are drawn") && error.contains("study.toml:5"),
        "{error}"
    );
    assert!(load("missing = \"draw\"\n").is_ok());
}

fn answer(lr: Option<f64>) -> Value {
    match lr {
        Some(lr) => json!({"answer": "found", "is": {"lr": lr, "index": 0, "fallback": false}}),
        None => json!({"answer": "none", "is": {"reason": "too-few-points"}}),
    }
}

/// The ranges of seeds 0, 1, … of `wanted`; medians of 0.25 and 4, consensus from 0.5 to 2.
fn summary(wanted: u32, ranges: &[(f64, Option<f64>)]) -> ConfigSummary {
    let seeds: Vec<Value> = (0_u64..)
        .zip(ranges)
        .map(|(seed, (low, high))| {
            json!({
                "seed": seed, "trial": "", "end": "completed", "least-lr": null,
                "min-lr": answer(Some(*low)), "max-lr": answer(*high),
            })
        })
        .collect();
    let answers: Vec<Value> = (0_u64..)
        .zip(ranges)
        .map(|(seed, (low, _))| json!({"seed": seed, "answer": answer(Some(low * 3.0)), "cut": false}))
        .collect();
    let band = json!({"n": 0, "ended": [], "median": [], "lower": [], "upper": []});
    let spread = |median: f64| {
        json!({
            "n": 1, "without": [], "fallbacks": 0,
            "estimate": {"median": median, "lower": median, "upper": median, "decades": 0.0},
        })
    };
    serde_json::from_value(json!({
        "name": "base", "labels": [], "rules": {"min-lr": "a", "max-lr": "b"},
        "lrs": [], "smoothed": band, "raw": band, "min-lr": spread(0.25), "max-lr": spread(4.0),
        "counts": {"wanted": wanted, "finished": ranges.len(), "diverged": 0, "failed": 0, "missing": 0},
        "answer": {"kind": "use", "lr": 1.0, "support": 3, "seeds": 3, "min-lr": 0.5, "max-lr": 2.0, "range-support": 3}, "decades": [], "seeds": seeds,
        "named-rules": [{"name": "mine", "spread": spread(7.0), "answers": answers}],
    }))
    .unwrap()
}

fn plan(config: &Config, summary: &ConfigSummary, seeds: &[u64], final_seeds: bool) -> Vec<PlannedTraining> {
    let range_tests = RangeTests {
        config: &config.name,
        recipe: &config.recipe,
        summary,
        seeds,
        final_seeds,
    };
    train::plan(&config.trainings, &range_tests)
}

/// Highest and lowest learning rate of each training, or why there is none.
fn rates(planned: &[PlannedTraining]) -> Vec<Result<(f64, Option<f64>), String>> {
    let rate = |planned: &PlannedTraining| match &planned.state {
        State::Ready(trial) => {
            let plan = trial.training.as_ref().unwrap();
            Ok((plan.lr, plan.floor))
        }
        State::Waiting => Err("waits".to_owned()),
        State::Without(reason) => Err(reason.clone()),
    };
    planned.iter().map(rate).collect()
}

fn planned(keys: &str, summary: &ConfigSummary) -> Vec<Result<(f64, Option<f64>), String>> {
    let rules = "rules = [\"mine\"]\n[rule.mine.suggestion]\nrule = \"steepest\"\n";
    rates(&plan(
        &config(&format!("{rules}[train]\nsteps = 5\n{keys}")),
        summary,
        &[0, 1, 2],
        true,
    ))
}

/// Three seeds: 1 to 8, 2 to nothing, the third not yet run.
#[test]
fn a_training_takes_the_rate_it_is_told_to() {
    let part = summary(3, &[(1.0, Some(8.0)), (2.0, None)]);
    let whole = summary(3, &[(1.0, Some(8.0)), (2.0, None), (3.0, Some(9.0))]);
    let waits = || Err("waits".to_owned());
    let few = || Err("too few points are left after trimming".to_owned());
    let ok = |lr: f64| Ok((lr, None));
    assert_eq!(planned("", &part), [ok(8.0), few(), waits()]);
    assert_eq!(
        planned("rule = \"min-lr\"\nfactor = 0.5", &part),
        [ok(0.5), ok(1.0), waits()]
    );
    assert_eq!(planned("rule = \"mine\"", &part), [ok(3.0), ok(6.0), waits()]);
    assert_eq!(planned("lr = \"seed\"\nseed = 0", &part), [ok(8.0), ok(8.0), ok(8.0)]);
    assert_eq!(planned("lr = \"seed\"\nseed = 2", &part), [waits(), waits(), waits()]);
    assert_eq!(planned("lr = 0.5\nseeds = [2]", &part), [ok(0.5)]);
    // What may still change is waited for.
    for source in ["median", "suggested", "consensus"] {
        assert_eq!(
            planned(&format!("lr = \"{source}\""), &part),
            [waits(), waits(), waits()]
        );
    }
    assert_eq!(planned("lr = \"median\"", &whole), [ok(4.0), ok(4.0), ok(4.0)]);
    assert_eq!(
        planned("lr = \"median\"\nrule = \"mine\"", &whole),
        [ok(7.0), ok(7.0), ok(7.0)]
    );
    assert_eq!(planned("lr = \"consensus\"", &whole), [ok(2.0), ok(2.0), ok(2.0)]);
    assert_eq!(planned("lr = \"suggested\"\nfactor = 0.5", &whole), [ok(0.5), ok(0.5), ok(0.5)]);
    let floor = "floor = \"min-lr\"\npolicy.kind = \"triangular\"";
    assert_eq!(planned(floor, &whole)[0], Ok((8.0, Some(1.0))));
    assert_eq!(
        planned(&format!("lr = \"consensus\"\n{floor}"), &whole)[0],
        Ok((2.0, Some(0.5)))
    );
    let reversed = planned(&format!("factor = 0.1\n{floor}"), &whole);
    assert!(
        reversed[0].as_ref().unwrap_err().contains("lies above the highest"),
        "{reversed:?}"
    );
}

/// Ranges in decades: seed 0 from -3 to -2, seed 1 from -1 to 0, seed 2 from -4 to -3.5, seed 3 from -1.5 to 1: the
/// widest gap is between 2 and 1, and 0 is apart from 3.
#[test]
fn pairs_are_the_widest_gaps_and_share_no_seed() {
    let ranges = [(-3.0, -2.0), (-1.0, 0.0), (-4.0, -3.5), (-1.5, 1.0)]
        .map(|(low, high): (f64, f64)| (10_f64.powf(low), Some(10_f64.powf(high))));
    let whole = summary(4, &ranges);
    let of = |seed, partner, side| DisjointPairs { seed, partner, side };
    let expected = [
        of(2, 1, Side::Lower),
        of(1, 2, Side::Higher),
        of(0, 3, Side::Lower),
        of(3, 0, Side::Higher),
    ];
    assert_eq!(DisjointPairs::of(&whole, 5), expected);
    assert_eq!(DisjointPairs::of(&whole, 1), expected[..2]);
    let config = config("[train]\nsteps = 5\nlr = \"partner\"\nseeds = \"apart\"");
    let seeds = [0, 1, 2, 3];
    let planned = plan(&config, &whole, &seeds, true);
    let pairs: Vec<_> = planned.iter().map(|planned| planned.pair.unwrap()).collect();
    assert_eq!(pairs, expected);
    let high = |seed: usize| Ok((ranges[seed].1.unwrap(), None));
    assert_eq!(rates(&planned), [high(1), high(2), high(3), high(0)]);
    // Another seed may change the pairs, whether it is to be run or may be added.
    let growing = plan(&config, &whole, &seeds, false);
    assert!(growing.iter().all(|planned| planned.state == State::Waiting));
    let waiting = plan(&config, &summary(5, &ranges), &seeds, true);
    assert!(waiting.iter().all(|planned| planned.state == State::Waiting) && waiting.len() == 4);
}

#[test]
fn an_id_is_made_of_what_the_curve_depends_on() {
    let whole = summary(1, &[(1.0, Some(8.0))]);
    let trial = |text: &str| -> Trial {
        let planned = plan(&config(text), &whole, &[0], true).remove(0);
        match planned.state {
            State::Ready(trial) => *trial,
            other => panic!("{other:?}"),
        }
    };
    let base = trial("train.steps = 5");
    assert_eq!(
        base.training.as_ref().unwrap().range_test,
        Trial::new("base", 0, &base.recipe).id
    );
    for same in [
        "[train]\nsteps = 5\n[[train.variant]]\nname = \"other\"",
        "train.steps = 5\ntrain.lr = 8.0",
        "train.steps = 5\nschedule.steps = 30",
        "train.steps = 5\nvalidation.every = 3",
        "train.steps = 5\ntrain.policy.warmup = 0.0",
    ] {
        assert_eq!(trial(same).id, base.id, "{same}");
    }
    for other in [
        "train.steps = 6",
        "train.epochs = 5",
        "train.steps = 5\ntrain.factor = 2.0",
        "train.steps = 5\ntrain.weights = \"other\"",
        "train.steps = 5\ntrain.policy.kind = \"cosine\"",
        "train.steps = 5\nvalidation.images = 7",
        "train.steps = 5\nmodel.depth = 8",
    ] {
        assert_ne!(trial(other).id, base.id, "{other}");
    }
    assert_ne!(base.id, base.training.unwrap().range_test);
}
