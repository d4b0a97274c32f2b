use crate::example;
use crate::tests::{svg, texts};

#[test]
fn a_grid_of_rates_has_a_figure_and_a_table_of_regret() {
    let mut one = example::with_lr_grid("one");
    one.lr_grids.push(one.lr_grids[0].clone());
    let mut empty = example::with_lr_grid("empty");
    empty.lr_grids[0].seeds.clear();
    empty.lr_grids[0].best_lr = None;
    // Its name is that of the second grid of the first config.
    let summary = example::summary(vec![one, empty, example::with_lr_grid("one-2")]);
    for name in ["lr-grid-one", "lr-grid-one-2", "lr-grid-one-2-2", "trainings-one"] {
        assert!(svg(&summary, name).is_some(), "{name}");
    }
    assert_eq!(svg(&summary, "lr-grid-empty"), None);
    let [page, markdown] = texts(&summary, &["regrets.csv"]);
    for text in [&page, &markdown] {
        for said in [
            "figures/lr-grid-one-2.png",
            "The least median regret is that of own max LR, 0.0200 (0 – 0.300) nats over 3 seeds",
            "0.400 (0.100 – ∞)",
            "50.0 (0.100 – 90.0)",
            "No seed has a loss at every learning rate of the grid.",
        ] {
            assert!(text.contains(said), "{said}");
        }
        assert!(
            !text.contains("grid,lr="),
            "trainings of a grid stand in its section alone"
        );
    }
    assert_eq!(page.matches("What suggestions cost").count(), 4);
    assert!(page.contains("<p>No seed has a loss at every learning rate of the grid.</p>"));
    assert!(page.contains("href=\"../aggregate/regrets.csv\""));
    assert!(
        markdown.contains("| far | 50.0 (0.100 – 90.0) | 0 (0 – 0) | – | 1 of 3 | 1 | 0 | 2 | 0 |"),
        "{markdown}"
    );
}

/// Trainings of a grid are in the tables of trainings too.
#[test]
fn a_grid_alone_links_the_tables_of_trainings() {
    let mut config = example::with_lr_grid("one");
    config.trainings.remove(0);
    let [page, _] = texts(&example::summary(vec![config]), &["trainings.csv", "regrets.csv"]);
    assert!(page.contains("/trainings.csv\"") && page.contains("/regrets.csv\""));
}

#[test]
fn choices_outside_the_grid_do_not_look_good() {
    let summary = example::summary(vec![example::with_lr_grid("one")]);
    let svg = svg(&summary, "lr-grid-one").unwrap();
    for note in [
        "1 of 3 seeds, 2 above",
        "0 of 3 seeds, 3 none",
        "2 of 3 seeds, 1 below",
        "unknown",
    ] {
        assert!(svg.contains(note), "{note}");
    }
    let discs = |color: &str| {
        let circles = svg.lines().filter(|line| line.starts_with("<circle"));
        circles.filter(|line| line.contains(color)).count()
    };
    assert_eq!(
        discs("#D55E00"),
        2,
        "own max LR and steep; what lies outside is an arrowhead"
    );
    assert_eq!(discs("#A0A9B4"), 0, "a median outside is no disc at the edge");
    let heads = svg
        .lines()
        .filter(|line| line.starts_with("<polygon") && line.contains("#A0A9B4"));
    assert_eq!(heads.count(), 1, "an arrowhead");
    assert_eq!(
        discs("#CC79A7"),
        2,
        "the median at two rates; at the third it is infinite"
    );
}
