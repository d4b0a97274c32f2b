use crate::example;
use crate::tests::{svg, texts};

#[test]
fn rules_have_a_figure_and_tables() {
    let ruled = example::ruled("one", 20);
    let summary = example::summary(vec![ruled, example::config("plain", 20, 0.3, 5.0)]);
    let [page, _] = texts(&summary, &["rules.csv"]);
    assert_eq!(page.matches("Other rules on the same curves").count(), 1);
    for text in [
        "20 of 20, 2 cut short",
        "0 of 20",
        "-3.80",
        "3.98e-5",
        "medians of 3 rules lie 3.0 decades apart",
        "href=\"../aggregate/rules.csv\"",
        "before the stop of 1 of 4 rules fired, on up to 2 of 20 seeds",
    ] {
        assert!(page.contains(text), "{text}");
    }
    assert_eq!(svg(&summary, "rules-plain"), None);
    let svg = svg(&summary, "rules-one").unwrap();
    assert_eq!(
        svg.matches("<circle").count(),
        3 * 20 + 3 * 2,
        "a mark a seed, and two discs a median"
    );
    assert!(svg.contains("0 of 20 seeds"));
}

/// Without rules nothing speaks of them, not even of the table.
#[test]
fn a_study_without_rules_is_silent() {
    let plain = example::summary(vec![example::config("plain", 20, 0.3, 5.0)]);
    let [page, markdown] = texts(&plain, &["rules.csv"]);
    assert!(!page.contains("rules.csv") && !page.contains("Other rules") && !markdown.contains("| rule |"));
}
