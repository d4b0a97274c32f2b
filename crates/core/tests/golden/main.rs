//! Every flavour against what its library computed on stored curves (`tests/golden/README.md` says how).
//!
//! `SEEDBAND_GOLDEN` may name another folder of files in the same format. Flavours come from `configs/flavours/`, the
//! rules behind the suggestions from `configs/rules.toml`.

use seedband_core::number::Number;
use seedband_core::range_test::{Answer, CurveView, Flavour, Growth, NamedRule, Schedule};
use seedband_core::study::Study;
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};

/// Smoothed losses: sums of up to a few hundred terms, in the library's order but for one rounding a term.
const SMOOTHED: f64 = 1e-10;
/// Suggested learning rates are values of the grid, or these divided by 10.
const SUGGESTED: f64 = 1e-9;
/// Learning rates: `pow` of two mathematical libraries, or one product a step.
const SCHEDULED: f64 = 1e-12;

/// Our flavour file for the name in the stored results.
const FLAVOURS: [(&str, &str); 6] = [
    ("fastai_v1", "fastai-v1"),
    ("fastai_v2", "fastai-v2"),
    ("lightning", "lightning"),
    ("torch_lr_finder", "torch-lr-finder"),
    ("dataiku", "keras"),
    ("surmenok", "surmenok"),
];

/// What was compared and what did not match.
#[derive(Default)]
struct Tally {
    compared: usize,
    found: usize,
    mismatches: Vec<String>,
}

impl Tally {
    fn check(&mut self, matches: bool, what: impl FnOnce() -> String) {
        self.compared += 1;
        if !matches {
            self.mismatches.push(what());
        }
    }

    /// Everything expected was compared, and all of it matched.
    fn settle(&self, expected: usize) {
        let shown = &self.mismatches[..self.mismatches.len().min(20)];
        assert!(
            shown.is_empty(),
            "{} mismatches:\n{}",
            self.mismatches.len(),
            shown.join("\n")
        );
        assert!(expected > 0, "the stored results hold nothing to compare");
        assert_eq!(self.compared, expected, "not all that is stored was compared");
    }
}

/// A run as stored: the plan, the losses recorded, and how it ended.
struct Sweep {
    lrs: Vec<f64>,
    losses: Vec<f64>,
    /// The losses that training would have gone on to show: a last non-finite one, then NaN for each step left of the
    /// plan.
    as_run: Vec<f64>,
}

impl Sweep {
    fn new(lrs: Vec<f64>, stored: &Value) -> Self {
        let losses = numbers(&stored["losses"]);
        let mut as_run = losses.clone();
        let last = match stored["end"]["reason"].as_str() {
            Some("nan") => Some(f64::NAN),
            Some("inf") => Some(f64::INFINITY),
            _ => None,
        };
        if let Some(last) = last {
            assert_eq!(stored["end"]["step"].as_u64(), Some(losses.len() as u64));
            as_run.push(last);
            as_run.resize(lrs.len().max(as_run.len()), f64::NAN);
        }
        Self { lrs, losses, as_run }
    }
}

#[test]
fn suggestions_on_stored_curves() {
    let curves = stored("curves.json").expect("curves.json is there");
    let results = stored("suggestions.json").expect("suggestions.json is there");
    let mut tally = Tally::default();
    let mut expected = 0;
    for (name, by_flavour) in object(&results["curves"]) {
        let curve = list(&curves["curves"])
            .iter()
            .find(|curve| curve["name"] == name.as_str());
        let curve = curve.unwrap_or_else(|| panic!("no curve is stored for `{name}`"));
        let run = Sweep::new(numbers(&curve["lrs"]), curve);
        for (library, result) in object(by_flavour) {
            let place = format!("{name} {library}");
            let fragile: Vec<&str> = list(&result["fragile"]).iter().filter_map(Value::as_str).collect();
            expected += stored_values(&result["f64"], &fragile);
            check_curve(&mut tally, &place, library, &run, &result["f64"], &fragile);
        }
    }
    assert!(tally.found > 0, "no suggestion is a learning rate");
    tally.settle(expected);
}

/// Values in a library's results that are not fragile, counted without regard to what they mean.
fn stored_values(result: &Value, fragile: &[&str]) -> usize {
    let mut values = list(&result["smoothed"]).len();
    for mode in ["full", "as_run"] {
        for (key, value) in object(&result[mode]) {
            let keys: Vec<&str> = match value.as_object() {
                Some(suggestions) => suggestions.keys().map(String::as_str).collect(),
                None => vec![key],
            };
            values += keys
                .iter()
                .filter(|key| !fragile.contains(&format!("{mode}.{key}").as_str()))
                .count();
        }
    }
    values
}

fn check_curve(tally: &mut Tally, place: &str, library: &str, run: &Sweep, result: &Value, fragile: &[&str]) {
    let flavour = flavour(library);
    let smoothed = flavour.smoothing.apply(&run.losses);
    for (step, expected) in list(&result["smoothed"]).iter().enumerate() {
        let matches = smoothed
            .get(step)
            .is_some_and(|value| close(*value, number(expected), SMOOTHED));
        tally.check(matches, || {
            format!("{place} smoothed[{step}]: {:?}, not {expected}", smoothed.get(step))
        });
    }
    let whole = CurveView {
        lrs: &run.lrs[..run.losses.len()],
        raw: &run.losses,
        smoothed: &smoothed,
        planned_steps: run.lrs.len(),
    };
    let reading = flavour.read(&run.lrs, &run.as_run);
    let kept = reading.history(&run.lrs, &run.as_run);
    for (mode, view) in [("full", whole), ("as_run", kept)] {
        for (key, expected) in object(&result[mode]) {
            let place = format!("{place} {mode}.");
            match (key.as_str(), expected.as_object()) {
                ("suggestions", Some(suggestions)) => {
                    check_suggestions(tally, &place, library, run, &view, suggestions, fragile, mode);
                }
                _ if fragile.contains(&format!("{mode}.{key}").as_str()) => {}
                ("stop_step", _) => {
                    let matches = expected.as_u64() == reading.stop_step.map(|step| step as u64);
                    tally.check(matches, || {
                        format!("{place}{key}: {:?}, not {expected}", reading.stop_step)
                    });
                }
                ("n_recorded", _) => {
                    let matches = expected.as_u64() == Some(reading.kept as u64);
                    tally.check(matches, || format!("{place}{key}: {}, not {expected}", reading.kept));
                }
                _ => tally.check(false, || format!("{place}{key}: nothing here computes it")),
            }
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "one call, all of it context of the message")]
fn check_suggestions(
    tally: &mut Tally,
    place: &str,
    library: &str,
    run: &Sweep,
    view: &CurveView,
    suggestions: &Map<String, Value>,
    fragile: &[&str],
    mode: &str,
) {
    for (key, expected) in suggestions {
        if fragile.contains(&format!("{mode}.{key}").as_str()) {
            continue;
        }
        let Some(rule) = rule(library, key) else {
            tally.check(false, || format!("{place}{key}: no rule is stated for it"));
            continue;
        };
        if key == "slice" {
            let span = rule.suggestion.span(view);
            let expected: Vec<usize> = list(expected).iter().map(|end| number(end) as usize).collect();
            tally.check(expected == [span.start, span.end], || {
                format!("{place}{key}: {span:?}, not {expected:?}")
            });
            continue;
        }
        let answer = if mode == "as_run" {
            rule.read(&run.lrs, &run.as_run).answer
        } else {
            rule.suggestion.evaluate(view)
        };
        tally.found += usize::from(answer.lr().is_some());
        let matches = agrees(key, &answer, expected);
        tally.check(matches, || format!("{place}{key}: {answer:?}, not {expected}"));
    }
}

/// Whether an answer says what is stored under a key. `null` and an error in the library stand for no answer.
fn agrees(key: &str, answer: &Answer, expected: &Value) -> bool {
    let Answer::Found { lr, index, fallback } = *answer else {
        return expected.is_null() || expected.get("error").is_some();
    };
    if key.ends_with("index") {
        expected.as_u64() == Some(index as u64)
    } else if key.ends_with("is_fallback") {
        expected.as_bool() == Some(fallback)
    } else {
        (expected.is_number() || expected.is_string()) && close(lr, number(expected), SUGGESTED)
    }
}

/// The rule of `configs/rules.toml` behind a key of a library's suggestions.
fn rule(library: &str, key: &str) -> Option<&'static NamedRule> {
    let name = match (library, key) {
        ("fastai_v1", "min_grad" | "slice") => "fastai-v1-min-grad",
        ("fastai_v1", "min_loss_div_10") => "fastai-v1-min-10",
        ("fastai_v1", "notebook_max_lr") => "fastai-v1-min-10-all",
        ("fastai_v2", "valley") => "fastai-v2-valley",
        ("fastai_v2", "slide") => "fastai-v2-slide",
        ("fastai_v2", "minimum") => "fastai-v2-minimum",
        ("fastai_v2", "steep" | "slice") => "fastai-v2-steep",
        ("lightning", "suggestion" | "index") => "lightning",
        ("torch_lr_finder", "steepest" | "slice") => "torch-lr-finder",
        ("dataiku", "low" | "low_index" | "low_is_fallback") => "keras-low",
        ("dataiku", "high" | "high_index") => "keras-high",
        ("surmenok", "best_lr_sma1") => "surmenok-sma1",
        ("surmenok", "best_lr_sma20") => "surmenok-sma20",
        _ => return None,
    };
    RULES.iter().find(|rule| rule.name == name)
}

/// All rules of `configs/rules.toml`, as a study that lists them has them.
static RULES: std::sync::LazyLock<Vec<NamedRule>> = std::sync::LazyLock::new(|| {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../configs/rules.toml");
    let text = std::fs::read_to_string(&path).expect("the file of rules");
    let table: toml::Table = toml::from_str(&text).expect("TOML");
    let names: Vec<&String> = table["rule"].as_table().expect("rules").keys().collect();
    let study = Study::load(&path, &[format!("rules={names:?}")]).expect("a study of all rules");
    study.rules().to_vec()
});

/// The flavour whose smoothing and stop a rule of `configs/rules.toml` has to have, from the beginning of its name.
fn flavour_of(rule: &NamedRule) -> Flavour {
    let library = FLAVOURS.iter().find(|(_, file)| rule.name.starts_with(file));
    flavour(library.expect("a rule is named after its library").0)
}

#[test]
fn rules_look_through_the_smoothing_and_the_stop_of_their_flavour() {
    assert_eq!(RULES.len(), 13);
    for rule in RULES.iter() {
        let flavour = flavour_of(rule);
        let name = &rule.name;
        assert_eq!(rule.smoothing, flavour.smoothing, "{name}");
        assert_eq!(rule.stop, flavour.stop, "{name}");
        assert_eq!(
            *rule,
            NamedRule {
                suggestion: rule.suggestion.clone(),
                ..rule.explicit()
            },
            "{name}"
        );
    }
    for (name, end) in [
        ("fastai-v1-min-grad", 0),
        ("fastai-v1-min-10-all", 1),
        ("fastai-v2-steep", 0),
        ("fastai-v2-minimum", 1),
        ("lightning", 0),
        ("torch-lr-finder", 0),
        ("keras-low", 0),
        ("keras-high", 1),
        ("surmenok-sma20", 0),
    ] {
        let rule = RULES.iter().find(|rule| rule.name == name).expect(name);
        let range = flavour_of(rule).range;
        assert_eq!(
            rule.suggestion.explicit(),
            [range.min, range.max][end].explicit(),
            "{name}"
        );
    }
}

#[test]
fn schedules_of_the_libraries() {
    let Some(results) = stored("schedules.json") else {
        return;
    };
    let mut tally = Tally::default();
    let mut expected = 0;
    for entry in list(&results["schedules"]) {
        // The library raised: there is no schedule to compare.
        if entry.get("error").is_some() {
            continue;
        }
        let batches = entry["batches_lr_update"].as_u64().unwrap_or(1);
        let schedule = Schedule {
            kind: match entry["mode"].as_str() {
                Some("exp") => Growth::Exponential,
                Some("linear") => Growth::Linear,
                mode => panic!("unknown mode {mode:?}"),
            },
            start: number(&entry["start"]),
            end: number(&entry["end"]),
            steps: (entry["num_it"].as_u64().expect("a number of steps") / batches) as usize,
            ..flavour(entry["flavour"].as_str().expect("a flavour")).schedule
        };
        assert_eq!(schedule.validate(), Ok(()), "{entry}");
        let recorded = numbers(&entry["recorded"]);
        expected += recorded.len();
        check_rates(&mut tally, entry, &schedule.recorded(), &recorded);
        // With several batches a rate, what is used changes once a batch group; a schedule has one step a rate.
        if batches == 1 {
            let used = if entry["used"].is_array() {
                numbers(&entry["used"])
            } else {
                recorded
            };
            expected += used.len();
            check_rates(&mut tally, entry, &schedule.used(), &used);
        }
    }
    tally.settle(expected);
}

fn check_rates(tally: &mut Tally, entry: &Value, rates: &[f64], expected: &[f64]) {
    let what = format!("{} {} {} steps", entry["flavour"], entry["mode"], entry["num_it"]);
    assert_eq!(rates.len(), expected.len(), "{what}");
    for (step, (rate, expected)) in rates.iter().zip(expected).enumerate() {
        tally.check(close(*rate, *expected, SCHEDULED), || {
            format!("{what}: {rate} at {step}, not {expected}")
        });
    }
}

#[test]
fn outcomes_of_repeated_runs() {
    let Some(results) = stored("quantiles.json") else {
        return;
    };
    let mut tally = Tally::default();
    let mut expected = 0;
    for group in list(&results["groups"]) {
        for stored in list(&group["runs"]) {
            let run = Sweep::new(numbers(&group["lrs"]), stored);
            for library in ["dataiku", "fastai_v1"] {
                let outcome = object(&stored[library]);
                expected += outcome.len();
                let reading = flavour(library).read(&run.lrs, &run.as_run);
                for (key, value) in outcome {
                    let matches = match key.as_str() {
                        "stop_step" => value.as_u64() == reading.stop_step.map(|step| step as u64),
                        "n_recorded" => value.as_u64() == Some(reading.kept as u64),
                        _ if key.starts_with("low") => agrees(key, &reading.min_lr, value),
                        _ if key.starts_with("high") => agrees(key, &reading.max_lr, value),
                        _ => false,
                    };
                    let place = format!("{} seed {} {library}", group["name"], stored["seed"]);
                    tally.check(matches, || format!("{place} {key}: {reading:?}, not {value}"));
                }
            }
        }
    }
    tally.settle(expected);
}

#[test]
fn flavour_files_write_every_schedule_smoothing_and_stop_option() {
    for (library, file) in FLAVOURS {
        let flavour = flavour(library);
        assert_eq!(flavour.smoothing, flavour.smoothing.explicit(), "{file}");
        assert_eq!(flavour.stop, flavour.stop.explicit(), "{file}");
    }
    let (fastai, keras) = (flavour("fastai_v1"), flavour("dataiku"));
    let study = |schedule: &Schedule| (schedule.start, schedule.end, schedule.steps, schedule.lag);
    assert_eq!(study(&fastai.schedule), (1e-7, 100.0, 100, 0));
    assert_eq!(study(&keras.schedule), (1e-7, 100.0, 97, 1));
    // The defaults in code are the fastai half but for the end of the schedule.
    let default = Flavour::default();
    assert_eq!(fastai.smoothing, default.smoothing.explicit());
    assert_eq!(fastai.stop, default.stop.explicit());
    assert_eq!(fastai.range.explicit(), default.range.explicit());
}

/// The flavour of a library, from its file.
fn flavour(library: &str) -> Flavour {
    let (_, file) = FLAVOURS
        .iter()
        .find(|(name, _)| *name == library)
        .expect("a known library");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../configs/flavours/{file}.toml"));
    let text = std::fs::read_to_string(&path).expect("a flavour file");
    let flavour: Flavour = toml::from_str(&text).expect("a flavour");
    assert_eq!(flavour.validate(), Ok(()), "{file}");
    flavour
}

/// A file of stored results. Another folder than ours may lack some.
fn stored(file: &str) -> Option<Value> {
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let folder = std::env::var_os("SEEDBAND_GOLDEN").map_or(ours.clone(), PathBuf::from);
    let path = folder.join(file);
    if folder != ours && !path.exists() {
        return None;
    }
    let text = std::fs::read_to_string(&path).expect("a file of stored results");
    Some(serde_json::from_str(&text).expect("JSON"))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn object(value: &Value) -> impl ExactSizeIterator<Item = (&String, &Value)> {
    static EMPTY: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);
    value.as_object().unwrap_or(&EMPTY).iter()
}

fn number(value: &Value) -> f64 {
    let Number(number) = serde_json::from_value(value.clone()).expect("a number");
    number
}

fn numbers(value: &Value) -> Vec<f64> {
    list(value).iter().map(number).collect()
}

/// Equal within a relative tolerance; NaN equals NaN and an infinity itself.
fn close(value: f64, expected: f64, tolerance: f64) -> bool {
    value.to_bits() == expected.to_bits()
        || (value.is_nan() && expected.is_nan())
        || (expected.is_finite() && (value - expected).abs() <= tolerance * expected.abs())
}
