//! The rule by which a study stops adding seeds, on made-up seeds: how often the interval it stops with holds the true
//! median.

use seedband_aggregator::median_ci;
use seedband_core::seeds::{Purpose, Stream};
use seedband_core::study::SeedList;

/// Adds seeds whose log10(high) is drawn by `draw` until the rule stops; the number of seeds, and whether the last
/// interval holds `truth`.
fn study(rule: &str, draw: &mut impl FnMut() -> f64, truth: f64) -> (usize, bool) {
    let mut list: SeedList = rule.parse().unwrap();
    let asked = list.until().unwrap().decades;
    let mut highs: Vec<f64> = Vec::new();
    loop {
        highs.resize_with(list.seeds().len(), &mut *draw);
        let mut sorted = highs.clone();
        sorted.sort_by(f64::total_cmp);
        let interval = median_ci(&sorted, 0.95).unwrap();
        if interval.upper - interval.lower < asked || !list.grow() {
            return (highs.len(), (interval.lower..=interval.upper).contains(&truth));
        }
    }
}

/// Share of 4000 studies whose last interval holds the median, and their mean number of seeds.
fn coverage(rule: &str, draw: &mut impl FnMut() -> f64, truth: f64) -> (f64, f64) {
    let studies: Vec<(usize, bool)> = (0..4000).map(|_| study(rule, draw, truth)).collect();
    let share = studies.iter().filter(|(_, held)| *held).count() as f64 / 4000.0;
    (
        share,
        studies.iter().map(|(seeds, _)| *seeds as f64).sum::<f64>() / 4000.0,
    )
}

/// Looking again and again, and stopping when the interval happens to be narrow, costs confidence: 95 % asked for come
/// to 90 % and more (93 to 96 % here). The standard error of a share near 0.93 is 0.004.
#[test]
fn stopping_early_costs_a_few_percent_of_confidence() {
    let mut stream = Stream::new(Purpose::SyntheticData, 7);
    for (rule, deviation) in [
        ("until 0.3", 0.35),
        ("until 0.5", 0.35),
        ("until 0.3", 0.6),
        ("until 0.5, at most 30", 1.0),
    ] {
        let (share, seeds) = coverage(rule, &mut || deviation * stream.normal(), 0.0);
        assert!(
            (0.90..0.985).contains(&share),
            "{rule}, {deviation}: {share} with {seeds} seeds"
        );
    }
    // Two of ten seeds suggest next to nothing: the median is the 37.5 % quantile of the others, 0.3186 of their
    // deviation below their middle.
    let mut heavy = Stream::new(Purpose::SyntheticData, 8);
    let mut draw = || {
        let shift = if heavy.unit_f32() < 0.2 { -20.0 } else { 0.0 };
        shift + 0.35 * heavy.normal()
    };
    let (share, seeds) = coverage("until 0.3", &mut draw, -0.35 * 0.318_639_363_964_375);
    assert!((0.90..0.985).contains(&share), "{share} with {seeds} seeds");
}

/// A narrower interval takes more seeds, by the square of the width.
#[test]
fn what_is_asked_for_decides_how_many_seeds_run() {
    let mut stream = Stream::new(Purpose::SyntheticData, 9);
    let mut seeds = |rule: &str| coverage(rule, &mut || 0.5 * stream.normal(), 0.0).1;
    let (wide, narrow) = (seeds("until 0.6, at most 1000"), seeds("until 0.3, at most 1000"));
    assert!((2.5..5.0).contains(&(narrow / wide)), "{wide} and {narrow}");
    assert!(seeds("until 0.01, at most 40") > 39.99, "the cap ends it");
}
