//! Learning rates by step, against `schedules.json`.

use crate::compare::{Tally, close};
use crate::flavour::flavour;
use crate::stored::{list, number, numbers, stored};
use seedband_core::range_test::{Growth, Schedule};
use serde_json::Value;

/// Learning rates: `pow` of two mathematical libraries, or one product a step.
const SCHEDULED: f64 = 1e-12;

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
