use super::words;
use crate::example;
use crate::tests::svg;

#[test]
fn every_seed_is_a_line_of_the_figure() {
    let summary = example::summary(vec![example::config("one", 20, 0.3, 5.0)]);
    let svg = svg(&summary, "bands-one").unwrap();
    let lines = |color: &str| {
        svg.lines()
            .filter(|line| line.starts_with("<polyline") && line.contains(color))
            .count()
    };
    assert_eq!(lines("stroke=\"#B8D8E9\""), 20, "one line a seed");
    assert_eq!(lines("stroke=\"#0072B2\""), 2, "the median, here and in the key");
    assert_eq!(
        svg.matches("<polygon opacity=\"0.17\"").count(),
        2,
        "the band, here and in the key"
    );
    assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"900\""));
    assert!(svg.contains("role=\"img\"") && svg.contains("<title>Loss by learning rate over 20 seeds of one</title>"));
}

#[test]
fn the_finding_says_how_many_diverged() {
    let summary = example::reference();
    assert!(
        words::finding(&summary.configs[0]).ends_with("11 of 20 seeds diverged, at learning rates from 0.043 to 81.")
    );
}
