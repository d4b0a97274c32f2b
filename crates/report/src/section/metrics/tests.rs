use super::example::logged;
use super::words::caption;
use crate::example;
use crate::tests::{svg, texts};

#[test]
fn metrics_have_a_figure_after_the_bands() {
    let summary = example::summary(vec![logged("one", 20), example::config("plain", 20, 0.3, 5.0)]);
    assert_eq!(svg(&summary, "metrics-plain"), None);
    let [page, markdown] = texts(&summary, &[]);
    for (text, lead) in [(page, "figures/"), (markdown, "](figures/")] {
        let place = |figure: &str| text.find(&format!("{lead}{figure}.png")).unwrap();
        assert!(place("bands-one") < place("metrics-one") && place("metrics-one") < place("bands-plain"));
        assert!(text.contains("2 metrics, as the script logged them."));
    }
    let svg = svg(&summary, "metrics-one").unwrap();
    assert!(svg.contains("accuracy") && svg.contains("grad norm") && svg.contains("\n20 seeds\n"));
    let lines = svg
        .lines()
        .filter(|line| line.starts_with("<polyline") && line.contains("#B8D8E9"));
    assert_eq!(lines.count(), 40, "a line for each seed and metric");
}

#[test]
fn where_fewer_than_half_of_the_seeds_are_left_there_is_no_band() {
    let mut config = logged("one", 20);
    let whole = svg(&example::summary(vec![config.clone()]), "metrics-one").unwrap();
    for metric in &mut config.metrics {
        metric
            .band
            .ended
            .iter_mut()
            .for_each(|without| *without += u32::from(*without > 0));
    }
    let cut = svg(&example::summary(vec![config]), "metrics-one").unwrap();
    assert!(cut.len() < whole.len());
}

#[test]
fn of_many_metrics_the_first_are_drawn() {
    let mut config = logged("one", 20);
    let first = config.metrics[0].clone();
    config.metrics = (0..9)
        .map(|number| seedband_core::summary::MetricSummary {
            name: format!("m{number}"),
            ..first.clone()
        })
        .collect();
    let summary = example::summary(vec![config]);
    assert!(
        caption(&summary, &summary.configs[0])
            .starts_with("The first 6 metrics by name (the table `metrics` has all), as")
    );
    let svg = svg(&summary, "metrics-one").unwrap();
    assert!(svg.contains("\nm5\n") && !svg.contains("\nm6\n"));
}

#[test]
fn a_metric_of_single_points_is_seen_and_one_without_numbers_says_so() {
    let mut config = logged("one", 20);
    for metric in &mut config.metrics {
        let band = &mut metric.band;
        metric.steps.truncate(1);
        for values in [&mut band.median, &mut band.lower, &mut band.upper] {
            values.truncate(1);
        }
        band.ended.truncate(1);
        metric.seeds.iter_mut().for_each(|(_, values)| values.truncate(1));
    }
    config.metrics[0].band.median[0] = f64::INFINITY;
    let svg = svg(&example::summary(vec![config]), "metrics-one").unwrap();
    // Of either metric the 20 values of seeds; of the second the median too.
    assert_eq!(svg.matches("<circle").count(), 2 * 20 + 1);
    assert_eq!(
        svg.matches("nowhere a finite median of half of the seeds or more")
            .count(),
        1
    );
}
