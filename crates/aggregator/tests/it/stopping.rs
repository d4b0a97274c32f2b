//! The rule by which a study stops adding seeds, on made-up seeds: how often the interval it stops with holds the true
//! median.

use seedband_aggregator::median_sequence;
use seedband_core::seeds::{Purpose, Stream};
use seedband_core::study::SeedList;

const STUDIES: u32 = 4000;

/// Draws log10(max LR) of a seed.
type Draw<'a> = &'a mut dyn FnMut() -> f64;

/// How a study ended.
struct Ended {
    seeds: usize,
    /// Whether the rule ended it, rather than the cap.
    by_rule: bool,
    /// Whether the last interval holds the true median.
    held: bool,
}

/// Adds seeds until the rule stops. What is `end` or more is known to be at least that, and no interval that reaches it
/// is narrow.
fn study(rule: &str, draw: Draw, truth: f64, end: f64) -> Ended {
    let mut list: SeedList = rule.parse().unwrap();
    let asked = list.until().unwrap().decades;
    let mut highs: Vec<f64> = Vec::new();
    loop {
        highs.resize_with(list.seeds().len(), || draw().min(end));
        let mut sorted = highs.clone();
        sorted.sort_by(f64::total_cmp);
        let interval = median_sequence(&sorted, 0.95).unwrap();
        let is_bound = interval.upper >= end;
        let by_rule = !is_bound && interval.upper - interval.lower < asked;
        if by_rule || !list.grow() {
            return Ended {
                seeds: highs.len(),
                by_rule,
                held: interval.lower <= truth && (truth <= interval.upper || is_bound),
            };
        }
    }
}

/// What many studies came to.
struct Said {
    /// Share whose last interval holds the median.
    held: f64,
    /// Studies that the rule ended, and the share of them whose interval holds the median.
    by_rule: u32,
    held_by_rule: f64,
    /// Mean number of seeds.
    seeds: f64,
}

fn simulate(rule: &str, draw: Draw, truth: f64, end: f64) -> Said {
    let studies: Vec<Ended> = (0..STUDIES).map(|_| study(rule, draw, truth, end)).collect();
    let count = |is: fn(&Ended) -> bool| studies.iter().filter(|study| is(study)).count() as u32;
    let by_rule = count(|study| study.by_rule);
    Said {
        held: f64::from(count(|study| study.held)) / f64::from(STUDIES),
        by_rule,
        held_by_rule: f64::from(count(|study| study.held && study.by_rule)) / f64::from(by_rule.max(1)),
        seeds: studies.iter().map(|study| study.seeds as f64).sum::<f64>() / f64::from(STUDIES),
    }
}

/// The median lies in the last interval of at least 95 % of the studies, whatever the distribution and whatever made
/// them stop: between 98.8 and 100 % here, since a study looks at every fifth number of seeds alone and not for ever. Of
/// studies that the rule ended the same holds wherever it ends more than a few.
#[test]
fn intervals_hold_in_studies_that_looked_again_and_again() {
    let mut stream = Stream::new(Purpose::SyntheticData, 7);
    let no_end = f64::INFINITY;
    for (rule, deviation, end) in [
        ("until 0.3", 0.35, no_end),
        ("until 0.5", 0.35, no_end),
        ("until 0.3", 0.6, no_end),
        ("until 0.5, at most 30", 1.0, no_end),
        // Cut off at the schedule's end in a third of the seeds, and in more than half of them.
        ("until 0.3", 0.35, 0.15),
        ("until 0.3", 0.35, -0.05),
    ] {
        let said = simulate(rule, &mut || deviation * stream.normal(), 0.0, end);
        assert!(
            said.held >= 0.98,
            "{rule}, {deviation}: {} with {} seeds",
            said.held,
            said.seeds
        );
        assert!(
            said.by_rule < 100 || said.held_by_rule >= 0.98,
            "{rule}, {deviation}: {}",
            said.held_by_rule
        );
        assert!(
            end > 0.0 || f64::from(said.by_rule) < 0.05 * f64::from(STUDIES),
            "an end below the median is seldom settled, and each time wrongly: {}",
            said.by_rule
        );
    }
    // Student's t with two degrees of freedom: a normal value over the root of an exponential one.
    let mut heavy = Stream::new(Purpose::SyntheticData, 8);
    let mut draw = || 0.3 * heavy.normal() / (-(1.0 - heavy.unit_f64()).ln()).sqrt();
    let said = simulate("until 0.3", &mut draw, 0.0, no_end);
    assert!(
        said.held >= 0.98 && said.held_by_rule >= 0.98 && said.by_rule > 2000,
        "{}",
        said.held
    );
    // Two of ten seeds suggest next to nothing: the median is the 37.5 % quantile of the others, 0.3186 of their
    // deviation below their middle.
    let mut draw = || {
        let shift = if heavy.unit_f32() < 0.2 { -20.0 } else { 0.0 };
        shift + 0.35 * heavy.normal()
    };
    let said = simulate("until 0.3", &mut draw, -0.35 * 0.318_639_363_964_375, no_end);
    assert!(said.held >= 0.98 && said.held_by_rule >= 0.98, "{}", said.held);
}

/// Two groups of 51 and 49 % far apart: an interval is narrow only where it lies in one of them, by chance in the wrong
/// one as well. With the intervals of a fixed number of seeds 18 of 100 studies would stop by the rule, and of those one in
/// five would hold; here one or two of 100 stop, so that all studies together hold as often as they say.
#[test]
fn two_groups_of_nearly_equal_size_seldom_settle() {
    let mut stream = Stream::new(Purpose::SyntheticData, 9);
    let mut draw = || {
        let group = if stream.unit_f64() < 0.49 { 1.2 } else { 0.0 };
        group + 0.1 * stream.normal()
    };
    // The quantile 0.5 / 0.51 of the lower group.
    let said = simulate("until 0.3", &mut draw, 0.1 * 2.062, f64::INFINITY);
    assert!(said.held >= 0.98, "{}", said.held);
    assert!(f64::from(said.by_rule) < 0.05 * f64::from(STUDIES), "{}", said.by_rule);
}

/// A narrower interval takes more seeds, by the square of the width.
#[test]
fn what_is_asked_for_decides_how_many_seeds_run() {
    let mut stream = Stream::new(Purpose::SyntheticData, 9);
    let mut seeds = |rule: &str| simulate(rule, &mut || 0.5 * stream.normal(), 0.0, f64::INFINITY).seeds;
    let (wide, narrow) = (seeds("until 0.6, at most 1000"), seeds("until 0.3, at most 1000"));
    assert!((2.5..5.0).contains(&(narrow / wide)), "{wide} and {narrow}");
    assert!(seeds("until 0.01, at most 40") > 39.99, "the cap ends it");
}
