//! Rules that are read beside the range.

use crate::support::load;
use seedband_core::range_test::{NamedRule, Smoothing, SmoothingKind, Stop};

/// Two rules, of which one leaves out what has a default.
pub(crate) const RULES: &str = "rules = [\n  \"late\",\n  \"early\",\n]\n\
    [rule.early.suggestion]\nrule = \"valley\"\n\
    [rule.late.smoothing]\nkind = \"none\"\n[rule.late.stop]\nfactor = 9.0\n\
    [rule.late.suggestion]\nrule = \"least-loss\"\n\
    [rule.unused.suggestion]\nrule = \"slide\"\n";

#[test]
fn rules_have_the_defaults_and_the_order_of_the_list() {
    let study = load(&format!("{RULES}[smoothing]\nbeta = 0.5\n[stop]\nfactor = 2.0"), &[]).unwrap();
    let names: Vec<&str> = study.rules().iter().map(|rule| rule.name.as_str()).collect();
    assert_eq!(names, ["late", "early"]);
    let early = &study.rules()[1];
    assert_eq!(
        (&early.smoothing, &early.stop),
        (&Smoothing::default(), &Stop::default())
    );
    let over = load(RULES, &["rule.early.smoothing.beta=0.9", "rules=[\"early\"]"]).unwrap();
    assert_eq!((over.rules().len(), over.rules()[0].smoothing.beta), (1, Some(0.9)));
    assert!(load("", &[]).unwrap().rules().is_empty());
}

#[test]
fn rules_change_no_trial_but_keep_it_going() {
    let (bare, ruled) = (
        load("seeds = \"0..2\"", &[]).unwrap(),
        load(&format!("seeds = \"0..2\"\n{RULES}"), &[]).unwrap(),
    );
    for (bare, ruled) in bare.trials().iter().zip(ruled.trials()) {
        assert_eq!(bare.trial.id, ruled.trial.id);
        // `early` stops as the study does, so only `late` is one more.
        assert_eq!((bare.early_stops.len(), ruled.early_stops.len()), (1, 2));
        assert_eq!(ruled.early_stops[1].stop.factor, Some(9.0));
    }
    let never = load(RULES, &["rule.late.stop.kind=never"]).unwrap();
    assert!(never.trials().iter().all(|planned| planned.early_stops.is_empty()));
    assert!(ruled.changes_since(&bare).is_empty());
}

#[test]
fn a_smoothing_that_looks_ahead_is_not_watched() {
    let text = "rules = [\"a\"]\n[rule.a.smoothing]\nkind = \"lowess\"\n[rule.a.suggestion]\nrule = \"valley\"\n";
    let error = load(text, &[]).unwrap_err();
    assert!(
        error.contains("study.toml:3:1") && error.contains("cannot watch") && error.contains("stop.signal = \"raw\""),
        "{error}"
    );
    let raw = load(text, &["rule.a.stop.signal=raw"]).unwrap();
    assert_eq!(raw.trials()[0].early_stops[1].smoothing.kind, SmoothingKind::None);
    assert!(load(text, &["rule.a.stop.kind=never"]).is_ok());
    assert!(load("smoothing.kind = \"lowess\"", &[]).is_err());
}

#[test]
fn the_resolved_study_keeps_its_rules() {
    let study = load(
        &format!("{RULES}[[config]]\nname = \"a\"\n[[config]]\nname = \"b\"\nsmoothing.beta = 0.5"),
        &[],
    )
    .unwrap();
    let resolved = load(&study.to_toml(), &[]).unwrap();
    assert_eq!(resolved.to_toml(), study.to_toml());
    let explicit: Vec<_> = study.rules().iter().map(NamedRule::explicit).collect();
    assert_eq!(resolved.rules(), explicit);
    assert_eq!(resolved.configs[1].analysis.rules, explicit);
    assert_eq!(resolved.trials(), study.trials());
    // All configs share the rules, so rules tell none from another.
    assert!(study.labels().iter().flatten().all(|(key, _)| key == "smoothing.beta"));
}
