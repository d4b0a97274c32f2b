//! How often what is said of new seeds is true: simulated studies of known distributions.

use super::suggestion;
use crate::stats::{SeedRange, holds};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

const CONFIDENCE: f64 = 0.95;
const STUDIES: u32 = 400;
/// Seeds behind a true share: it is known to 0.01.
const POPULATION: usize = 4000;

/// Draws the range of one seed: log10 of min LR and max LR, or none.
type Draw = fn(&mut ChaCha8Rng) -> Option<(f64, f64)>;

/// Evenly spread from 0 to 1, both left out.
fn even(random: &mut ChaCha8Rng) -> f64 {
    (f64::from(random.next_u32()) + 0.5) / (f64::from(u32::MAX) + 1.0)
}

/// Standard normal, by the method of Box and Muller.
fn normal(random: &mut ChaCha8Rng) -> f64 {
    (-2.0 * even(random).ln()).sqrt() * (std::f64::consts::TAU * even(random)).cos()
}

/// Student's t with two degrees of freedom: tails so heavy that there is no variance.
fn heavy(random: &mut ChaCha8Rng) -> f64 {
    normal(random) / (-even(random).ln()).sqrt()
}

/// Two groups 1.2 decades apart, the higher with this share.
fn groups(random: &mut ChaCha8Rng, share: f64) -> Option<(f64, f64)> {
    let group = if even(random) < share { 1.2 } else { 0.0 };
    Some((group + 0.1 * normal(random), group + 0.8 + 0.1 * normal(random)))
}

const CASES: [(&str, Draw); 9] = [
    ("lognormal, wide", |r| Some((0.3 * normal(r), 1.0 + 0.3 * normal(r)))),
    ("lognormal, scattered", |r| Some((0.5 * normal(r), 1.0 + 0.5 * normal(r)))),
    ("lognormal, hardly a range", |r| Some((0.5 * normal(r), 0.5 + 0.5 * normal(r)))),
    ("heavy tails", |r| Some((0.2 * heavy(r), 1.0 + 0.2 * heavy(r)))),
    ("heavy tails, scattered", |r| Some((0.3 * heavy(r), 0.7 + 0.3 * heavy(r)))),
    ("groups 51/49", |r| groups(r, 0.49)),
    ("groups 70/30", |r| groups(r, 0.3)),
    ("cut off at the schedule's end", |r| {
        Some((0.4 * normal(r), (1.0 + 0.4 * normal(r)).min(0.8)))
    }),
    ("a quarter without a range", |r| {
        let range = (0.3 * normal(r), 1.0 + 0.3 * normal(r));
        (even(r) > 0.25).then_some(range)
    }),
];

fn ranges(draw: Draw, n: usize, random: &mut ChaCha8Rng) -> Vec<SeedRange> {
    let range = |(min, max): (f64, f64)| (min <= max).then(|| (10_f64.powf(min), 10_f64.powf(max)));
    (0..n).map(|_| draw(random).and_then(range)).collect()
}

/// What many studies of `n` seeds said of new seeds, beside what is true.
#[derive(Default)]
struct Said {
    /// Studies with a rate.
    rates: u32,
    /// Of these, whose interval holds the true share.
    covered: u32,
    /// Studies that call their rate one to use, and of these whose true share is no less than the lower limit.
    use_it: u32,
    use_it_truly: u32,
    /// Sum of expected minus true share.
    bias: f64,
    /// Sum of support, as a share, minus true share.
    support_bias: f64,
    /// Studies with a range, whose interval holds the true share of seeds that support it whole.
    with_range: u32,
    range_covered: u32,
}

fn simulate(draw: Draw, n: usize) -> Said {
    let mut random = ChaCha8Rng::seed_from_u64(n as u64);
    let population = ranges(draw, POPULATION, &mut random);
    let share = |holds: &dyn Fn(&SeedRange) -> bool| {
        population.iter().filter(|range| holds(range)).count() as f64 / POPULATION as f64
    };
    let mut said = Said::default();
    for _ in 0..STUDIES {
        let found = suggestion(&ranges(draw, n, &mut random), None, CONFIDENCE);
        let (Some(lr), Some(held_out)) = (found.lr, found.held_out) else {
            continue;
        };
        let truth = share(&|range| holds(range, lr));
        let interval = held_out.interval;
        said.rates += 1;
        said.covered += u32::from(interval.lower <= truth && truth <= interval.upper);
        said.bias += held_out.expected - truth;
        said.support_bias += f64::from(found.support) / n as f64 - truth;
        if interval.lower >= 0.5 {
            said.use_it += 1;
            said.use_it_truly += u32::from(truth >= interval.lower);
        }
        if let Some((range, held_out)) = found.range.and_then(|range| Some((range, range.range_held_out?))) {
            let truth = share(&|own| holds(own, range.min_lr) && holds(own, range.max_lr));
            let interval = held_out.interval;
            said.with_range += 1;
            said.range_covered += u32::from(interval.lower <= truth && truth <= interval.upper);
        }
    }
    said
}

/// The true share lies in its interval as often as the interval says. Of 400 studies at 95 % fewer than 367 in a case
/// would be 3 standard errors too few.
#[test]
fn the_interval_of_a_share_covers_it() {
    for (name, draw) in CASES {
        for n in [6, 10, 20, 40] {
            let said = simulate(draw, n);
            let at_least = |of: u32| f64::from(of) * CONFIDENCE - 3.0 * (f64::from(of) * CONFIDENCE * 0.05).sqrt();
            let (covered, all) = (said.covered, said.rates);
            assert!(f64::from(covered) >= at_least(all), "{name}, {n} seeds: {covered} of {all}");
            let (covered, all) = (said.range_covered, said.with_range);
            assert!(f64::from(covered) >= at_least(all), "{name}, {n} seeds, range: {covered} of {all}");
            let bias = said.bias / f64::from(said.rates);
            assert!(bias.abs() < 0.04, "{name}, {n} seeds: the share left out is off by {bias}");
        }
    }
}

/// Counted in the sample that chose the rate, support is too large where ranges overlap little; left out, it is not.
#[test]
fn support_alone_would_overstate() {
    let (_, scattered) = CASES[1];
    let said = simulate(scattered, 10);
    let (support, left_out) = (said.support_bias / f64::from(said.rates), said.bias / f64::from(said.rates));
    assert!(support > 0.08 && left_out.abs() < 0.02, "{support} {left_out}");
}

/// Where a rate is good for more than half of the new seeds, `use` is said of it, and of those studies that say so the
/// true share is at least what they say it is, as often as they say.
#[test]
fn use_is_said_of_rates_that_hold() {
    let mut all = Said::default();
    for (_, draw) in CASES {
        for n in [10, 20, 40] {
            let said = simulate(draw, n);
            all.use_it += said.use_it;
            all.use_it_truly += said.use_it_truly;
        }
    }
    let share = f64::from(all.use_it_truly) / f64::from(all.use_it);
    assert!(all.use_it > 2000 && share >= CONFIDENCE, "{share} of {}", all.use_it);
}
