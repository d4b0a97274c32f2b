//! Reports while trials are still to come.

use crate::support::{Place, STUDY, said};
use seedband_testkit::process::wait_for;
use serde_json::Value;

/// Seed by seed: `plain` comes to two of three seeds, one of which diverges, and `decay` to one; its next one runs.
const SCRIPT: &str = "plain/1=diverge:30;decay/1=hang";

#[test]
fn a_report_at_any_time_says_how_many_of_how_many() {
    let place = Place::new(STUDY);
    let (code, _, err) = said(&mut place.seedband(&["show", "study.toml"]));
    assert_eq!(code, 96);
    assert!(err.contains("no results in `results/tiny` yet"), "{err}");
    let _run = place.start(&["run", "study.toml", "-j", "1"], SCRIPT);
    wait_for("three curves", || place.curves("results/tiny").len() == 3);

    // There is no summary yet, and showing one writes none.
    let (code, shown, err) = said(&mut place.seedband(&["show", "study.toml"]));
    assert_eq!(code, 0, "{err}");
    assert!(!place.path("results/tiny/aggregate").exists());
    assert!(
        shown.contains("partial: 2 of 3") && shown.contains("partial: 1 of 3"),
        "{shown}"
    );
    let flat = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        flat.contains("plain: Partial: 2 of 3 seeds have a curve, 0 failed, 1 not yet run."),
        "{flat}"
    );
    assert!(
        flat.contains("trials that diverge end early, so they can be over-represented"),
        "{flat}"
    );

    for command in ["aggregate", "report"] {
        let (code, out, err) = said(&mut place.seedband(&[command, "study.toml"]));
        assert_eq!((code, &out), (0, &shown), "{command}: {err}");
    }
    let summary: Value = serde_json::from_str(&place.read("results/tiny/aggregate/summary.json")).unwrap();
    let counts = |config: usize| summary["configs"][config]["counts"].clone();
    assert_eq!(
        (&counts(0)["partial"], &counts(0)["missing"]),
        (&"2 of 3 seeds".into(), &1.into())
    );
    assert_eq!(counts(1)["partial"], "1 of 3 seeds");
    let page = place.read("results/tiny/report/index.html");
    assert!(page.contains(">partial: 2 of 3</td>"));
    assert!(page.contains("Partial: 2 of 3 seeds.</span>"), "a caption");
    assert!(
        place
            .read("results/tiny/report/summary.md")
            .contains("| plain | partial: 2 of 3 |")
    );
}

#[test]
fn seeds_that_failed_are_not_called_partial() {
    let place = Place::new(STUDY);
    let (code, out, _) = said(&mut place.fake(&["run", "study.toml"], "plain/1=fail:bad-data"));
    assert_eq!(code, 100);
    assert!(
        out.contains(" 2 of 3 ") && !out.to_lowercase().contains("partial"),
        "{out}"
    );
    assert!(
        out.contains("plain: 2 of 3 seeds have a curve, 1 failed and are left out."),
        "{out}"
    );
    let summary = place.read("results/tiny/aggregate/summary.json");
    assert!(!summary.contains("partial"));
}

/// What `show` says is never older than the curves, and a summary without its curves is shown as it is.
#[test]
fn show_keeps_up_with_what_has_been_run() {
    let place = Place::new(STUDY);
    place
        .fake(&["run", "study.toml", "--seeds", "0..2"], "")
        .assert()
        .code(0);
    let show = |study: &str| said(&mut place.seedband(&["show", study])).1;
    let few = show("results/tiny");
    assert!(!few.contains("partial"), "{few}");
    assert!(show("study.toml").contains("partial: 2 of 3"));
    let before = place.read("results/tiny/aggregate/summary.json");
    let _run = place.start(&["run", "study.toml", "-j", "1"], "decay/2=hang");
    wait_for("a fifth curve", || place.curves("results/tiny").len() == 5);
    let more = show("results/tiny");
    assert!(more.contains("partial: 2 of 3") && more.contains(" 3 "), "{more}");
    assert_eq!(place.read("results/tiny/aggregate/summary.json"), before);
    std::fs::remove_dir_all(place.path("results/tiny/trials")).unwrap();
    assert_eq!(show("results/tiny"), few);
}
