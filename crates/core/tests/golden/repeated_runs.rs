//! Stops and suggestions of runs that differ in nothing but their seed, against `quantiles.json`.

use crate::compare::{Tally, agrees};
use crate::flavour::flavour;
use crate::stored::{list, numbers, object, stored};
use crate::stored_run::StoredRun;

#[test]
fn outcomes_of_repeated_runs() {
    let Some(results) = stored("quantiles.json") else {
        return;
    };
    let mut tally = Tally::default();
    let mut expected = 0;
    for group in list(&results["groups"]) {
        for stored in list(&group["runs"]) {
            let run = StoredRun::new(numbers(&group["lrs"]), stored);
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
