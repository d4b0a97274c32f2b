//! What holds for any policy, peak, floor and length.

use super::*;
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

fn share() -> impl Strategy<Value = f64> {
    prop_oneof![8 => 0.0..1.0, 1 => Just(0.0), 1 => Just(1.0)]
}

/// Any number of options, whether or not the kind reads them.
fn any_policy() -> impl Strategy<Value = Policy> {
    let kinds = &[
        PolicyKind::Constant,
        PolicyKind::Step,
        PolicyKind::Cosine,
        PolicyKind::Triangular,
        PolicyKind::Triangular2,
        PolicyKind::ExpRange,
        PolicyKind::OneCycle,
        PolicyKind::WarmRestarts,
    ];
    let divisor = || of(prop_oneof![4 => 1.0..1e5, 1 => Just(1.0), 1 => Just(f64::MAX), 1 => any::<f64>()]);
    let cycles = of(prop_oneof![4 => 1_u32..12, 1 => 1_u32..=1000, 1 => Just(0), 1 => Just(1001)]);
    let growth = of(
        prop_oneof![4 => 1.0..4.0, 1 => Just(1.0), 1 => Just(100.0), 1 => Just(1.0 + f64::EPSILON), 1 => any::<f64>()],
    );
    let anneal = of(proptest::sample::select(&[Anneal::Cosine, Anneal::Linear][..]));
    let momentum = of((share(), share()).prop_map(|(low, high)| [low, high]));
    (
        proptest::sample::select(&kinds[..]),
        of(vec(share(), 0..4)),
        of(prop_oneof![4 => share(), 1 => any::<f64>()]),
        (cycles, growth),
        of(share()),
        (divisor(), divisor()),
        (anneal, momentum),
        (of(share()), of(share())),
    )
        .prop_map(
            |(kind, milestones, gamma, cycling, rise, divisors, (anneal, momentum), warmup)| Policy {
                kind,
                milestones,
                gamma,
                cycles: cycling.0,
                growth: cycling.1,
                rise,
                start_divisor: divisors.0,
                end_divisor: divisors.1,
                anneal,
                momentum,
                warmup: warmup.0,
                warmup_start: warmup.1,
            },
        )
}

/// Policies that can be used: what the kind does not read is left out, and what is out of range is too.
fn policy() -> impl Strategy<Value = Policy> {
    any_policy().prop_map(|mut policy| {
        if let Some(milestones) = &mut policy.milestones {
            milestones.sort_by(f64::total_cmp);
        }
        while let Err(invalid) = policy.validate() {
            match invalid.key.as_str() {
                "milestones" if policy.milestones.is_none() => policy.warmup = None,
                "milestones" => policy.milestones = None,
                "gamma" => policy.gamma = None,
                "cycles" => policy.cycles = None,
                "growth" => policy.growth = None,
                "rise" => policy.rise = None,
                "start-divisor" => policy.start_divisor = None,
                "end-divisor" => policy.end_divisor = None,
                "anneal" => policy.anneal = None,
                "momentum" => policy.momentum = None,
                "warmup" => policy.warmup = None,
                "warmup-start" => policy.warmup_start = None,
                key => unreachable!("{key}"),
            }
        }
        policy
    })
}

fn peak() -> impl Strategy<Value = f64> {
    prop_oneof![6 => 1e-6..10.0, 1 => Just(f64::MAX), 1 => Just(f64::MIN_POSITIVE), 1 => Just(5e-324)]
}

proptest! {
    #[test]
    fn rates_are_as_many_as_steps_and_up_to_the_peak(
        policy in policy(),
        peak in peak(),
        part in of(share()),
        steps in 1_u32..300,
    ) {
        let rates = policy.rates(peak, part.map(|part| part * peak), steps);
        prop_assert_eq!(rates.len(), steps as usize);
        for rate in rates {
            prop_assert!(rate.is_finite() && rate >= 0.0 && rate / peak <= 1.0 + 1e-12, "{} of {}", rate, peak);
        }
    }

    /// `floor` holds from the end of the warm-up on.
    #[test]
    fn rates_do_not_fall_below_the_floor(mut policy in policy(), floor in 0.0..1.0, steps in 1_u32..300) {
        policy.warmup = None;
        policy.warmup_start = None;
        if policy.uses_floor() {
            let rates = policy.rates(1.0, Some(floor), steps);
            prop_assert!(rates.iter().all(|rate| *rate >= floor * (1.0 - 1e-12)), "{:?}", rates);
        }
    }

    /// Kinds that begin at the peak have it; a triangular cycle's top is at most half a step away from a step.
    #[test]
    fn the_highest_rate_is_the_peak(policy in policy(), floor in 0.0..1.0, steps in 1_u32..300) {
        let highest = policy.rates(1.0, Some(floor), steps).into_iter().fold(0.0, f64::max);
        let warmed_up = (policy.warmup.unwrap_or_default() * f64::from(steps)).round();
        let left = (f64::from(steps) - warmed_up).max(1.0);
        let lacking = match policy.kind {
            PolicyKind::ExpRange | PolicyKind::OneCycle => return Ok(()),
            PolicyKind::Triangular | PolicyKind::Triangular2 => {
                (1.0 - floor) * f64::from(policy.explicit().cycles.unwrap_or_default()) / left
            }
            _ => 0.0,
        };
        prop_assert!(highest >= 1.0 - lacking - 1e-12, "{} lacks more than {}", highest, lacking);
    }

    #[test]
    fn momenta_stay_between_their_ends(policy in policy(), steps in 1_u32..300) {
        let momenta = policy.momenta(steps);
        prop_assert_eq!(momenta.is_some(), policy.momentum.is_some());
        if let (Some(momenta), Some([low, high])) = (momenta, policy.momentum) {
            prop_assert_eq!(momenta.len(), steps as usize);
            for momentum in momenta {
                prop_assert!(momentum >= low - 1e-12 && momentum <= high + 1e-12, "{}", momentum);
            }
        }
    }

    #[test]
    fn defaults_written_out_change_nothing(policy in policy(), steps in 1_u32..100) {
        let explicit = policy.explicit();
        prop_assert_eq!(explicit.validate(), Ok(()));
        prop_assert_eq!(&explicit.explicit(), &explicit);
        prop_assert_eq!(explicit.rates(1.0, None, steps), policy.rates(1.0, None, steps));
        prop_assert_eq!(explicit.momenta(steps), policy.momenta(steps));
        let text = toml::to_string(&policy).expect("it can be written");
        prop_assert_eq!(toml::from_str::<Policy>(&text).expect("it can be read"), policy);
    }

    /// Nothing panics before a policy is checked either.
    #[test]
    fn what_cannot_be_used_does_not_panic(policy in any_policy(), peak in any::<f64>(), steps in 0_u32..50) {
        let _ = policy.validate();
        prop_assert_eq!(policy.rates(peak, None, steps).len(), steps as usize);
        let _ = policy.momenta(steps);
    }
}
