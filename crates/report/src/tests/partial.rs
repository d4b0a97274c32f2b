//! Studies with trials to come.

use crate::{example, terminal, write};
use seedband_core::summary::Summary;

/// Wherever numbers of a config with seeds to come stand, it is said how many of how many seeds are behind them.
#[test]
fn what_is_partial_says_so_everywhere() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = example::trained("one", 20);
    config.trainings[0].counts.missing += 2;
    config.validation = example::validated("one", 20).validation;
    config.named_rules = example::ruled("one", 20).named_rules;
    (config.counts.wanted, config.counts.missing, config.counts.failed) = (30, 9, 1);
    let summary = example::summary(vec![config, example::config("whole", 20, 0.3, 5.0)]);
    let written = write(&summary, None, folder.path()).unwrap();
    let page = std::fs::read_to_string(written.index).unwrap();
    let markdown = std::fs::read_to_string(folder.path().join("summary.md")).unwrap();
    let figures: Vec<&str> = page.split("<figure id=\"").skip(1).collect();
    let (mut own, mut both) = (0, 0);
    for figure in figures {
        let (name, rest) = figure.split_once("-figure\"").unwrap();
        let caption = rest.split_once("<figcaption>").unwrap().1;
        let caption = caption.split_once("</figcaption>").unwrap().0;
        let expected = match name {
            "compare" | "ranges" => "Partial: 40 of 50 range tests.",
            "trainings-one" => "Partial: 25 of 27 trainings.",
            _ if name.ends_with("-one") => "Partial: 20 of 30 seeds.",
            _ => {
                assert!(!caption.contains("Partial"), "{name}: {caption}");
                continue;
            }
        };
        (own, both) = (own + 1, both + usize::from(markdown.contains(&format!("{expected}\n"))));
        assert!(caption.contains(expected), "{name}: {caption}");
    }
    assert_eq!((own, both), (8, 8));
    for text in [
        "partial: 40 of 50 range tests",
        "<td class=\"count\">partial: 20 of 30</td>",
        "Partial, 20 of 30 seeds. ",
        "Partial: 20 of 30 seeds have a curve, 1 failed, 9 not yet run. The seeds that are there first need not be \
         typical",
        "Partial: 25 of 27 trainings have a curve",
    ] {
        assert!(page.contains(text), "{text}");
    }
    assert!(!page.contains("class=\"statement good\">Partial"));
    assert!(markdown.contains("| one | partial: 20 of 30 |") && markdown.contains("| whole | 20 |"));
    let terminal = terminal(&summary);
    assert!(
        terminal.contains("partial: 20 of 30") && terminal.contains("one: Partial, 20 of 30 seeds. "),
        "{terminal}"
    );
    let json = serde_json::to_value(&summary).unwrap();
    assert_eq!(json["configs"][0]["counts"]["partial"], "20 of 30 seeds");
    assert_eq!(json["configs"][1]["counts"].get("partial"), None);
    let again: Summary = serde_json::from_value(json).unwrap();
    let counts = |summary: &Summary| summary.configs.iter().map(|config| config.counts).collect::<Vec<_>>();
    assert_eq!(counts(&again), counts(&summary));
}
