//! Trainings after the range test: inside one run, in the right order, and resumed like all others.

use crate::support::{Place, said};
use nix::sys::signal::Signal;
use seedband_testkit::process::wait_for;

/// Four seeds, and six kinds of trainings with the fake worker's epochs of four steps. Its range tests suggest 0.025 as
/// low and 6.3e-3 as high end, so that no range overlaps with another, since none holds a learning rate.
const STUDY: &str = "name = \"tiny\"
seeds = \"0..4\"
[schedule]
steps = 40
[train]
epochs = 2
[[train.variant]]
name = \"own\"
[[train.variant]]
name = \"median\"
lr = \"median\"
factor = 0.5
[[train.variant]]
name = \"grid\"
lr = [0.01, 0.1, 1.0]
[[train.variant]]
name = \"elsewhere\"
weights = \"other\"
seeds = [0, 2]
[[train.variant]]
name = \"consensus\"
lr = \"consensus\"
";

/// Range tests and trainings that come to something.
const TRIALS: usize = 4 + 4 + 4 + 12 + 2;

fn run(place: &Place, script: &str) -> (i32, String) {
    let (status, _, err) = said(&mut place.fake(&["run", "study.toml", "-j", "2"], script));
    (status, err)
}

#[test]
fn one_run_does_all_of_it() {
    let place = Place::new(STUDY);
    let (status, out, _) = said(&mut place.fake(&["plan", "study.toml"], ""));
    assert_eq!(status, 0);
    assert!(
        out.contains("then own; median; grid,lr=0.01; grid,lr=0.1; grid,lr=1; elsewhere; consensus"),
        "{out}"
    );
    assert!(
        out.contains("16 trials: 0 finished, 16 to run"),
        "range tests and grid: {out}"
    );
    assert!(out.contains("14 trainings wait for range tests"), "{out}");
    let (status, err) = run(&place, "");
    assert_eq!(status, 0, "{err}");
    assert!(
        err.contains("10 trials more to run by what the range tests say, 0 finished before"),
        "{err}"
    );
    let curves = place.curves("results/tiny");
    assert_eq!(curves.len(), TRIALS);
    let own = curves.iter().find(|(name, _)| name.contains("base/own-1-")).unwrap();
    let steps: Vec<&str> = own.1.lines().collect();
    assert_eq!(steps.len(), 9);
    assert!(
        steps[0].contains("\"lr\":0.00630957344480193"),
        "the max LR of its own range test: {}",
        steps[0]
    );
    let validated: Vec<usize> = (0..8).filter(|step| steps[*step].contains("validation-loss")).collect();
    assert_eq!(validated, [3, 7], "after each epoch");
    let (status, out, _) = said(&mut place.fake(&["status", "study.toml"], ""));
    assert_eq!(status, 0, "{out}");
    assert!(out.contains("base/median: 4 finished"), "{out}");

    let (status, err) = run(&place, "start=crash");
    assert_eq!(status, 0, "{err}");
    assert!(err.contains("nothing to run: all 26 trials"), "{err}");
    let table = place.read("results/tiny/aggregate/trainings.csv");
    assert_eq!(
        table.lines().count(),
        1 + TRIALS,
        "four without a rate in place of four range tests: {table}"
    );
    assert!(table.contains("without-lr,no seed has a range"), "{table}");
    let regrets = place.read("results/tiny/aggregate/regrets.csv");
    // Trainings at the max LRs are there, and so is one at a rate of the grid; at the min LRs none.
    assert!(regrets.contains("own min LR,4,0,0,0,0,"), "{regrets}");
    assert!(regrets.contains("own max LR,4,4,0,0,0,"), "{regrets}");
}

#[test]
fn only_what_is_new_is_trained() {
    let place = Place::new(STUDY);
    assert_eq!(run(&place, "").0, 0);
    // Another rule for the max LR is other trainings, and no range test.
    let text = STUDY.replace(
        "[train]",
        "[range.max]\nrule = \"least-loss\"\ndivide-by = 2.0\n[train]",
    );
    std::fs::write(place.path("study.toml"), text).unwrap();
    let (status, err) = run(&place, "");
    assert_eq!(status, 0, "{err}");
    assert!(err.contains("10 trials to run, 16 finished before"), "{err}");
    // The same trainings under other names are the same.
    let renamed = STUDY.replace("name = \"own\"", "name = \"mine\"");
    std::fs::write(place.path("study.toml"), renamed).unwrap();
    let (status, err) = run(&place, "start=crash");
    assert_eq!(status, 0, "{err}");
}

#[test]
fn a_range_test_that_fails_holds_up_what_needs_it() {
    let place = Place::new(STUDY);
    let (status, err) = run(&place, "base/1=fail:internal");
    assert_eq!(status, 100, "{err}");
    // Its own training, and those by what all seeds say together.
    assert!(
        err.contains("up to 9 trials not begun: range tests that they depend on have no curve"),
        "{err}"
    );
    let curves = place.curves("results/tiny");
    assert_eq!(curves.iter().filter(|(name, _)| name.contains("own-")).count(), 3);
    assert!(!curves.iter().any(|(name, _)| name.contains("median-")));
    let (status, out, _) = said(&mut place.fake(&["status", "study.toml"], ""));
    assert_eq!(status, 100);
    assert!(out.contains("9 trainings waiting for range tests"), "{out}");
    assert_eq!(run(&place, "").0, 0);
    assert_eq!(place.curves("results/tiny").len(), TRIALS);
}

#[test]
fn trainings_that_fail_or_start_from_other_weights_are_failures() {
    let place = Place::new(STUDY);
    let (status, err) = run(
        &place,
        "base/own/1=other-weights;base/median/2=fail:internal;base/elsewhere/0=diverge:3",
    );
    assert_eq!(status, 100, "{err}");
    assert!(
        err.contains("the worker starts from other weights than in the range test"),
        "{err}"
    );
    assert!(err.contains("  base/median/2 in 3 attempts, log `"), "{err}");
    assert_eq!(place.curves("results/tiny").len(), TRIALS - 2);
    // The weights of a range test of an earlier run are known too.
    let (status, err) = run(&place, "base/own/1=other-weights");
    assert_eq!(status, 100, "{err}");
    assert_eq!(run(&place, "").0, 0);
    let table = place.read("results/tiny/aggregate/trainings.csv");
    let diverged = table
        .lines()
        .find(|line| line.starts_with("base,elsewhere,0,"))
        .unwrap();
    // The update of step 2 made the loss of step 3 infinite.
    assert!(diverged.ends_with("4,non-finite,2,inf,inf,0.0"), "{diverged}");
}

/// However a run ends, the same command goes on, to results equal to those of a run that was left alone.
#[test]
fn killed_at_any_moment_and_run_again() {
    let whole = Place::new(STUDY);
    assert_eq!(run(&whole, "").0, 0);
    let place = Place::new(STUDY);
    for finished in [0, 2, 5, 13, 17, 21, 24] {
        let mut child = crate::interruption::spawn(&place, "*/*=slow:2;*/*/*=slow:10");
        wait_for("a curve", || {
            place.curves("results/tiny").len() > finished || child.try_wait().unwrap().is_some()
        });
        crate::interruption::signal(&child, Signal::SIGKILL);
        child.wait().unwrap();
    }
    assert!(place.curves("results/tiny").len() > 24);
    let (status, err) = run(&place, "");
    assert_eq!(status, 0, "{err}");
    assert_eq!(place.curves("results/tiny"), whole.curves("results/tiny"));
}

#[test]
fn stopped_before_its_trainings_a_run_is_not_done() {
    let place = Place::new(STUDY);
    let mut child = crate::interruption::spawn(&place, "*/*=slow:20");
    wait_for("a curve", || place.curves("results/tiny").len() > 1);
    crate::interruption::signal(&child, Signal::SIGINT);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(run(&place, "").0, 0);
    assert_eq!(place.curves("results/tiny").len(), TRIALS);
}
