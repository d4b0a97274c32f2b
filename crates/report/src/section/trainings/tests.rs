use crate::example;
use crate::tests::odd::broken_trainings;
use crate::tests::{svg, texts};
use seedband_core::summary::ConfigSummary;

const TABLES: [&str; 3] = ["trainings.csv", "training_curves.csv", "regrets.csv"];

#[test]
fn trainings_have_a_figure_and_a_table() {
    let summary = example::summary(vec![
        example::trained("one", 20),
        example::config("plain", 20, 0.3, 5.0),
    ]);
    assert_eq!(svg(&summary, "trainings-plain"), None);
    let [page, markdown] = texts(&summary, &TABLES);
    for (text, lead) in [(&page, "figures/"), (&markdown, "](figures/")] {
        assert!(text.contains(&format!("{lead}trainings-one.png")));
        for said in [
            "After training: own (own max LR) 0 of 20 diverged",
            "0.041 (0.020 – 0.080)",
            "2 (40 %)",
            "1.60 (1.55 – ∞)",
            "20 seeds: no range holds for enough seeds",
        ] {
            assert!(text.contains(said), "{said}");
        }
    }
    assert_eq!(page.matches("Training after the range test").count(), 1);
    assert!(page.contains("/trainings.csv\"") && page.contains("/training_curves.csv\""));
    assert!(!page.contains("regrets.csv"), "no grid, no regret");
}

/// A study without trainings does not speak of them.
#[test]
fn a_study_without_trainings_is_silent() {
    let plain = example::summary(vec![example::config("plain", 20, 0.3, 5.0)]);
    let [page, _] = texts(&plain, &TABLES);
    assert!(!page.contains("trainings.csv") && !page.contains("Training after"));
}

#[test]
fn a_training_is_a_line_in_both_plots() {
    let svg = |config: ConfigSummary| {
        let name = format!("trainings-{}", config.name);
        svg(&example::summary(vec![config]), &name).unwrap()
    };
    let trained = svg(example::trained("one", 20));
    let solid = trained
        .lines()
        .filter(|line| line.starts_with("<polyline") && line.contains("stroke=\"#0072B2\""));
    assert_eq!(solid.count(), 3, "loss, accuracy and the key");
    assert_eq!(
        trained.matches("<circle").count(),
        2 * 2 * 4,
        "two trainings of four validations"
    );
    assert!(trained.contains("fixed: learning rate 0.1 (5 seeds, 2 diverged)"));
    assert!(!trained.contains("consensus: "), "no curve, no line");
    let paired = svg(example::paired("one"));
    assert!(paired.contains("swap, lower range: ") && paired.contains("keep, higher range: "));
    let mut many = example::trained("one", 20);
    many.trainings = vec![example::training("t", "own max LR", [3, 0], 0.5); 8];
    assert!(svg(many).contains("first 6 of 8: "));
    let marks = svg(broken_trainings()).matches("<circle").count();
    assert_eq!(marks, 2 * (4 + 1), "what is no number has no mark");
    let mut none = example::trained("one", 20);
    none.trainings.drain(..2);
    assert_eq!(crate::tests::svg(&example::summary(vec![none]), "trainings-one"), None);
}
