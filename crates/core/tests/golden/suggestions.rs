//! Smoothed losses, stops and suggestions on stored curves, against `suggestions.json`.

use crate::compare::{Tally, agrees, close};
use crate::flavour::flavour;
use crate::rules::rule;
use crate::stored::{list, number, numbers, object, stored};
use crate::stored_run::StoredRun;
use seedband_core::range_test::CurveView;
use serde_json::{Map, Value};

/// Smoothed losses: sums of up to a few hundred terms, in the library's order but for one rounding a term.
const SMOOTHED: f64 = 1e-10;

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
        let run = StoredRun::new(numbers(&curve["lrs"]), curve);
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

fn check_curve(tally: &mut Tally, place: &str, library: &str, run: &StoredRun, result: &Value, fragile: &[&str]) {
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
    run: &StoredRun,
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
