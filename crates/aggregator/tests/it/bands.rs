//! Bands of losses, with every number worked out by hand.

#![expect(clippy::float_cmp, reason = "values are meant to be exact")]

use crate::study::study;
use crate::support::{recipe, summarized};
use seedband_core::settings::EarlyEnd;

const INF: f64 = f64::INFINITY;

#[test]
fn bands_by_hand() {
    let root = tempfile::tempdir().unwrap();
    let summary = summarized(&study(root.path()));
    let config = &summary.configs[0];
    assert_eq!(config.lrs, recipe().schedule.recorded());
    // Quantiles of four values lie 3/4 of the way from the first to the second and 1/4 from the third to the fourth. At
    // step 3 the values are 0.5, 1.5, 1.5 and infinity, at step 4 twice 3 and twice infinity, at step 5 one is finite.
    let smoothed = &config.smoothed;
    assert_eq!((smoothed.n, &smoothed.ended[..]), (4, &[0, 0, 0, 0, 2, 3][..]));
    assert_eq!(smoothed.lower, [3.0, 2.5, 1.0, 1.25, 3.0, INF]);
    assert_eq!(smoothed.median, [3.0, 2.5, 1.0, 1.5, INF, INF]);
    assert_eq!(smoothed.upper, [3.0, 2.5, 1.25, INF, INF, INF]);
    // Raw losses know no stop: seed 1 has 9 at step 5.
    let raw = &config.raw;
    assert_eq!((raw.n, &raw.ended[..]), (4, &[0, 0, 0, 0, 2, 2][..]));
    assert_eq!(raw.lower[5], 3.5 + 0.75 * 5.5);
    assert_eq!(raw.median[5], INF);
}

#[test]
fn padding_keeps_the_last_value_even_nan() {
    let root = tempfile::tempdir().unwrap();
    let mut input = study(root.path());
    input.statistics.early_end = EarlyEnd::PadLast;
    let with_nan = summarized(&input);
    assert!(
        with_nan.configs[0].smoothed.median[3..]
            .iter()
            .all(|loss| loss.is_nan())
    );
    input.configs[0].seeds.retain(|seed| *seed != 2);
    let config = &summarized(&input).configs[0];
    // At the last step: 3.5; 3 at its stop (raw: 9); 1.5.
    assert_eq!((config.smoothed.median[5], config.raw.median[5]), (3.0, 3.5));
    assert_eq!((config.smoothed.lower[5], config.smoothed.upper[5]), (2.25, 3.25));
}
