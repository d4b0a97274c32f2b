//! One definition of divergence: which trials diverged, and how long training goes on for it.

#![expect(clippy::unwrap_used, reason = "tests")]

use seedband_core::range_test::Analysis;
use seedband_core::study::Study;
use std::fs;

fn load(text: &str) -> Result<Study, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("study.toml");
    fs::write(&path, text).unwrap();
    Study::load(&path, &[]).map_err(|error| error.to_string())
}

fn analysis(text: &str) -> Analysis {
    load(text).unwrap().configs.remove(0).analysis
}

const RAW: &str = "[smoothing]\nkind = \"none\"\n";

/// 61 losses of a noise of 0.21 around 2, then a blow-up that the update of step 61 caused.
fn losses() -> Vec<f64> {
    let mut losses: Vec<f64> = (0..61).map(|step| if step % 2 == 0 { 2.1 } else { 1.9 }).collect();
    losses.extend([2.0, 3.0, 5.0, 9.0, 40.0]);
    losses
}

/// Smoothed by 0.98 from zero the last is about 3, and 2 the least: no stop rule has fired.
#[test]
fn neither_smoothing_nor_stop_rule_decides() {
    let shifted: Vec<f64> = losses().iter().map(|loss| loss - 20.0).collect();
    for flavour in [
        "",
        RAW,
        "[stop]\nkind = \"never\"",
        "[stop]\nfactor = 1.5",
        "[smoothing]\nkind = \"lowess\"\n[stop]\nsignal = \"raw\"",
    ] {
        assert_eq!(analysis(flavour).diverged_at(&losses()), Some(61), "{flavour}");
        assert_eq!(analysis(flavour).diverged_at(&losses()[..62]), None, "{flavour}");
        assert_eq!(analysis(flavour).diverged_at(&shifted), Some(61), "{flavour}");
    }
}

#[test]
fn with_a_factor_a_smoothed_loss_decides() {
    let losses = [2.0, 1.0, 3.0, 4.5, 9.0];
    let own = "[divergence]\nfactor = 8.0\nbeta = 0.0";
    for flavour in [RAW, "[stop]\nkind = \"never\"\n", "[stop]\nfactor = 2.5\n", ""] {
        let found = analysis(&format!("{flavour}{own}")).diverged_at(&losses);
        assert_eq!(found, Some(3), "the update before the loss of 9: {flavour}");
    }
    // Smoothed by a half from zero: 2, 4/3, 16/7, 52/15, 98/15.5: 1.7, 2.6 and 4.7 times the least.
    let by = |factor: f64| analysis(&format!("[divergence]\nfactor = {factor}\nbeta = 0.5")).diverged_at(&losses);
    assert_eq!((by(2.5), by(2.7)), (Some(2), Some(3)));
    // By 0.98 it is nearly the mean: 2, 1.5, 2.0, 2.6.
    assert_eq!(analysis("[divergence]\nfactor = 1.5").diverged_at(&losses), Some(2));
}

#[test]
fn a_loss_that_is_not_finite_always_is_a_divergence() {
    for text in [
        "",
        "[stop]\nkind = \"never\"",
        "[stop]\nnan-fires = false",
        "[divergence]\nfactor = 9.0",
    ] {
        for lost in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(analysis(text).diverged_at(&[2.0, 2.0, lost]), Some(1), "{text}");
            assert_eq!(analysis(text).diverged_at(&[lost]), Some(0), "{text}");
        }
        assert_eq!(analysis(text).diverged_at(&[2.0, 2.0]), None);
        assert_eq!(analysis(text).diverged_at(&[]), None);
    }
}

#[test]
fn training_goes_on_until_a_factor_is_reached() {
    let halts = |text: &str| load(text).unwrap().trials().remove(0).early_stops;
    assert_eq!(halts("").len(), 1);
    let both = halts("[divergence]\nfactor = 8.0");
    let factors: Vec<_> = both.iter().map(|halt| halt.stop.factor).collect();
    assert_eq!(factors, [Some(4.0), Some(8.0)]);
    assert_eq!(
        halts("[divergence]\nfactor = 4.0").len(),
        1,
        "the same rule as the default stop"
    );
    assert_eq!(halts("stop.kind = \"never\"\n[divergence]\nfactor = 8.0"), []);
}

#[test]
fn it_is_no_part_of_a_trial_and_told_apart_by_labels() {
    let plain = load("").unwrap();
    let study = load("[[config]]\nname = \"a\"\n[[config]]\nname = \"b\"\ndivergence.factor = 3.0").unwrap();
    assert_eq!(plain.trials()[0].trial.id, study.trials()[0].trial.id);
    assert_eq!(
        study.labels()[1],
        [
            ("divergence.factor".to_owned(), "3.0".to_owned()),
            ("divergence.beta".to_owned(), "0.98".to_owned())
        ]
    );
    assert!(!plain.to_toml().contains("divergence"));
    let again = load(&study.to_toml()).unwrap();
    assert_eq!(again.configs[1].analysis.divergence.factor, Some(3.0));
    let error = load("[divergence]\nbeta = 0.5").unwrap_err();
    assert!(
        error.contains("study.toml:2") && error.contains("without `factor`"),
        "{error}"
    );
    let error = load("[statistics]\nrisk = 1.5").unwrap_err();
    assert!(error.contains("`statistics.risk = 1.5`"), "{error}");
}
