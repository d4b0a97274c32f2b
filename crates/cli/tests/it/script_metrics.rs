//! What training scripts tell beside the loss: further metrics, and validations without an accuracy.

use crate::scripts::{TRAIN, place, seedband};
use crate::support::{Place, said};
use std::fs;

/// `TRAIN` with a metric in its first steps and its last, and another in its last.
fn told() -> String {
    TRAIN.replace(
        "    run.step(loss=error ** 2)\n",
        "    run.step(loss=error ** 2)\n\
         \u{20}   if run.lr < 2e-4 or run.done: run.log({'weight, of 1': weight})\n\
         \u{20}   if run.done: run.log(last=1e400)\n",
    )
}

fn run(place: &Place) -> String {
    let (status, _, err) = said(&mut seedband(place, &["run", "study.toml", "--devices", "cpu"]));
    assert_eq!(status, 0, "{err}");
    err
}

#[test]
fn metrics_are_in_curves_tables_and_the_report() {
    let place = place(&told());
    run(&place);
    let curves = place.curves("results");
    for (_, text) in &curves {
        assert!(text.lines().next().unwrap().contains("\"metrics\":{\"weight, of 1\":"));
        assert!(text.contains("\"metrics\":{\"last\":\"Infinity\",\"weight, of 1\":"));
    }
    let table = place.read("results/study/aggregate/metrics.csv");
    let mut rows = table.lines();
    assert_eq!(rows.next(), Some("config,training,seed,step,lr,metric,value"));
    // Rates rise by a factor of 1.41 a step: steps 0, 1, 2 and 19 of each of three seeds, and the other metric at 19.
    assert_eq!(rows.clone().filter(|row| row.contains("\"weight, of 1\"")).count(), 12);
    assert_eq!(rows.filter(|row| row.ends_with(",last,inf")).count(), 3);
    let bands = place.read("results/study/aggregate/metric_bands.csv");
    let steps: Vec<&str> = bands
        .lines()
        .skip(1)
        .filter_map(|row| row.split(',').rev().nth(7))
        .collect();
    assert_eq!(steps, ["19", "0", "1", "2", "19"]);
    assert!(
        bands
            .lines()
            .skip(1)
            .all(|row| row.split(',').rev().nth(5) == Some("3")),
        "{bands}"
    );
    let page = place.read("results/study/report/index.html");
    assert!(page.contains("2 metrics, as the script logged them."));
    assert!(place.path("results/study/report/figures/metrics-base.svg").is_file());
}

#[test]
fn the_same_script_tells_the_same_bytes() {
    let [one, other] = [place(&told()), place(&told())].map(|place| {
        run(&place);
        place.results("results/study")
    });
    assert!(one == other);
}

#[test]
fn a_script_without_metrics_has_no_figure_of_them() {
    let place = place(TRAIN);
    run(&place);
    assert!(
        !place
            .read("results/study/report/index.html")
            .contains("metrics, as the script")
    );
    assert_eq!(place.read("results/study/aggregate/metrics.csv").lines().count(), 1);
}

#[test]
fn a_validation_of_a_regression_is_its_loss() {
    let script = TRAIN.to_owned() + "    if run.validation_due: run.validate((weight - target) ** 2)\n";
    let place = place(&script);
    let study = place.read("study.toml") + "[train]\nlr = 0.02\nepochs = 4\n";
    fs::write(place.path("study.toml"), study).unwrap();
    run(&place);
    let table = place.read("results/study/aggregate/trainings.csv");
    let mut rows = table.lines().map(|row| row.split(',').collect::<Vec<_>>());
    let names = rows.next().unwrap();
    let column = |name: &str| names.iter().position(|found| *found == name).unwrap();
    for row in rows {
        assert_eq!(row[column("last_validation_accuracy")], "");
        assert!(row[column("best_validation_loss")].parse::<f64>().unwrap() < 1.0);
    }
    let markdown = place.read("results/study/report/summary.md");
    assert!(
        markdown.contains("train (learning rate 0.02) 0 of 3 diverged, best validation loss"),
        "{markdown}"
    );
    let figure = place.read("results/study/report/figures/trainings-base.svg");
    assert!(figure.contains("\nvalidation loss\n") && !figure.contains("\nvalidation accuracy\n"));
}
