//! Tables that can be checked by hand, and settings that cannot be used.

use super::*;

fn of(text: &str) -> Policy {
    let policy: Policy = toml::from_str(text).expect("it can be read");
    assert_eq!(policy.validate(), Ok(()), "{text}");
    policy
}

fn rates(text: &str, peak: f64, floor: Option<f64>, steps: u32) -> Vec<f64> {
    of(text).rates(peak, floor, steps)
}

/// Equal but for a few roundings; zeros are exact.
fn assert_close(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len(), "{found:?} is not {expected:?}");
    for (one, other) in found.iter().zip(expected) {
        let distance = (one - other).abs();
        assert!(
            distance <= 4.0 * f64::EPSILON * other.abs(),
            "{found:?} is not {expected:?}"
        );
    }
}

#[test]
fn the_default_is_the_peak_throughout() {
    assert_eq!(Policy::default().rates(0.5, None, 3), [0.5; 3]);
    assert_eq!(Policy::default().rates(0.5, Some(0.1), 2), [0.5; 2]);
    assert_eq!(Policy::default().momenta(3), None);
    assert!(Policy::default().rates(0.5, None, 0).is_empty());
}

#[test]
fn a_step_decays_at_the_nearest_step_halves_up() {
    let halving = "kind = \"step\"\ngamma = 0.5";
    assert_eq!(rates(halving, 8.0, None, 4), [8.0, 8.0, 4.0, 2.0]);
    // Half of 5 is 2.5, which is step 3; three quarters of 5 is 3.75, which is step 4.
    assert_eq!(rates(halving, 8.0, None, 5), [8.0, 8.0, 8.0, 4.0, 2.0]);
    // A quarter of 5 is 1.25, which is step 1, and the peak comes before it.
    let early = "kind = \"step\"\ngamma = 0.5\nmilestones = [0.05, 0.25]";
    assert_eq!(rates(early, 8.0, None, 5), [8.0, 2.0, 2.0, 2.0, 2.0]);
    assert_eq!(rates(early, 8.0, None, 1), [8.0]);
    // 0.29 * 50 is 14.499999999999998 in binary.
    let inexact = rates("kind = \"step\"\nmilestones = [0.29]", 1.0, None, 50);
    assert_eq!(inexact.iter().filter(|rate| **rate > 0.5).count(), 15);
}

/// He et al. 2015: 0.1, divided by 10 at 32k and 48k of 64k steps.
#[test]
fn a_step_is_that_of_the_residual_networks() {
    let found = rates("kind = \"step\"", 0.1, None, 64_000);
    let at = |step: usize| found[step];
    assert_close(&[at(0), at(31_999), at(32_000), at(47_999)], &[0.1, 0.1, 0.01, 0.01]);
    assert_close(&[at(48_000), at(63_999)], &[0.001, 0.001]);
}

/// Cosines of multiples of 60 degrees.
#[test]
fn a_cosine_comes_down_to_one_step_before_the_floor() {
    assert_close(&rates("kind = \"cosine\"", 1.0, None, 3), &[1.0, 0.75, 0.25]);
    assert_close(&rates("kind = \"cosine\"", 3.0, Some(1.0), 3), &[3.0, 2.5, 1.5]);
    assert_eq!(rates("kind = \"cosine\"", 1.0, None, 1), [1.0]);
}

#[test]
fn triangles_rise_from_the_floor_and_fall_back() {
    let two = "kind = \"triangular\"\ncycles = 2";
    assert_eq!(rates(two, 4.0, None, 8), [1.0, 2.5, 4.0, 2.5, 1.0, 2.5, 4.0, 2.5]);
    assert_eq!(rates(two, 1.0, Some(0.5), 4), [0.5, 1.0, 0.5, 1.0]);
    // The top of a cycle of 5 steps lies between two steps, 1/5 of the way from either.
    let one = "kind = \"triangular\"\ncycles = 1";
    assert_close(&rates(one, 5.0, Some(0.0), 5), &[0.0, 2.0, 4.0, 4.0, 2.0]);
    // More cycles than steps: each step is the start of one.
    assert_eq!(rates("kind = \"triangular\"", 4.0, None, 2), [1.0, 1.0]);
    assert_eq!(of("kind = \"triangular\"").explicit().cycles, Some(4));
}

#[test]
fn amplitudes_shrink_by_cycle_or_by_step() {
    let halving = "kind = \"triangular2\"\ncycles = 3";
    assert_eq!(
        rates(halving, 5.0, Some(1.0), 12),
        [1.0, 3.0, 5.0, 3.0, 1.0, 2.0, 3.0, 2.0, 1.0, 1.5, 2.0, 1.5]
    );
    let shrinking = "kind = \"exp-range\"\ncycles = 2\ngamma = 0.5";
    assert_eq!(rates(shrinking, 65.0, Some(1.0), 4), [1.0, 33.0, 1.0, 9.0]);
}

#[test]
fn the_default_gamma_leaves_what_its_docs_say() {
    let gamma = of("kind = \"exp-range\"").explicit().gamma.expect("it is written out");
    assert!((gamma.powi(1000) - 0.94).abs() < 0.005);
    assert!((gamma.powi(10_000) - 0.55).abs() < 0.005);
}

#[test]
fn restarts_come_after_cycles_that_grow() {
    let restarts = |text: &str, steps| -> Vec<usize> {
        let found = rates(&format!("kind = \"warm-restarts\"\n{text}"), 1.0, None, steps);
        (0..found.len())
            .filter(|step| (found[*step] - 1.0).abs() < 1e-12)
            .collect()
    };
    // Cycles of 1, 2 and 4 sevenths.
    assert_eq!(restarts("", 70), [0, 10, 30]);
    // A seventh of 10 is 1.43, three sevenths are 4.29.
    assert_eq!(restarts("", 10), [0, 1, 4]);
    assert_eq!(restarts("growth = 1.0", 9), [0, 3, 6]);
    // Halves up: 2.5 and 7.5 of 10.
    assert_eq!(restarts("growth = 1.0\ncycles = 4", 10), [0, 3, 5, 8]);
    // (1.5^1 - 1) / (1.5^3 - 1) is 4/19, and (1.5^2 - 1) / (1.5^3 - 1) is 10/19.
    assert_eq!(restarts("growth = 1.5", 19), [0, 4, 10]);
    // Twenty doubling cycles in 4 steps: those that end at 0.5, 1 and 2 steps, to the nearest.
    assert_eq!(restarts("cycles = 20", 4), [0, 1, 2]);
    assert_eq!(restarts("cycles = 1000\ngrowth = 100.0", 1000), [0, 10]);
    assert_close(
        &rates("kind = \"warm-restarts\"\ncycles = 2\ngrowth = 1.0", 3.0, Some(1.0), 6),
        &[3.0, 2.5, 1.5, 3.0, 2.5, 1.5],
    );
}

#[test]
fn one_cycle_rises_and_falls_far_below_its_start() {
    // The top lies at step 0.3 * 10 - 1.
    let linear = "kind = \"one-cycle\"\nanneal = \"linear\"\nstart-divisor = 4.0\nend-divisor = 2.0";
    let found = rates(linear, 8.0, None, 10);
    assert_close(&found, &[2.0, 5.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0]);
    // Half of 4 steps rise; 1/3 and 2/3 of the way down.
    let cosine = "kind = \"one-cycle\"\nrise = 0.25\nstart-divisor = 2.0\nend-divisor = 1.0\nmomentum = [0.5, 0.75]";
    assert_close(&rates(cosine, 4.0, None, 4), &[4.0, 3.5, 2.5, 2.0]);
    let momenta = of(cosine).momenta(4).expect("it is cycled");
    assert_close(&momenta, &[0.5, 0.5625, 0.6875, 0.75]);
    let defaults = rates("kind = \"one-cycle\"", 1.0, None, 10);
    assert_close(&[defaults[0], defaults[2]], &[0.04, 1.0]);
    assert!((defaults[9] - 4e-6).abs() < f64::EPSILON);
}

#[test]
fn one_cycle_has_a_rate_in_the_shortest_trainings() {
    let linear = |rise: &str, steps| {
        let text =
            format!("kind = \"one-cycle\"\nanneal = \"linear\"\nstart-divisor = 2.0\nend-divisor = 2.0\nrise = {rise}");
        rates(&text, 8.0, None, steps)
    };
    assert_eq!(linear("0.3", 1), [2.0]);
    assert_eq!(linear("1.0", 1), [8.0]);
    assert_eq!(linear("1.0", 3), [4.0, 6.0, 8.0]);
    // The top lies one step before the first.
    assert_eq!(linear("0.0", 3), [6.0, 4.0, 2.0]);
    assert_eq!(linear("0.5", 2), [8.0, 2.0]);
}

#[test]
fn a_warm_up_rises_to_the_first_rate_of_the_policy() {
    assert_eq!(
        rates("warmup = 0.5\nwarmup-start = 0.0", 8.0, None, 8)[..5],
        [0.0, 2.0, 4.0, 6.0, 8.0]
    );
    assert_close(&rates("warmup = 0.5", 9.0, None, 4), &[3.0, 6.0, 9.0, 9.0]);
    // The cosine fills the three steps that are left.
    let cosine = "kind = \"cosine\"\nwarmup = 0.5\nwarmup-start = 0.25";
    assert_close(&rates(cosine, 4.0, None, 6), &[1.0, 2.0, 3.0, 4.0, 3.0, 1.0]);
    // Triangular cycles begin at their floor, and so the warm-up ends there.
    let cycle = "kind = \"triangular\"\ncycles = 1\nwarmup = 0.5\nwarmup-start = 0.5";
    assert_close(&rates(cycle, 4.0, Some(2.0), 4), &[1.0, 1.5, 2.0, 4.0]);
    // Milestones are shares of the whole training: step 6 of 8, whatever the warm-up.
    let step = "kind = \"step\"\ngamma = 0.5\nmilestones = [0.75]\nwarmup = 0.25\nwarmup-start = 0.5";
    assert_close(&rates(step, 8.0, None, 8), &[4.0, 6.0, 8.0, 8.0, 8.0, 8.0, 4.0, 4.0]);
    // Both the warm-up and the milestone are nearest to step 1; one step has the peak.
    let crowded = "kind = \"step\"\ngamma = 0.5\nmilestones = [0.3]\nwarmup = 0.25\nwarmup-start = 0.5";
    assert_close(&rates(crowded, 8.0, None, 4), &[4.0, 8.0, 4.0, 4.0]);
}

#[test]
fn a_warm_up_ends_at_the_nearest_step_and_leaves_one() {
    let zeros = |share: &str, steps| {
        let found = rates(&format!("warmup = {share}\nwarmup-start = 0.0"), 1.0, None, steps);
        found.iter().filter(|rate| **rate < 1.0).count()
    };
    assert_eq!(zeros("0.24", 10), 2);
    assert_eq!(zeros("0.25", 10), 3);
    assert_eq!(zeros("0.04", 10), 0);
    assert_eq!(zeros("0.99", 10), 9);
    assert_eq!(zeros("0.99", 1), 0);
}

#[test]
fn floors_belong_to_the_kinds_that_come_down_to_one() {
    let kinds = [
        ("constant", None),
        ("step", None),
        ("one-cycle", None),
        ("cosine", Some(0.0)),
        ("warm-restarts", Some(0.0)),
        ("triangular", Some(0.25)),
        ("triangular2", Some(0.25)),
        ("exp-range", Some(0.25)),
    ];
    for (kind, floor) in kinds {
        let policy = of(&format!("kind = \"{kind}\""));
        assert_eq!(policy.uses_floor(), floor.is_some(), "{kind}");
        assert_eq!(policy.rates(1.0, None, 50), policy.rates(1.0, floor, 50), "{kind}");
        let moved = policy.rates(1.0, None, 50) != policy.rates(1.0, Some(0.5), 50);
        assert_eq!(moved, policy.uses_floor(), "{kind}");
    }
}

#[test]
fn unusable_values_are_named() {
    let cases = [
        ("milestones = [0.5]", "milestones"),
        ("kind = \"step\"\nmilestones = []", "milestones"),
        ("kind = \"step\"\nmilestones = [0.5, 0.5]", "milestones"),
        ("kind = \"step\"\nmilestones = [0.0]", "milestones"),
        ("kind = \"step\"\nmilestones = [0.5, 1.0]", "milestones"),
        ("kind = \"step\"\nmilestones = [nan]", "milestones"),
        ("kind = \"step\"\nmilestones = [0.1, 0.5]\nwarmup = 0.1", "milestones"),
        ("kind = \"step\"\nwarmup = 0.6", "milestones"),
        ("kind = \"cosine\"\ngamma = 0.1", "gamma"),
        ("kind = \"step\"\ngamma = 0.0", "gamma"),
        ("kind = \"exp-range\"\ngamma = 1.1", "gamma"),
        ("kind = \"cosine\"\ncycles = 2", "cycles"),
        ("kind = \"triangular\"\ncycles = 0", "cycles"),
        ("kind = \"warm-restarts\"\ncycles = 1001", "cycles"),
        ("kind = \"triangular\"\ngrowth = 2.0", "growth"),
        ("kind = \"warm-restarts\"\ngrowth = 0.5", "growth"),
        ("kind = \"warm-restarts\"\ngrowth = inf", "growth"),
        ("kind = \"step\"\nrise = 0.3", "rise"),
        ("kind = \"one-cycle\"\nrise = 1.5", "rise"),
        ("start-divisor = 25.0", "start-divisor"),
        ("kind = \"one-cycle\"\nstart-divisor = 0.5", "start-divisor"),
        ("end-divisor = 25.0", "end-divisor"),
        ("kind = \"one-cycle\"\nend-divisor = inf", "end-divisor"),
        ("anneal = \"linear\"", "anneal"),
        ("momentum = [0.85, 0.95]", "momentum"),
        ("kind = \"one-cycle\"\nmomentum = [0.95, 0.85]", "momentum"),
        ("kind = \"one-cycle\"\nmomentum = [0.85, 1.0]", "momentum"),
        ("kind = \"one-cycle\"\nmomentum = [-0.1, 0.9]", "momentum"),
        ("kind = \"one-cycle\"\nmomentum = [nan, 0.9]", "momentum"),
        ("kind = \"one-cycle\"\nwarmup = 0.1", "warmup"),
        ("warmup = 1.0", "warmup"),
        ("warmup = -0.1", "warmup"),
        ("warmup-start = 0.5", "warmup-start"),
        ("warmup = 0.0\nwarmup-start = 0.5", "warmup-start"),
        ("warmup = 0.1\nwarmup-start = 1.5", "warmup-start"),
        ("kind = \"one-cycle\"\nwarmup-start = 0.5", "warmup-start"),
    ];
    for (text, key) in cases {
        let policy: Policy = toml::from_str(text).expect("it can be read");
        assert_eq!(policy.validate().expect_err(text).key, key, "{text}");
    }
}

#[test]
fn an_option_of_other_kinds_is_an_error_that_names_them() {
    let policy: Policy = toml::from_str("kind = \"cosine\"\ngamma = 0.1").expect("it can be read");
    let message = policy.validate().expect_err("it has no gamma").to_string();
    assert_eq!(
        message,
        "`gamma = 0.1`: has no meaning with `kind = \"cosine\"`, only with `\"step\"`, `\"exp-range\"`; \
         for example `kind = \"step\"`"
    );
}

#[test]
fn defaults_written_out() {
    let explicit = |text: &str| toml::to_string(&of(text).explicit()).expect("it can be written");
    let warmed_up = format!("kind = \"constant\"\nwarmup = 0.1\nwarmup-start = {}\n", 1.0 / 3.0);
    assert_eq!(explicit("warmup = 0.1"), warmed_up);
    let cases = [
        ("constant", ""),
        ("step", "milestones = [0.5, 0.75]\ngamma = 0.1\n"),
        ("cosine", ""),
        ("triangular", "cycles = 4\n"),
        ("triangular2", "cycles = 4\n"),
        ("exp-range", "gamma = 0.99994\ncycles = 4\n"),
        ("warm-restarts", "cycles = 3\ngrowth = 2.0\n"),
    ];
    for (kind, options) in cases {
        let kind = format!("kind = \"{kind}\"\n");
        assert_eq!(explicit(&kind), format!("{kind}{options}warmup = 0.0\n"));
    }
    assert_eq!(
        explicit("kind = \"one-cycle\""),
        "kind = \"one-cycle\"\nrise = 0.3\nstart-divisor = 25.0\nend-divisor = 10000.0\nanneal = \"cosine\"\n"
    );
}

/// `floor + (peak - floor)` is more than the largest float by rounding alone; so is the rise of `one-cycle`.
#[test]
fn rounding_takes_no_rate_above_the_peak() {
    let floor = Some(f64::MAX / 2.02);
    assert_eq!(rates("kind = \"cosine\"", f64::MAX, floor, 1), [f64::MAX]);
    let triangle = "kind = \"triangular\"\ncycles = 1";
    assert_eq!(rates(triangle, f64::MAX, floor, 2)[1..], [f64::MAX]);
    let cycle = "kind = \"one-cycle\"\nanneal = \"linear\"\nstart-divisor = 2.02\nrise = 0.5";
    assert_eq!(rates(cycle, f64::MAX, None, 4)[1..2], [f64::MAX]);
}

#[test]
fn a_default_is_not_written_and_an_unknown_key_is_an_error() {
    let text = toml::to_string(&Policy::default()).expect("it can be written");
    assert_eq!(text, "kind = \"constant\"\n");
    assert_eq!(of(""), Policy::default());
    assert!(toml::from_str::<Policy>("decay = 0.1").is_err());
    assert!(toml::from_str::<Policy>("kind = \"exponential\"").is_err());
}

#[test]
fn figures_call_policies_by_different_names() {
    let kinds = [
        "constant",
        "step",
        "cosine",
        "triangular",
        "triangular2",
        "exp-range",
        "one-cycle",
        "warm-restarts",
    ];
    let mut names: Vec<_> = kinds.map(|kind| of(&format!("kind = \"{kind}\"")).name()).into();
    assert_eq!(names[1], "step decay");
    assert_eq!(names[6], "one cycle");
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), kinds.len());
}
