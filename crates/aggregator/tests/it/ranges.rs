//! Ranges of a study, with every number worked out by hand.

use crate::study::study;
use crate::support::{config, curve, input, recipe, summarized, write_curve};
use seedband_core::files::curve::End;
use seedband_core::range_test::Pairing;
use seedband_core::trial::Trial;

#[test]
fn ranges_by_hand() {
    let root = tempfile::tempdir().unwrap();
    let summary = summarized(&study(root.path()));
    let config = &summary.configs[0];
    let lr = &config.lrs;
    let by_seed: Vec<_> = config
        .seeds
        .iter()
        .map(|seed| (seed.seed, seed.min_lr.lr(), seed.max_lr.lr(), seed.stop_step))
        .collect();
    let row = |seed, low: usize, high: usize, stop| (seed, Some(lr[low]), Some(lr[high]), stop);
    assert_eq!(
        by_seed,
        [
            row(0, 1, 2, None),
            row(1, 2, 3, Some(4)),
            row(2, 2, 2, Some(3)),
            row(3, 1, 2, None)
        ]
    );
    assert_eq!(config.seeds[1].smoothed, [3.0, 2.5, 2.0, 0.5, 3.0]);
    assert_eq!(
        (config.seeds[1].least_lr, config.seeds[2].least_lr),
        (Some(lr[3]), Some(lr[2]))
    );

    let low = config.min_lr.estimate.unwrap();
    assert_eq!(
        (config.min_lr.n, low.lower, low.upper, low.interval),
        (4, lr[1], lr[2], None)
    );
    // The grid itself is rounded: a few units in the last place.
    let near = |value: f64, expected: f64| (value / expected - 1.0).abs() < 1e-14;
    assert!(near(low.median, 10_f64.powf(-2.5)) && near(low.decades, 1.0), "{low:?}");
    let high = config.max_lr.estimate.unwrap();
    assert_eq!((high.lower, high.median), (lr[2], lr[2]));
    assert!(near(high.upper, 10_f64.powf(-1.75)), "{high:?}");

    // All four ranges share the third rate alone. Without seed 2 the others share it alone too, so that all hold it.
    let suggestion = config.answer.as_ref().unwrap().suggestion;
    assert_eq!(
        (suggestion.lr, suggestion.support, suggestion.seeds),
        (Some(lr[2]), 4, 4)
    );
    let range = suggestion.range.unwrap();
    assert_eq!((range.min_lr, range.max_lr, range.range_support), (lr[2], lr[2], 4));
    assert_eq!(suggestion.held_out.map(|found| (found.held, found.left_out)), Some((4, 4)));
    let decades: Vec<_> = config
        .decades
        .iter()
        .map(|decade| (decade.exponent, decade.seeds))
        .collect();
    assert_eq!(decades, [(-2, 3), (-1, 1)]);
}

/// The least loss is at step 3. Filed as recorded it stands beside 0.1; the optimizer had 0.01 there.
#[test]
fn losses_are_filed_as_recorded_or_as_used() {
    let root = tempfile::tempdir().unwrap();
    let mut lagging = recipe();
    lagging.schedule.lag = 1;
    let filed = |pairing| {
        let mut config = config("a", lagging.clone(), 1);
        config.analysis.pairing = pairing;
        input(root.path(), vec![config])
    };
    let trial = Trial::new("a", 0, &lagging);
    let losses = [3.0, 2.5, 2.0, 1.0, 1.5, 2.0];
    write_curve(&input(root.path(), Vec::new()), &trial, &curve(&losses, End::Completed));
    let config = |pairing| summarized(&filed(pairing)).configs.remove(0);
    let (recorded, used) = (config(Pairing::Recorded), config(Pairing::Used));
    assert_eq!(
        (recorded.pairing, used.pairing),
        (Some(Pairing::Recorded), Some(Pairing::Used))
    );
    assert_eq!(recorded.lrs[1..5], used.lrs[2..]);
    assert_eq!((used.lrs[0], used.lrs[1]), (recorded.lrs[0], recorded.lrs[0]));
    assert_eq!(recorded.seeds[0].max_lr.lr(), Some(recorded.lrs[3]));
    assert_eq!(used.seeds[0].max_lr.lr(), Some(recorded.lrs[2]));
    assert_eq!(recorded.seeds[0].smoothed, used.seeds[0].smoothed);
}
