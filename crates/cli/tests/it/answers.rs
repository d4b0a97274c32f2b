//! Every kind of answer from simulated range tests, and that the settings it proposes lead to a rate to use.

use crate::scripts::seedband;
use crate::support::{Place, said};
use serde_json::Value;
use std::fs;

/// A loss that falls from 3 to 1 around the rate `--falls` and blows up beyond `--blows`, both in powers of ten and both
/// with a scatter from seed to seed; with `--apart` every second seed does all of it so many decades higher. A training
/// at a constant rate comes to the loss of the range test there.
const TRAIN: &str = "
import argparse
import random

import seedband

parser = argparse.ArgumentParser()
for name, default in (('falls', -1.5), ('blows', 0.0), ('scatter', 0.05), ('apart', 0.0)):
    parser.add_argument(f'--{name}', type=float, default=default)
args = parser.parse_args()


def train(run):
    draw = random.Random(run.seed)
    shift = args.apart * (run.seed % 2) + draw.gauss(0, args.scatter)

    def loss(lr):
        fall = 1 / (1 + 10 ** (args.falls + shift) / lr)
        rise = min(lr / 10 ** (args.blows + shift), 1e9) ** 4
        return 3 - 2 * fall + rise

    for _ in run.batches([None]):
        run.step(loss=loss(run.lr) * (1 + draw.gauss(0, 0.005)))
        if run.validation_due:
            run.validate(loss(run.lr), 0.5)


seedband.serve(train)
";

const STUDY: &str = "seeds = \"0..20\"
trainer.command = [\"python3\", \"train.py\"]
range.min = { rule = \"valley\", skip-start-share = 0.1 }
range.max = { rule = \"least-loss\", divide-by = 3.0, skip-start = 0, skip-end = 0 }
smoothing.kind = \"none\"
[schedule]
start = 1e-5
end = 10.0
steps = 100
";

/// The only config of the summary of the study with these settings over it.
fn config(name: &str, settings: &[&str]) -> Value {
    let place = Place::new(STUDY);
    fs::write(place.path("train.py"), TRAIN).unwrap();
    let mut arguments = vec!["run", "study.toml", "--devices", "cpu"];
    arguments.extend(settings.iter().flat_map(|setting| ["--set", setting]));
    let (status, _, err) = said(&mut seedband(&place, &arguments));
    assert_eq!(status, 0, "{name}: {err}");
    let words: Value = serde_json::from_str(&place.read("results/study/report/answers.json")).unwrap();
    assert!(!words["base"].as_str().unwrap().is_empty(), "{name}");
    let mut summary: Value = serde_json::from_str(&place.read("results/study/aggregate/summary.json")).unwrap();
    summary["configs"][0].take()
}

fn answer(name: &str, settings: &[&str]) -> Value {
    config(name, settings)["answer"].take()
}

/// Asserts the kinds of answer of a study and of those that come of following what each proposes; the last proposes
/// nothing.
fn kinds(name: &str, settings: &[&str], kinds: &[&str]) {
    let mut settings: Vec<String> = settings.iter().map(ToString::to_string).collect();
    for (place, kind) in kinds.iter().enumerate() {
        let settings_now: Vec<&str> = settings.iter().map(String::as_str).collect();
        let found = answer(name, &settings_now);
        assert_eq!(found["kind"], *kind, "{name} with {settings:?}: {found}");
        match found["next"].as_str() {
            // The setting proposed comes last and so over the others.
            Some(next) if place + 1 < kinds.len() => settings.push(next.to_owned()),
            next => assert!(next.is_none() && place + 1 == kinds.len(), "{name}: {found}"),
        }
    }
}

#[test]
fn a_good_range_is_used() {
    kinds("plain", &[], &["use"]);
}

#[test]
fn a_schedule_that_ends_too_early_or_starts_too_late_is_widened() {
    kinds("end", &["schedule.end = 0.03"], &["raise-end", "use"]);
    let steepest = "range.min = { rule = \"steepest\", skip-start = 0 }";
    kinds("start", &["schedule.start = 0.05", steepest], &["lower-start", "use"]);
}

#[test]
fn a_flat_curve_needs_other_rates() {
    kinds(
        "flat",
        &["schedule = { start = 1e-7, end = 1e-4, steps = 100 }"],
        &["no-descent", "raise-end", "raise-end", "use"],
    );
    // Neither have more steps a use where the first rates are too large.
    kinds(
        "lost",
        &["schedule = { start = 30.0, end = 1e3, steps = 60 }"],
        &["no-descent", "no-descent", "use"],
    );
}

#[test]
fn few_steps_become_more() {
    kinds("steps", &["schedule.steps = 4"], &["more-steps", "use"]);
}

#[test]
fn few_seeds_become_more() {
    kinds("seeds", &["seeds = \"0..3\""], &["more-seeds", "use"]);
}

#[test]
fn rules_in_the_wrong_order_are_put_right() {
    let crossed = "range.max = { rule = \"least-loss\", divide-by = 100.0, skip-start = 0, skip-end = 0 }";
    kinds("crossed", &[crossed], &["rules-cross", "use"]);
}

/// The best rate is at the edge of the first grid, which is then made wider.
#[test]
fn seeds_that_disagree_are_trained() {
    kinds(
        "apart",
        &["trainer.args = { apart = 2.0, falls = -3.0, blows = -1.5 }"],
        &["disagree", "use-measured", "use-measured"],
    );
}

/// The losses grow to 1e8 and none is infinite; the smoothing hides most of it, and nothing stops it. Blow-ups begin at 10^0, with
/// a scatter over seeds of 0.05 decades.
#[test]
fn a_blow_up_counts_whatever_is_switched_off() {
    for settings in [
        &["stop.kind = \"never\""][..],
        &["stop.kind = \"never\"", "smoothing = { kind = \"ema\", beta = 0.98 }"],
        &["stop.kind = \"never\"", "smoothing.kind = \"lowess\""],
        &["schedule.steps = 200", "stop.factor = 1e6"],
    ] {
        let config = config("never", settings);
        assert_eq!(config["counts"]["diverged"], 20, "{settings:?}");
        let lr = config["risk"]["largest"]["lr"].as_f64().unwrap();
        assert!((0.5..1.0).contains(&lr), "{settings:?}: {lr}");
    }
}

/// A line fitted through a blow-up swings below 0 on its way: the least of it is no least loss.
#[test]
fn a_fitted_line_ends_before_the_blow_up() {
    let max_lr = |settings: &[&str]| {
        config("lowess", settings)["max-lr"]["estimate"]["median"]
            .as_f64()
            .unwrap()
    };
    let lowess = "smoothing.kind = \"lowess\"";
    let never = max_lr(&[
        lowess,
        "stop.kind = \"never\"",
        "schedule.end = 1e4",
        "schedule.steps = 80",
    ]);
    let raw = max_lr(&[
        lowess,
        "stop.signal = \"raw\"",
        "schedule.end = 1e4",
        "schedule.steps = 80",
    ]);
    assert!((never / raw).ln().abs() < 0.7, "{never} {raw}");
}

#[test]
fn seeds_that_repeat_one_trial_are_one() {
    let config = config("fixed", &["streams = { weights = 0, order = 0, augmentation = 0 }"]);
    assert_eq!(
        (&config["counts"]["wanted"], &config["counts"]["repeats"]),
        (&1.into(), &19.into())
    );
    assert_eq!(
        (&config["answer"]["seeds"], &config["answer"]["kind"]),
        (&1.into(), &"more-seeds".into())
    );
    assert_eq!(
        config["answer"]["next"], "streams.weights = \"vary\"",
        "more seeds would be the same trial"
    );
}
