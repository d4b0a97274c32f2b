//! Studies that add seeds by themselves, with the real worker: its curves differ from seed to seed.

use crate::support::{Place, said};

const STUDY: &str = "name = \"grown\"
seeds = \"until 0.001, at most 18\"
[model]
architecture = \"mlp\"
hidden = [4]
[data]
images-per-class = 10
[training]
batch-size = 32
[schedule]
start = 1e-4
end = 100.0
steps = 20
[[config]]
name = \"plain\"
[[config]]
name = \"decay\"
optimizer.weight-decay = 1e-3
[train]
steps = 2
lr = \"median\"
";

#[test]
fn seeds_are_added_until_the_median_is_known_or_the_cap_is_reached() {
    let place = Place::new(STUDY);
    let run = |set: &str, results: &str| {
        let sets = [
            "run",
            "study.toml",
            "--devices",
            "cpu",
            "--set",
            set,
            "--results",
            results,
        ];
        let (status, out, err) = said(&mut place.seedband(&sets));
        assert_eq!(status, 0, "{err}");
        (out, err)
    };
    let plan =
        |results: &str| said(&mut place.seedband(&["plan", "study.toml", "--devices", "cpu", "--results", results])).1;
    let before = plan("cap");
    assert!(before.contains("20 trials: 0 finished, 20 to run"), "{before}");
    assert!(before.contains("up to 16 range tests more"), "{before}");
    let (_, err) = run("run.threads=1", "cap");
    assert!(
        err.contains("10 trials more to run"),
        "five seeds of two configs: {err}"
    );
    // Range tests of 18 seeds, and trainings by the median of all of them.
    assert_eq!(place.curves("cap").len(), 2 * (18 + 18));
    let after = plan("cap");
    assert!(
        after.contains("72 trials: 72 finished, 0 to run") && !after.contains("more"),
        "{after}"
    );
    let (status, out, _) = said(&mut place.seedband(&["status", "study.toml", "--results", "cap"]));
    assert_eq!(status, 0, "{out}");
    let table = place.read("cap/grown/aggregate/ranges.csv");
    assert_eq!(table.lines().count(), 1 + 2 * 18);
    // Asked for less, the first ten are enough.
    let (out, _) = run("seeds=\"until 9\"", "wide");
    assert_eq!(place.curves("wide").len(), 2 * (10 + 10));
    assert!(out.contains("10"), "{out}");
    // The results folder says how it was grown, and grows the same way.
    assert!(
        place
            .read("cap/grown/study.toml")
            .contains("seeds = \"until 0.001, at most 18\"")
    );
    let (status, _, err) = said(&mut place.seedband(&["run", "cap/grown", "--devices", "cpu"]));
    assert_eq!(status, 0, "{err}");
    assert!(err.contains("nothing to run: all 72 trials"), "{err}");
}

#[test]
fn a_failed_range_test_stops_the_growth() {
    let place = Place::new(STUDY);
    let (status, _, err) = said(&mut place.fake(&["run", "study.toml", "--devices", "cpu"], "plain/3=fail:internal"));
    assert_eq!(status, 100, "{err}");
    assert!(
        err.contains("trials not begun: range tests that they depend on have no curve"),
        "{err}"
    );
    let (status, _, err) = said(&mut place.fake(&["run", "study.toml", "--devices", "cpu"], ""));
    assert_eq!(status, 0, "{err}");
}
